// Made from docket/v1/commands.proto by protoc-gen-docket; do not edit.

package import DocketMessages
package import DocketRPC

/// The methods of `docket.v1.Commands`.
package enum CommandsMethods {
    /// Makes calls in their order, in one transaction: behind the first that does not take effect, none
    /// is made. For a client that was away and has a queue to empty.
    ///
    /// Each call is what it is by itself: it has the same callers, limits, rates and verdict, and is
    /// the same command when it is repeated by itself or in another lane. A lane may have
    /// Conversations/Open, Post, MarkRead and MarkReceived, all of Requests that changes something, and
    /// Tickets/Comment.
    package static let submitLane = Method(
        "docket.v1.Commands/SubmitLane", .unary,
        callers: Callers(.contact, .agent, .supervisor, .administrator, .integration, .partner),
        defaultTimeout: .milliseconds(30000))

    /// All of them.
    package static let all: [Method] = [submitLane]
}

/// Commands: several calls that change something, in one.
package protocol CommandsService: Sendable {
    /// Makes calls in their order, in one transaction: behind the first that does not take effect, none
    /// is made. For a client that was away and has a queue to empty.
    ///
    /// Each call is what it is by itself: it has the same callers, limits, rates and verdict, and is
    /// the same command when it is repeated by itself or in another lane. A lane may have
    /// Conversations/Open, Post, MarkRead and MarkReceived, all of Requests that changes something, and
    /// Tickets/Comment.
    func submitLane(
        _ call: Docket_V1_SubmitLaneCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_SubmitLaneReply
}

extension CommandsService {
    /// Adds the service's methods to a router.
    package func register(in router: inout Router) {
        router.unary(CommandsMethods.submitLane) {
            (call, context) async throws(RPCError) in
            try await self.submitLane(call, context: context)
        }
    }
}

/// Calls the methods of `docket.v1.Commands`.
package struct CommandsCaller: Sendable {
    private let channel: any CallChannel

    /// Makes calls over `channel`.
    package init(channel: any CallChannel) {
        self.channel = channel
    }

    /// Makes calls in their order, in one transaction: behind the first that does not take effect, none
    /// is made. For a client that was away and has a queue to empty.
    ///
    /// Each call is what it is by itself: it has the same callers, limits, rates and verdict, and is
    /// the same command when it is repeated by itself or in another lane. A lane may have
    /// Conversations/Open, Post, MarkRead and MarkReceived, all of Requests that changes something, and
    /// Tickets/Comment.
    package func submitLane(
        _ call: Docket_V1_SubmitLaneCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_SubmitLaneReply {
        try await channel.unary(CommandsMethods.submitLane, call, options: options)
    }
}
