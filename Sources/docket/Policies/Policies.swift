internal import DocketCalls
internal import DocketClient
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

/// A policy that came into force, as people see it in lists.
struct PolicyEntry: Sendable {
    let version: UInt64
    let name: String
    let appliedAt: Timestamp
    let appliedBy: Party?
    let offset: UInt64
}

/// One thing that is wrong with a policy, as the server tells it.
struct PolicyFinding: Sendable {
    let path: String
    let rule: String
    let allowed: [String]
}

/// The policies of a desk.
struct Policies {
    /// Versions of a page: as many as the server gives.
    private static let pageLimit: UInt32 = 200

    private let client: DocketClient

    init(_ client: DocketClient) {
        self.client = client
    }

    /// A policy and its document.
    ///
    /// - Parameter version: Its version; 0 for the one in force.
    /// - Returns: What is known of it, and the document as it was applied.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    func get(
        version: UInt64 = 0
    ) async throws(DocketClientError) -> (entry: PolicyEntry, text: String) {
        let call = Docket_V1_GetPolicyCall.with { $0.version = version }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await PoliciesCaller(channel: channel).get(call, options: options)
        }
        return (PolicyEntry(reply.version), reply.text)
    }

    /// What is wrong with a document, and what keeps it from coming into force now.
    func check(_ text: String) async throws(DocketClientError) -> [PolicyFinding] {
        let call = Docket_V1_CheckPolicyCall.with { $0.text = text }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await PoliciesCaller(channel: channel).check(call, options: options)
        }
        return reply.problems.map {
            PolicyFinding(path: $0.path, rule: $0.rule, allowed: $0.allowed)
        }
    }

    /// Puts a policy into force in the place of a version, and gives its own and its place in the
    /// order of everything.
    ///
    /// - Throws: A `versionConflict` where another version is in force, among others.
    func apply(
        _ text: String,
        over version: UInt64
    ) async throws(DocketClientError) -> (version: UInt64, offset: UInt64) {
        let call = Docket_V1_ApplyPolicyCall.with {
            $0.header.commandID = Data(RequestID().bytes)
            $0.header.expectedVersion = version
            $0.text = text
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await PoliciesCaller(channel: channel).apply(call, options: options)
        }
        return (reply.version, reply.offset)
    }

    /// The newest versions, the newest first.
    func history(limit: Int) async throws(DocketClientError) -> [PolicyEntry] {
        var entries: [PolicyEntry] = []
        var call = Docket_V1_PolicyHistoryCall()
        repeat {
            call.limit = min(UInt32(clamping: limit - entries.count), Self.pageLimit)
            let asked = call
            let reply = try await client.call { (channel, options) async throws(RPCError) in
                try await PoliciesCaller(channel: channel).history(asked, options: options)
            }
            entries += reply.versions.map(PolicyEntry.init)
            call.page = reply.nextPage
        } while !call.page.isEmpty && entries.count < limit
        return entries
    }
}

extension PolicyEntry {
    fileprivate init(_ version: Docket_V1_PolicyVersion) {
        self.init(
            version: version.version,
            name: version.name,
            appliedAt: Timestamp(millisecondsSinceEpoch: version.appliedMilliseconds),
            appliedBy: version.hasAppliedBy ? Party(version.appliedBy) : nil,
            offset: version.offset
        )
    }
}
