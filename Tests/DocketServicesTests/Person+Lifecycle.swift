import DocketCalls
import DocketMessages
import DocketRPC
import Foundation

/// Short ways to call what is done to requests through their lives.
extension Person {
    @discardableResult
    func create(
        for contact: Data = Data(),
        _ change: (inout Docket_V1_CreateRequestCall) -> Void = { _ in }
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        var call = Docket_V1_CreateRequestCall()
        call.header = header()
        call.channel = "chat"
        call.contactID = contact
        call.text = "the till is broken"
        change(&call)
        return try await requests.create(call)
    }

    @discardableResult
    func set(
        _ request: Data,
        to status: String,
        reason: String = "",
        wakeAt moment: UInt64 = 0
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        var call = Docket_V1_SetStatusCall()
        call.header = header()
        call.requestID = request
        call.status = status
        call.reason = reason
        call.wakeMilliseconds = moment
        return try await requests.setStatus(call)
    }

    @discardableResult
    func edit(
        _ request: Data,
        _ edits: [Docket_V1_EditCall.Edit]
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        var call = Docket_V1_EditCall()
        call.header = header()
        call.requestID = request
        call.edits = edits
        return try await requests.edit(call)
    }

    @discardableResult
    func delete(_ request: Data) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        var call = Docket_V1_DeleteCall()
        call.header = header()
        call.requestID = request
        return try await requests.delete(call)
    }

    func splitNewMessages(
        of request: Data
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        var call = Docket_V1_SplitNewMessagesCall()
        call.header = header()
        call.requestID = request
        return try await requests.splitNewMessages(call)
    }

    func split(
        _ messages: [Data],
        off request: Data
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        var call = Docket_V1_SplitMessagesCall()
        call.header = header()
        call.requestID = request
        call.messageIds = messages
        return try await requests.splitMessages(call)
    }

    /// Answers in a conversation, and splits the answer off.
    func splitOwnMessage(
        off target: Target
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        let id = fixture.newID
        _ = await refusal { () async throws(RPCError) in
            try await post("an answer", in: target.conversation, id: id)
        }
        return try await split([id], off: target.request)
    }

    @discardableResult
    func merge(
        _ request: Data,
        with other: Data = Data()
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        var call = Docket_V1_MergeCall()
        call.header = header()
        call.requestID = request
        call.otherID = other
        return try await requests.merge(call)
    }

    func messages(
        of request: Data,
        after sequence: UInt64 = 0,
        limit: UInt32 = 0
    ) async throws(RPCError) -> Docket_V1_RequestMessagesReply {
        var call = Docket_V1_RequestMessagesCall()
        call.requestID = request
        call.afterSequence = sequence
        call.limit = limit
        return try await requests.messages(call)
    }

    @discardableResult
    func apply(_ text: String) async throws(RPCError) -> Docket_V1_ApplyPolicyReply {
        var call = Docket_V1_ApplyPolicyCall()
        call.header = header()
        call.text = text
        return try await PoliciesCaller(channel: channel).apply(call)
    }
}
