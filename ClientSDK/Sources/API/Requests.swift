internal import DocketCalls
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

/// Work on requests: the agents', and what contacts and integrations read of their own and open on
/// purpose.
///
/// Contacts see their own requests and integrations those of their channel, as contacts see them:
/// `SupportRequest.statusName` is what contacts call the status, and what is internal is not there
/// for them. Everything but `create`, `list` and `get` is the agents'.
///
/// A refusal is thrown as `refused` with its reason. What it is about, such as the statuses that
/// are allowed or the fields that are missing, stands in `Refusal.particulars`. A command that
/// ended with `outcomeUnknown` may have taken effect: repeat it with the same id to learn.
///
/// A command that is `expecting` the version at which its author saw the request is refused with
/// `version_conflict` where something has changed since: two agents do not overwrite each other.
public struct Requests: Sendable {
    /// Whose requests to list.
    public enum Ownership: Hashable, Sendable, CaseIterable {
        /// Everybody's and nobody's.
        case any
        /// Those that the calling agent has; for others the same as `any`.
        case mine
        /// Nobody's.
        case nobodys
    }

    let client: DocketClient

    /// Lists requests, oldest first.
    ///
    /// - Parameters:
    ///   - ownership: Whose requests.
    ///   - categories: Only these categories; none means new, open and waiting.
    ///   - count: How many at most, 1 to 200.
    ///   - page: The place of the page; nil for the first.
    /// - Returns: The page.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func list(
        _ ownership: Ownership = .any,
        categories: [StatusCategory] = [],
        limit count: Int = 50,
        page: PageToken? = nil
    ) async throws(DocketClientError) -> Page<SupportRequest> {
        var selection = RequestSelection(ownership)
        selection.categories = categories
        return try await list(selection, limit: count, page: page)
    }

    /// Lists the requests of a selection: all of a desk's to agents, to others what they may see.
    ///
    /// - Parameters:
    ///   - selection: Which requests, and in which order.
    ///   - count: How many at most, 1 to 200.
    ///   - page: The place of the page; nil for the first. It belongs to one selection.
    /// - Returns: The page.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func list(
        _ selection: RequestSelection,
        limit count: Int = 50,
        page: PageToken? = nil
    ) async throws(DocketClientError) -> Page<SupportRequest> {
        let call = Docket_V1_ListRequestsCall.with {
            $0.ownership = selection.ownership.message
            $0.categories = selection.categories.map(\.message)
            $0.statuses = selection.statuses
            $0.assigneeID = Data(selection.assignee?.bytes ?? [])
            $0.contactID = Data(selection.contact?.bytes ?? [])
            $0.conversationID = Data(selection.conversation?.bytes ?? [])
            $0.channel = selection.channel ?? ""
            $0.newestFirst = selection.newestFirst
            $0.topics = selection.topics
            $0.types = selection.types
            $0.priorities = selection.priorities
            $0.tags = selection.tags
            $0.waitingOnly = selection.isWaitingOnly
            $0.liveOnly = selection.isLiveOnly
            $0.limit = UInt32(clamping: count)
            $0.page = Data(page?.bytes ?? [])
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await RequestsCaller(channel: channel).list(call, options: options)
        }
        return try Page(reply.requests, next: reply.nextPage) {
            message throws(DocketClientError) in try SupportRequest(message)
        }
    }

    /// The request with a number; `not_found` where the caller may not see it.
    public func get(number: UInt64) async throws(DocketClientError) -> SupportRequest {
        try await get(.with { $0.number = number })
    }

    /// The request with an id; `not_found` where the caller may not see it.
    public func get(_ id: RequestID) async throws(DocketClientError) -> SupportRequest {
        try await get(.with { $0.id = Data(id.bytes) })
    }

    private func get(
        _ call: Docket_V1_GetRequestCall
    ) async throws(DocketClientError) -> SupportRequest {
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await RequestsCaller(channel: channel).get(call, options: options)
        }
        return try SupportRequest(reply.request)
    }

    /// Makes the caller the assignee of a request that has none.
    ///
    /// - Parameters:
    ///   - id: The request.
    ///   - version: The version that was seen; nil to change it whatever it is.
    ///   - command: The command's id.
    /// - Returns: The request after the change.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func take(
        _ id: RequestID,
        expecting version: UInt64? = nil,
        command: CommandID = CommandID()
    ) async throws(DocketClientError) -> SupportRequest {
        let call = Docket_V1_TakeCall.with {
            $0.header = Docket_V1_CommandHeader(command, expecting: version)
            $0.requestID = Data(id.bytes)
        }
        return try await changed { (requests, options) async throws(RPCError) in
            try await requests.take(call, options: options)
        }
    }

    /// Makes an agent the assignee, or nobody.
    ///
    /// - Parameters:
    ///   - id: The request.
    ///   - agent: The agent; nil for nobody.
    ///   - version: The version that was seen; nil to change it whatever it is.
    ///   - command: The command's id.
    /// - Returns: The request after the change.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func assign(
        _ id: RequestID,
        to agent: PartyID?,
        expecting version: UInt64? = nil,
        command: CommandID = CommandID()
    ) async throws(DocketClientError) -> SupportRequest {
        let call = Docket_V1_AssignCall.with {
            $0.header = Docket_V1_CommandHeader(command, expecting: version)
            $0.requestID = Data(id.bytes)
            $0.agentID = Data(agent?.bytes ?? [])
        }
        return try await changed { (requests, options) async throws(RPCError) in
            try await requests.assign(call, options: options)
        }
    }

    /// Adds an internal comment, which no contact ever sees.
    ///
    /// - Parameters:
    ///   - text: The comment; 1 to 16,384 bytes of UTF-8.
    ///   - request: The request.
    ///   - id: The note's id.
    ///   - version: The version that was seen; nil to write it whatever the request is.
    /// - Returns: The note's place in the order of everything.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    @discardableResult
    public func note(
        _ text: String,
        on request: RequestID,
        id: NoteID = NoteID(),
        expecting version: UInt64? = nil
    ) async throws(DocketClientError) -> UInt64 {
        let call = Docket_V1_PostNoteCall.with {
            $0.header = Docket_V1_CommandHeader(id, expecting: version)
            $0.requestID = Data(request.bytes)
            $0.text = text
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await RequestsCaller(channel: channel).postNote(call, options: options)
        }
        return reply.offset
    }

    /// Ends the live chat and leaves the request in a status.
    ///
    /// - Parameters:
    ///   - id: The request.
    ///   - status: The key of the status; nil for the policy's default.
    ///   - version: The version that was seen; nil to change it whatever it is.
    ///   - command: The command's id.
    /// - Returns: The request after the change.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func finish(
        _ id: RequestID,
        status: String? = nil,
        expecting version: UInt64? = nil,
        command: CommandID = CommandID()
    ) async throws(DocketClientError) -> SupportRequest {
        let call = Docket_V1_FinishCall.with {
            $0.header = Docket_V1_CommandHeader(command, expecting: version)
            $0.requestID = Data(id.bytes)
            $0.status = status ?? ""
        }
        return try await changed { (requests, options) async throws(RPCError) in
            try await requests.finish(call, options: options)
        }
    }

    /// Makes a call that changes a request, and gives the request after the change.
    func changed(
        within limit: Duration = DocketClient.defaultLimit,
        _ attempt:
            (RequestsCaller, CallOptions) async throws(RPCError) -> Docket_V1_RequestChangeReply
    ) async throws(DocketClientError) -> SupportRequest {
        let reply = try await client.call(within: limit) {
            (channel, options) async throws(RPCError) in
            try await attempt(RequestsCaller(channel: channel), options)
        }
        return try SupportRequest(reply.request)
    }
}

extension Requests.Ownership {
    fileprivate var message: Docket_V1_ListRequestsCall.Ownership {
        switch self {
        case .any: .any
        case .mine: .mine
        case .nobodys: .none
        }
    }
}
