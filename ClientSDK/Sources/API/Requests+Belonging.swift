internal import DocketCalls
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

// What belongs to which request: splitting, merging, linking, and reading it.

extension Requests {
    /// Makes a request of the messages since a finished chat was begun anew.
    ///
    /// That is offered until the chat is finished again: see `RequestDetails.splitOffer`.
    ///
    /// - Parameters:
    ///   - id: The request that has them.
    ///   - version: The version that was seen; nil to change it whatever it is.
    ///   - command: The command's id.
    /// - Returns: The new request.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func splitNewMessages(
        of id: RequestID,
        expecting version: UInt64? = nil,
        command: CommandID = CommandID()
    ) async throws(DocketClientError) -> SupportRequest {
        let call = Docket_V1_SplitNewMessagesCall.with {
            $0.header = Docket_V1_CommandHeader(command, expecting: version)
            $0.requestID = Data(id.bytes)
        }
        return try await changed { (requests, options) async throws(RPCError) in
            try await requests.splitNewMessages(call, options: options)
        }
    }

    /// Makes a request of some of a request's messages.
    ///
    /// - Parameters:
    ///   - messages: Some of the request's messages, but not all; at most 2,000.
    ///   - id: The request that has them.
    ///   - version: The version that was seen; nil to change it whatever it is.
    ///   - command: The command's id.
    /// - Returns: The new request.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func splitMessages(
        _ messages: [MessageID],
        of id: RequestID,
        expecting version: UInt64? = nil,
        command: CommandID = CommandID()
    ) async throws(DocketClientError) -> SupportRequest {
        let call = Docket_V1_SplitMessagesCall.with {
            $0.header = Docket_V1_CommandHeader(command, expecting: version)
            $0.requestID = Data(id.bytes)
            $0.messageIds = messages.map { Data($0.bytes) }
        }
        return try await changed { (requests, options) async throws(RPCError) in
            try await requests.splitMessages(call, options: options)
        }
    }

    /// Lets two requests of one conversation become one, of which the older survives.
    ///
    /// - Parameters:
    ///   - id: One request.
    ///   - other: The other; nil for the one before it in the conversation.
    ///   - version: The version at which the first was seen; nil to merge it whatever it is.
    ///   - command: The command's id.
    /// - Returns: The request that survives.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func merge(
        _ id: RequestID,
        with other: RequestID? = nil,
        expecting version: UInt64? = nil,
        command: CommandID = CommandID()
    ) async throws(DocketClientError) -> SupportRequest {
        let call = Docket_V1_MergeCall.with {
            $0.header = Docket_V1_CommandHeader(command, expecting: version)
            $0.requestID = Data(id.bytes)
            $0.otherID = Data(other?.bytes ?? [])
        }
        return try await changed { (requests, options) async throws(RPCError) in
            try await requests.merge(call, options: options)
        }
    }

    /// Links two requests, on both sides.
    ///
    /// - Parameters:
    ///   - id: The request.
    ///   - other: The other.
    ///   - kind: How the first is linked to the other: one of `LinkKind.chosen`.
    ///   - version: The version at which the first was seen; nil to change it whatever it is.
    ///   - command: The command's id.
    /// - Returns: The request after the change.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func link(
        _ id: RequestID,
        to other: RequestID,
        as kind: LinkKind,
        expecting version: UInt64? = nil,
        command: CommandID = CommandID()
    ) async throws(DocketClientError) -> SupportRequest {
        let header = Docket_V1_CommandHeader(command, expecting: version)
        let call = Docket_V1_LinkCall(id, other, kind, header)
        return try await changed { (requests, options) async throws(RPCError) in
            try await requests.link(call, options: options)
        }
    }

    /// Takes a link away, on both sides.
    ///
    /// - Parameters:
    ///   - id: The request.
    ///   - other: The other.
    ///   - kind: How the first is linked to the other: one of `LinkKind.chosen`.
    ///   - version: The version at which the first was seen; nil to change it whatever it is.
    ///   - command: The command's id.
    /// - Returns: The request after the change.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func unlink(
        _ id: RequestID,
        from other: RequestID,
        as kind: LinkKind,
        expecting version: UInt64? = nil,
        command: CommandID = CommandID()
    ) async throws(DocketClientError) -> SupportRequest {
        let header = Docket_V1_CommandHeader(command, expecting: version)
        let call = Docket_V1_LinkCall(id, other, kind, header)
        return try await changed { (requests, options) async throws(RPCError) in
            try await requests.unlink(call, options: options)
        }
    }

    /// Reads the messages that belong to a request now, in the order of their places.
    ///
    /// - Parameters:
    ///   - id: The request.
    ///   - sequence: Only messages with a place above this.
    ///   - count: How many at most, 1 to 200.
    /// - Returns: The page.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func messages(
        of id: RequestID,
        after sequence: UInt64 = 0,
        limit count: Int = 50
    ) async throws(DocketClientError) -> RequestMessagePage {
        let call = Docket_V1_RequestMessagesCall.with {
            $0.requestID = Data(id.bytes)
            $0.afterSequence = sequence
            $0.limit = UInt32(clamping: count)
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await RequestsCaller(channel: channel).messages(call, options: options)
        }
        return RequestMessagePage(reply)
    }

    /// Gives the requests before and after one in its conversation.
    ///
    /// - Parameter id: The request.
    /// - Returns: Its neighbours, past those that were merged.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func chain(of id: RequestID) async throws(DocketClientError) -> RequestNeighbours {
        let call = Docket_V1_ChainCall.with { $0.requestID = Data(id.bytes) }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await RequestsCaller(channel: channel).chain(call, options: options)
        }
        return RequestNeighbours(
            previous: reply.hasPrevious ? try SupportRequest(reply.previous) : nil,
            next: reply.hasNext ? try SupportRequest(reply.next) : nil
        )
    }
}

extension Docket_V1_LinkCall {
    fileprivate init(
        _ id: RequestID,
        _ other: RequestID,
        _ kind: LinkKind,
        _ header: Docket_V1_CommandHeader
    ) {
        self.init()
        self.header = header
        requestID = Data(id.bytes)
        otherID = Data(other.bytes)
        self.kind = kind.message
    }
}
