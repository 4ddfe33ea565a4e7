internal import DocketCalls
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

extension Requests {
    /// Says that the caller looks at a request.
    ///
    /// The first look may move the request on, as the policy says.
    ///
    /// - Parameters:
    ///   - id: The request.
    ///   - version: The version that was seen; nil to change it whatever it is.
    ///   - command: The command's id.
    /// - Returns: The request after the change.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func view(
        _ id: RequestID,
        expecting version: UInt64? = nil,
        command: CommandID = CommandID()
    ) async throws(DocketClientError) -> SupportRequest {
        let call = Docket_V1_ViewCall.with {
            $0.header = Docket_V1_CommandHeader(command, expecting: version)
            $0.requestID = Data(id.bytes)
        }
        return try await changed { (requests, options) async throws(RPCError) in
            try await requests.view(call, options: options)
        }
    }

    /// Sets the status, where the policy has a transition for the caller.
    ///
    /// - Parameters:
    ///   - status: The key of the status.
    ///   - id: The request.
    ///   - reason: Why, at most 1,024 bytes; some transitions want it.
    ///   - wakeAt: Until when the request is to sleep, for a status that waits for time.
    ///   - version: The version that was seen; nil to change it whatever it is.
    ///   - command: The command's id.
    /// - Returns: The request after the change.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal:
    ///   `invalid_transition` names the statuses that are allowed.
    public func setStatus(
        _ status: String,
        of id: RequestID,
        reason: String? = nil,
        wakeAt: Timestamp? = nil,
        expecting version: UInt64? = nil,
        command: CommandID = CommandID()
    ) async throws(DocketClientError) -> SupportRequest {
        let call = Docket_V1_SetStatusCall.with {
            $0.header = Docket_V1_CommandHeader(command, expecting: version)
            $0.requestID = Data(id.bytes)
            $0.status = status
            $0.reason = reason ?? ""
            $0.wakeMilliseconds = wakeAt?.millisecondsSinceEpoch ?? 0
        }
        return try await changed { (requests, options) async throws(RPCError) in
            try await requests.setStatus(call, options: options)
        }
    }

    /// Changes what a request is about: all of the edits in their order, or none.
    ///
    /// - Parameters:
    ///   - id: The request.
    ///   - edits: What to change; 1 to 64.
    ///   - version: The version that was seen; nil to change it whatever it is.
    ///   - command: The command's id.
    /// - Returns: The request after the change.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func edit(
        _ id: RequestID,
        _ edits: [RequestEdit],
        expecting version: UInt64? = nil,
        command: CommandID = CommandID()
    ) async throws(DocketClientError) -> SupportRequest {
        let call = Docket_V1_EditCall.with {
            $0.header = Docket_V1_CommandHeader(command, expecting: version)
            $0.requestID = Data(id.bytes)
            $0.edits = edits.map(Docket_V1_EditCall.Edit.init)
        }
        return try await changed { (requests, options) async throws(RPCError) in
            try await requests.edit(call, options: options)
        }
    }

    /// Removes a request, until it is restored.
    ///
    /// - Parameters:
    ///   - id: The request.
    ///   - version: The version that was seen; nil to change it whatever it is.
    ///   - command: The command's id.
    /// - Returns: The request after the change.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func delete(
        _ id: RequestID,
        expecting version: UInt64? = nil,
        command: CommandID = CommandID()
    ) async throws(DocketClientError) -> SupportRequest {
        let call = Docket_V1_DeleteCall.with {
            $0.header = Docket_V1_CommandHeader(command, expecting: version)
            $0.requestID = Data(id.bytes)
        }
        return try await changed { (requests, options) async throws(RPCError) in
            try await requests.delete(call, options: options)
        }
    }

    /// Brings a deleted request back into the status it had.
    ///
    /// - Parameters:
    ///   - id: The request.
    ///   - version: The version that was seen; nil to change it whatever it is.
    ///   - command: The command's id.
    /// - Returns: The request after the change.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func restore(
        _ id: RequestID,
        expecting version: UInt64? = nil,
        command: CommandID = CommandID()
    ) async throws(DocketClientError) -> SupportRequest {
        let call = Docket_V1_RestoreCall.with {
            $0.header = Docket_V1_CommandHeader(command, expecting: version)
            $0.requestID = Data(id.bytes)
        }
        return try await changed { (requests, options) async throws(RPCError) in
            try await requests.restore(call, options: options)
        }
    }
}
