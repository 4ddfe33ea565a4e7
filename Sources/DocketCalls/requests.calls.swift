// Made from docket/v1/requests.proto by protoc-gen-docket; do not edit.

package import DocketMessages
package import DocketRPC

/// The methods of `docket.v1.Requests`.
package enum RequestsMethods {
    /// Lists requests by number: to a contact its own, to an integration those of its channel, and to
    /// both none that are internal.
    package static let list = Method(
        "docket.v1.Requests/List", .unary,
        callers: Callers(.contact, .agent, .supervisor, .administrator, .integration),
        defaultTimeout: .milliseconds(30000))
    /// Gives one request. The caller may read those that it may list.
    package static let get = Method(
        "docket.v1.Requests/Get", .unary,
        callers: Callers(.contact, .agent, .supervisor, .administrator, .integration),
        defaultTimeout: .milliseconds(30000))
    /// Makes the caller the assignee of a request that has none.
    package static let take = Method(
        "docket.v1.Requests/Take", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Makes another agent the assignee, or nobody. By default agents may give away their own
    /// requests, supervisors and administrators all.
    package static let assign = Method(
        "docket.v1.Requests/Assign", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Adds an internal comment, which no contact ever sees.
    package static let postNote = Method(
        "docket.v1.Requests/PostNote", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Opens a request on purpose. A contact opens its own, an integration or a partner one of a
    /// contact whom it brought, an agent one on behalf of any contact.
    package static let create = Method(
        "docket.v1.Requests/Create", .unary,
        callers: Callers(.contact, .agent, .supervisor, .administrator, .integration, .partner),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Says that the caller is looking at a request. A first look may change its status.
    package static let view = Method(
        "docket.v1.Requests/View", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Sets the status, where the policy has a transition for the caller.
    package static let setStatus = Method(
        "docket.v1.Requests/SetStatus", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Edits a request: makes all the changes in the call, or none.
    package static let edit = Method(
        "docket.v1.Requests/Edit", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Makes a new request of the messages since a finished chat went live again; possible until it is
    /// finished again. The chat returns to where it was, and its timers run as if the messages had not
    /// been written. The reply has the new request.
    package static let splitNewMessages = Method(
        "docket.v1.Requests/SplitNewMessages", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Makes a new request of some of a request's messages. The reply has the new request.
    package static let splitMessages = Method(
        "docket.v1.Requests/SplitMessages", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Makes one request of two in a conversation. The older survives; the reply has it. Who may merge
    /// is asked of the newer. A live chat goes on in the survivor, with the agent who has it.
    package static let merge = Method(
        "docket.v1.Requests/Merge", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Links two requests, on both sides.
    package static let link = Method(
        "docket.v1.Requests/Link", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Removes a link, on both sides.
    package static let unlink = Method(
        "docket.v1.Requests/Unlink", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Deletes a request. It can be restored.
    package static let delete = Method(
        "docket.v1.Requests/Delete", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Restores a deleted request to the status it had.
    package static let restore = Method(
        "docket.v1.Requests/Restore", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Gives the messages that belong to a request now, wherever they were posted, in its order.
    ///
    /// The server reads them from the log, from where the request began. If it would have to look at
    /// too many entries, the call is refused with too_many for the field entries.
    package static let messages = Method(
        "docket.v1.Requests/Messages", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000))
    /// Gives the requests before and after one in its conversation, skipping those that were merged.
    package static let chain = Method(
        "docket.v1.Requests/Chain", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000))
    /// Ends the live chat and leaves the request in a status.
    package static let finish = Method(
        "docket.v1.Requests/Finish", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)

    /// All of them.
    package static let all: [Method] = [list, get, take, assign, postNote, create, view, setStatus, edit, splitNewMessages, splitMessages, merge, link, unlink, delete, restore, messages, chain, finish]
}

/// Work on requests: what agents do with them, and how contacts and integrations open and read their
/// own.
package protocol RequestsQueries: Sendable {
    /// Lists requests by number: to a contact its own, to an integration those of its channel, and to
    /// both none that are internal.
    func list(
        _ call: Docket_V1_ListRequestsCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_ListRequestsReply
    /// Gives one request. The caller may read those that it may list.
    func get(
        _ call: Docket_V1_GetRequestCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_GetRequestReply
    /// Gives the messages that belong to a request now, wherever they were posted, in its order.
    ///
    /// The server reads them from the log, from where the request began. If it would have to look at
    /// too many entries, the call is refused with too_many for the field entries.
    func messages(
        _ call: Docket_V1_RequestMessagesCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestMessagesReply
    /// Gives the requests before and after one in its conversation, skipping those that were merged.
    func chain(
        _ call: Docket_V1_ChainCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_ChainReply
}

/// Work on requests: what agents do with them, and how contacts and integrations open and read their
/// own.
package protocol RequestsService: RequestsQueries {
    /// Makes the caller the assignee of a request that has none.
    func take(
        _ call: Docket_V1_TakeCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply
    /// Makes another agent the assignee, or nobody. By default agents may give away their own
    /// requests, supervisors and administrators all.
    func assign(
        _ call: Docket_V1_AssignCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply
    /// Adds an internal comment, which no contact ever sees.
    func postNote(
        _ call: Docket_V1_PostNoteCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_PostNoteReply
    /// Opens a request on purpose. A contact opens its own, an integration or a partner one of a
    /// contact whom it brought, an agent one on behalf of any contact.
    func create(
        _ call: Docket_V1_CreateRequestCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply
    /// Says that the caller is looking at a request. A first look may change its status.
    func view(
        _ call: Docket_V1_ViewCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply
    /// Sets the status, where the policy has a transition for the caller.
    func setStatus(
        _ call: Docket_V1_SetStatusCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply
    /// Edits a request: makes all the changes in the call, or none.
    func edit(
        _ call: Docket_V1_EditCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply
    /// Makes a new request of the messages since a finished chat went live again; possible until it is
    /// finished again. The chat returns to where it was, and its timers run as if the messages had not
    /// been written. The reply has the new request.
    func splitNewMessages(
        _ call: Docket_V1_SplitNewMessagesCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply
    /// Makes a new request of some of a request's messages. The reply has the new request.
    func splitMessages(
        _ call: Docket_V1_SplitMessagesCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply
    /// Makes one request of two in a conversation. The older survives; the reply has it. Who may merge
    /// is asked of the newer. A live chat goes on in the survivor, with the agent who has it.
    func merge(
        _ call: Docket_V1_MergeCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply
    /// Links two requests, on both sides.
    func link(
        _ call: Docket_V1_LinkCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply
    /// Removes a link, on both sides.
    func unlink(
        _ call: Docket_V1_LinkCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply
    /// Deletes a request. It can be restored.
    func delete(
        _ call: Docket_V1_DeleteCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply
    /// Restores a deleted request to the status it had.
    func restore(
        _ call: Docket_V1_RestoreCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply
    /// Ends the live chat and leaves the request in a status.
    func finish(
        _ call: Docket_V1_FinishCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply
}

extension RequestsQueries {
    /// Adds the service's queries to a router.
    package func registerQueries(in router: inout Router) {
        router.unary(RequestsMethods.list) {
            (call, context) async throws(RPCError) in
            try await self.list(call, context: context)
        }
        router.unary(RequestsMethods.get) {
            (call, context) async throws(RPCError) in
            try await self.get(call, context: context)
        }
        router.unary(RequestsMethods.messages) {
            (call, context) async throws(RPCError) in
            try await self.messages(call, context: context)
        }
        router.unary(RequestsMethods.chain) {
            (call, context) async throws(RPCError) in
            try await self.chain(call, context: context)
        }
    }
}

extension RequestsService {
    /// Adds the service's methods to a router.
    package func register(in router: inout Router) {
        registerQueries(in: &router)
        router.unary(RequestsMethods.take) {
            (call, context) async throws(RPCError) in
            try await self.take(call, context: context)
        }
        router.unary(RequestsMethods.assign) {
            (call, context) async throws(RPCError) in
            try await self.assign(call, context: context)
        }
        router.unary(RequestsMethods.postNote) {
            (call, context) async throws(RPCError) in
            try await self.postNote(call, context: context)
        }
        router.unary(RequestsMethods.create) {
            (call, context) async throws(RPCError) in
            try await self.create(call, context: context)
        }
        router.unary(RequestsMethods.view) {
            (call, context) async throws(RPCError) in
            try await self.view(call, context: context)
        }
        router.unary(RequestsMethods.setStatus) {
            (call, context) async throws(RPCError) in
            try await self.setStatus(call, context: context)
        }
        router.unary(RequestsMethods.edit) {
            (call, context) async throws(RPCError) in
            try await self.edit(call, context: context)
        }
        router.unary(RequestsMethods.splitNewMessages) {
            (call, context) async throws(RPCError) in
            try await self.splitNewMessages(call, context: context)
        }
        router.unary(RequestsMethods.splitMessages) {
            (call, context) async throws(RPCError) in
            try await self.splitMessages(call, context: context)
        }
        router.unary(RequestsMethods.merge) {
            (call, context) async throws(RPCError) in
            try await self.merge(call, context: context)
        }
        router.unary(RequestsMethods.link) {
            (call, context) async throws(RPCError) in
            try await self.link(call, context: context)
        }
        router.unary(RequestsMethods.unlink) {
            (call, context) async throws(RPCError) in
            try await self.unlink(call, context: context)
        }
        router.unary(RequestsMethods.delete) {
            (call, context) async throws(RPCError) in
            try await self.delete(call, context: context)
        }
        router.unary(RequestsMethods.restore) {
            (call, context) async throws(RPCError) in
            try await self.restore(call, context: context)
        }
        router.unary(RequestsMethods.finish) {
            (call, context) async throws(RPCError) in
            try await self.finish(call, context: context)
        }
    }
}

/// Calls the methods of `docket.v1.Requests`.
package struct RequestsCaller: Sendable {
    private let channel: any CallChannel

    /// Makes calls over `channel`.
    package init(channel: any CallChannel) {
        self.channel = channel
    }

    /// Lists requests by number: to a contact its own, to an integration those of its channel, and to
    /// both none that are internal.
    package func list(
        _ call: Docket_V1_ListRequestsCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_ListRequestsReply {
        try await channel.unary(RequestsMethods.list, call, options: options)
    }

    /// Gives one request. The caller may read those that it may list.
    package func get(
        _ call: Docket_V1_GetRequestCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_GetRequestReply {
        try await channel.unary(RequestsMethods.get, call, options: options)
    }

    /// Makes the caller the assignee of a request that has none.
    package func take(
        _ call: Docket_V1_TakeCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        try await channel.unary(RequestsMethods.take, call, options: options)
    }

    /// Makes another agent the assignee, or nobody. By default agents may give away their own
    /// requests, supervisors and administrators all.
    package func assign(
        _ call: Docket_V1_AssignCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        try await channel.unary(RequestsMethods.assign, call, options: options)
    }

    /// Adds an internal comment, which no contact ever sees.
    package func postNote(
        _ call: Docket_V1_PostNoteCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_PostNoteReply {
        try await channel.unary(RequestsMethods.postNote, call, options: options)
    }

    /// Opens a request on purpose. A contact opens its own, an integration or a partner one of a
    /// contact whom it brought, an agent one on behalf of any contact.
    package func create(
        _ call: Docket_V1_CreateRequestCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        try await channel.unary(RequestsMethods.create, call, options: options)
    }

    /// Says that the caller is looking at a request. A first look may change its status.
    package func view(
        _ call: Docket_V1_ViewCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        try await channel.unary(RequestsMethods.view, call, options: options)
    }

    /// Sets the status, where the policy has a transition for the caller.
    package func setStatus(
        _ call: Docket_V1_SetStatusCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        try await channel.unary(RequestsMethods.setStatus, call, options: options)
    }

    /// Edits a request: makes all the changes in the call, or none.
    package func edit(
        _ call: Docket_V1_EditCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        try await channel.unary(RequestsMethods.edit, call, options: options)
    }

    /// Makes a new request of the messages since a finished chat went live again; possible until it is
    /// finished again. The chat returns to where it was, and its timers run as if the messages had not
    /// been written. The reply has the new request.
    package func splitNewMessages(
        _ call: Docket_V1_SplitNewMessagesCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        try await channel.unary(RequestsMethods.splitNewMessages, call, options: options)
    }

    /// Makes a new request of some of a request's messages. The reply has the new request.
    package func splitMessages(
        _ call: Docket_V1_SplitMessagesCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        try await channel.unary(RequestsMethods.splitMessages, call, options: options)
    }

    /// Makes one request of two in a conversation. The older survives; the reply has it. Who may merge
    /// is asked of the newer. A live chat goes on in the survivor, with the agent who has it.
    package func merge(
        _ call: Docket_V1_MergeCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        try await channel.unary(RequestsMethods.merge, call, options: options)
    }

    /// Links two requests, on both sides.
    package func link(
        _ call: Docket_V1_LinkCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        try await channel.unary(RequestsMethods.link, call, options: options)
    }

    /// Removes a link, on both sides.
    package func unlink(
        _ call: Docket_V1_LinkCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        try await channel.unary(RequestsMethods.unlink, call, options: options)
    }

    /// Deletes a request. It can be restored.
    package func delete(
        _ call: Docket_V1_DeleteCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        try await channel.unary(RequestsMethods.delete, call, options: options)
    }

    /// Restores a deleted request to the status it had.
    package func restore(
        _ call: Docket_V1_RestoreCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        try await channel.unary(RequestsMethods.restore, call, options: options)
    }

    /// Gives the messages that belong to a request now, wherever they were posted, in its order.
    ///
    /// The server reads them from the log, from where the request began. If it would have to look at
    /// too many entries, the call is refused with too_many for the field entries.
    package func messages(
        _ call: Docket_V1_RequestMessagesCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_RequestMessagesReply {
        try await channel.unary(RequestsMethods.messages, call, options: options)
    }

    /// Gives the requests before and after one in its conversation, skipping those that were merged.
    package func chain(
        _ call: Docket_V1_ChainCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_ChainReply {
        try await channel.unary(RequestsMethods.chain, call, options: options)
    }

    /// Ends the live chat and leaves the request in a status.
    package func finish(
        _ call: Docket_V1_FinishCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        try await channel.unary(RequestsMethods.finish, call, options: options)
    }
}

extension Docket_V1_AssignCall: CommandCall {}
extension Docket_V1_CreateRequestCall: CommandCall {}
extension Docket_V1_DeleteCall: CommandCall {}
extension Docket_V1_EditCall: CommandCall {}
extension Docket_V1_FinishCall: CommandCall {}
extension Docket_V1_LinkCall: CommandCall {}
extension Docket_V1_MergeCall: CommandCall {}
extension Docket_V1_PostNoteCall: CommandCall {}
extension Docket_V1_RestoreCall: CommandCall {}
extension Docket_V1_SetStatusCall: CommandCall {}
extension Docket_V1_SplitMessagesCall: CommandCall {}
extension Docket_V1_SplitNewMessagesCall: CommandCall {}
extension Docket_V1_TakeCall: CommandCall {}
extension Docket_V1_ViewCall: CommandCall {}
