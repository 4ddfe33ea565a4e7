internal import DocketCalls
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

/// The rules of the desk.
///
/// Each policy that came into force has a version; none is ever changed. Agents read them,
/// supervisors check new ones, and administrators put them into force.
public struct Policies: Sendable {
    let client: DocketClient

    /// Gives a policy with its document.
    ///
    /// For agents.
    ///
    /// - Parameter version: Its version; nil for the one in force.
    /// - Returns: The policy.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func get(
        _ version: UInt64? = nil
    ) async throws(DocketClientError) -> AppliedPolicy {
        let call = Docket_V1_GetPolicyCall.with { $0.version = version ?? 0 }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await PoliciesCaller(channel: channel).get(call, options: options)
        }
        return AppliedPolicy(version: PolicyVersion(reply.version), text: reply.text)
    }

    /// Says what is wrong with a document, and what keeps it from coming into force now.
    ///
    /// For supervisors and administrators.
    ///
    /// - Parameter text: The document; at most 262,144 bytes of YAML.
    /// - Returns: What is wrong; nothing where it can be applied.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func check(_ text: String) async throws(DocketClientError) -> [PolicyFault] {
        let call = Docket_V1_CheckPolicyCall.with { $0.text = text }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await PoliciesCaller(channel: channel).check(call, options: options)
        }
        return reply.problems.map {
            PolicyFault(path: $0.path, rule: $0.rule, allowed: $0.allowed)
        }
    }

    /// Puts a policy into force, for everything that is decided after it.
    ///
    /// For administrators.
    ///
    /// - Parameters:
    ///   - text: The document; at most 262,144 bytes of YAML.
    ///   - version: The version in force that its author has seen; nil to replace any.
    ///   - command: The command's id.
    /// - Returns: Its version and place.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal:
    ///   `policy_invalid`, `in_use` with what requests use of the policy in force, or
    ///   `version_conflict` where another has come into force.
    @discardableResult
    public func apply(
        _ text: String,
        expecting version: UInt64? = nil,
        command: CommandID = CommandID()
    ) async throws(DocketClientError) -> PolicyReceipt {
        let call = Docket_V1_ApplyPolicyCall.with {
            $0.header = Docket_V1_CommandHeader(command, expecting: version)
            $0.text = text
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await PoliciesCaller(channel: channel).apply(call, options: options)
        }
        return PolicyReceipt(version: reply.version, offset: reply.offset)
    }

    /// Lists the versions, the newest first.
    ///
    /// For agents.
    ///
    /// - Parameters:
    ///   - count: How many at most, 1 to 200.
    ///   - page: The place of the page; nil for the first.
    /// - Returns: The page.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func history(
        limit count: Int = 50,
        page: PageToken? = nil
    ) async throws(DocketClientError) -> Page<PolicyVersion> {
        let call = Docket_V1_PolicyHistoryCall.with {
            $0.limit = UInt32(clamping: count)
            $0.page = Data(page?.bytes ?? [])
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await PoliciesCaller(channel: channel).history(call, options: options)
        }
        return try Page(reply.versions, next: reply.nextPage) {
            message throws(DocketClientError) in PolicyVersion(message)
        }
    }
}

extension PolicyVersion {
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
