// Made from docket/v1/requests.proto by protoc-gen-docket; do not edit.

package import DocketMessages
package import DocketRPC

/// The methods of `docket.v1.Requests`.
package enum RequestsMethods {
    /// Lists requests by number.
    package static let list = Method(
        "docket.v1.Requests/List", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000))
    /// Gives one request.
    package static let get = Method(
        "docket.v1.Requests/Get", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000))
    /// Makes the caller the assignee of a request that has none.
    package static let take = Method(
        "docket.v1.Requests/Take", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Makes another agent the assignee, or nobody. An agent may give away its own requests,
    /// supervisors and administrators all.
    package static let assign = Method(
        "docket.v1.Requests/Assign", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Adds an internal comment, which no contact ever sees.
    package static let postNote = Method(
        "docket.v1.Requests/PostNote", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Ends the live chat and leaves the request in a status.
    package static let finish = Method(
        "docket.v1.Requests/Finish", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)

    /// All of them.
    package static let all: [Method] = [list, get, take, assign, postNote, finish]
}

/// The agents' work on requests.
package protocol RequestsService: Sendable {
    /// Lists requests by number.
    func list(
        _ call: Docket_V1_ListRequestsCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_ListRequestsReply
    /// Gives one request.
    func get(
        _ call: Docket_V1_GetRequestCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_GetRequestReply
    /// Makes the caller the assignee of a request that has none.
    func take(
        _ call: Docket_V1_TakeCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply
    /// Makes another agent the assignee, or nobody. An agent may give away its own requests,
    /// supervisors and administrators all.
    func assign(
        _ call: Docket_V1_AssignCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply
    /// Adds an internal comment, which no contact ever sees.
    func postNote(
        _ call: Docket_V1_PostNoteCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_PostNoteReply
    /// Ends the live chat and leaves the request in a status.
    func finish(
        _ call: Docket_V1_FinishCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply
}

extension RequestsService {
    /// Adds the service's methods to a router.
    package func register(in router: inout Router) {
        router.unary(RequestsMethods.list) {
            (call, context) async throws(RPCError) in
            try await self.list(call, context: context)
        }
        router.unary(RequestsMethods.get) {
            (call, context) async throws(RPCError) in
            try await self.get(call, context: context)
        }
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

    /// Lists requests by number.
    package func list(
        _ call: Docket_V1_ListRequestsCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_ListRequestsReply {
        try await channel.unary(RequestsMethods.list, call, options: options)
    }

    /// Gives one request.
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

    /// Makes another agent the assignee, or nobody. An agent may give away its own requests,
    /// supervisors and administrators all.
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

    /// Ends the live chat and leaves the request in a status.
    package func finish(
        _ call: Docket_V1_FinishCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_RequestChangeReply {
        try await channel.unary(RequestsMethods.finish, call, options: options)
    }
}
