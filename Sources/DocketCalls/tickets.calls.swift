// Made from docket/v1/tickets.proto by protoc-gen-docket; do not edit.

package import DocketMessages
package import DocketRPC

/// The methods of `docket.v1.Tickets`.
package enum TicketsMethods {
    /// Opens up to 100 requests, each for itself: one that is refused stops nothing. Each has a verdict
    /// of its own.
    package static let pushBatch = Method(
        "docket.v1.Tickets/PushBatch", .unary,
        callers: Callers(.partner),
        defaultTimeout: .milliseconds(30000))
    /// Gives one of the partner's requests.
    package static let get = Method(
        "docket.v1.Tickets/Get", .unary,
        callers: Callers(.partner),
        defaultTimeout: .milliseconds(30000))
    /// Lists the partner's tickets by their external keys.
    package static let list = Method(
        "docket.v1.Tickets/List", .unary,
        callers: Callers(.partner),
        defaultTimeout: .milliseconds(30000))
    /// Gives what was said in public in one of the partner's requests, in order. What Requests/Messages
    /// says of a request that is too long holds here.
    package static let messages = Method(
        "docket.v1.Tickets/Messages", .unary,
        callers: Callers(.partner),
        defaultTimeout: .milliseconds(30000))
    /// Says something in one of the partner's requests, for its contact. Where the policy takes no more
    /// messages in it, that opens another request, linked to it, which the reply names.
    package static let comment = Method(
        "docket.v1.Tickets/Comment", .unary,
        callers: Callers(.partner),
        defaultTimeout: .milliseconds(30000), isCommand: true)

    /// All of them.
    package static let all: [Method] = [pushBatch, get, list, messages, comment]
}

/// Tickets: what another company's system pushes, and what becomes of it. A partner sees the requests
/// that it has opened, as their contacts would, and nothing else. Feed/Subscribe tells it what
/// happens to them.
package protocol TicketsQueries: Sendable {
    /// Opens up to 100 requests, each for itself: one that is refused stops nothing. Each has a verdict
    /// of its own.
    func pushBatch(
        _ call: Docket_V1_PushTicketsCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_PushTicketsReply
    /// Gives one of the partner's requests.
    func get(
        _ call: Docket_V1_GetTicketCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_GetTicketReply
    /// Lists the partner's tickets by their external keys.
    func list(
        _ call: Docket_V1_ListTicketsCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_ListTicketsReply
    /// Gives what was said in public in one of the partner's requests, in order. What Requests/Messages
    /// says of a request that is too long holds here.
    func messages(
        _ call: Docket_V1_TicketMessagesCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_RequestMessagesReply
}

/// Tickets: what another company's system pushes, and what becomes of it. A partner sees the requests
/// that it has opened, as their contacts would, and nothing else. Feed/Subscribe tells it what
/// happens to them.
package protocol TicketsService: TicketsQueries {
    /// Says something in one of the partner's requests, for its contact. Where the policy takes no more
    /// messages in it, that opens another request, linked to it, which the reply names.
    func comment(
        _ call: Docket_V1_CommentCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_CommentReply
}

extension TicketsQueries {
    /// Adds the service's queries to a router.
    package func registerQueries(in router: inout Router) {
        router.unary(TicketsMethods.pushBatch) {
            (call, context) async throws(RPCError) in
            try await self.pushBatch(call, context: context)
        }
        router.unary(TicketsMethods.get) {
            (call, context) async throws(RPCError) in
            try await self.get(call, context: context)
        }
        router.unary(TicketsMethods.list) {
            (call, context) async throws(RPCError) in
            try await self.list(call, context: context)
        }
        router.unary(TicketsMethods.messages) {
            (call, context) async throws(RPCError) in
            try await self.messages(call, context: context)
        }
    }
}

extension TicketsService {
    /// Adds the service's methods to a router.
    package func register(in router: inout Router) {
        registerQueries(in: &router)
        router.unary(TicketsMethods.comment) {
            (call, context) async throws(RPCError) in
            try await self.comment(call, context: context)
        }
    }
}

/// Calls the methods of `docket.v1.Tickets`.
package struct TicketsCaller: Sendable {
    private let channel: any CallChannel

    /// Makes calls over `channel`.
    package init(channel: any CallChannel) {
        self.channel = channel
    }

    /// Opens up to 100 requests, each for itself: one that is refused stops nothing. Each has a verdict
    /// of its own.
    package func pushBatch(
        _ call: Docket_V1_PushTicketsCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_PushTicketsReply {
        try await channel.unary(TicketsMethods.pushBatch, call, options: options)
    }

    /// Gives one of the partner's requests.
    package func get(
        _ call: Docket_V1_GetTicketCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_GetTicketReply {
        try await channel.unary(TicketsMethods.get, call, options: options)
    }

    /// Lists the partner's tickets by their external keys.
    package func list(
        _ call: Docket_V1_ListTicketsCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_ListTicketsReply {
        try await channel.unary(TicketsMethods.list, call, options: options)
    }

    /// Gives what was said in public in one of the partner's requests, in order. What Requests/Messages
    /// says of a request that is too long holds here.
    package func messages(
        _ call: Docket_V1_TicketMessagesCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_RequestMessagesReply {
        try await channel.unary(TicketsMethods.messages, call, options: options)
    }

    /// Says something in one of the partner's requests, for its contact. Where the policy takes no more
    /// messages in it, that opens another request, linked to it, which the reply names.
    package func comment(
        _ call: Docket_V1_CommentCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_CommentReply {
        try await channel.unary(TicketsMethods.comment, call, options: options)
    }
}

extension Docket_V1_CommentCall: CommandCall {}
