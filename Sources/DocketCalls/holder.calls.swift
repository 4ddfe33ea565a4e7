// Made from docket/local/holder.proto by protoc-gen-docket; do not edit.

package import DocketMessages
package import DocketRPC

/// The methods of `docket.local.Holder`.
package enum HolderMethods {
    /// Queues a command; the reply says that it is durable, or why it is not kept. The same command
    /// again is the one that is queued already.
    package static let queue = Method(
        "docket.local.Holder/Queue", .unary,
        callers: Callers(.contact),
        defaultTimeout: .milliseconds(30000))
    /// Waits for a moment for what becomes of a command.
    package static let follow = Method(
        "docket.local.Holder/Follow", .unary,
        callers: Callers(.contact),
        defaultTimeout: .milliseconds(30000))
    /// Lets a command that was stopped try again.
    package static let retry = Method(
        "docket.local.Holder/Retry", .unary,
        callers: Callers(.contact),
        defaultTimeout: .milliseconds(30000))
    /// Keeps how far a conversation has been read; the reply says that it is durable, or why it is not
    /// kept.
    package static let mark = Method(
        "docket.local.Holder/Mark", .unary,
        callers: Callers(.contact),
        defaultTimeout: .milliseconds(30000))
    /// Takes a command out of the outbox.
    package static let discard = Method(
        "docket.local.Holder/Discard", .unary,
        callers: Callers(.contact),
        defaultTimeout: .milliseconds(30000))

    /// All of them.
    package static let all: [Method] = [queue, follow, retry, mark, discard]
}

/// The outbox of the process that holds a profile.
package protocol HolderService: Sendable {
    /// Queues a command; the reply says that it is durable, or why it is not kept. The same command
    /// again is the one that is queued already.
    func queue(
        _ call: Docket_Local_QueueCall, context: CallContext
    ) async throws(RPCError) -> Docket_Local_QueueReply
    /// Waits for a moment for what becomes of a command.
    func follow(
        _ call: Docket_Local_FollowCall, context: CallContext
    ) async throws(RPCError) -> Docket_Local_FollowReply
    /// Lets a command that was stopped try again.
    func retry(
        _ call: Docket_Local_RetryCall, context: CallContext
    ) async throws(RPCError) -> Docket_Local_RetryReply
    /// Keeps how far a conversation has been read; the reply says that it is durable, or why it is not
    /// kept.
    func mark(
        _ call: Docket_Local_MarkCall, context: CallContext
    ) async throws(RPCError) -> Docket_Local_MarkReply
    /// Takes a command out of the outbox.
    func discard(
        _ call: Docket_Local_DiscardCall, context: CallContext
    ) async throws(RPCError) -> Docket_Local_DiscardReply
}

extension HolderService {
    /// Adds the service's methods to a router.
    package func register(in router: inout Router) {
        router.unary(HolderMethods.queue) {
            (call, context) async throws(RPCError) in
            try await self.queue(call, context: context)
        }
        router.unary(HolderMethods.follow) {
            (call, context) async throws(RPCError) in
            try await self.follow(call, context: context)
        }
        router.unary(HolderMethods.retry) {
            (call, context) async throws(RPCError) in
            try await self.retry(call, context: context)
        }
        router.unary(HolderMethods.mark) {
            (call, context) async throws(RPCError) in
            try await self.mark(call, context: context)
        }
        router.unary(HolderMethods.discard) {
            (call, context) async throws(RPCError) in
            try await self.discard(call, context: context)
        }
    }
}

/// Calls the methods of `docket.local.Holder`.
package struct HolderCaller: Sendable {
    private let channel: any CallChannel

    /// Makes calls over `channel`.
    package init(channel: any CallChannel) {
        self.channel = channel
    }

    /// Queues a command; the reply says that it is durable, or why it is not kept. The same command
    /// again is the one that is queued already.
    package func queue(
        _ call: Docket_Local_QueueCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_Local_QueueReply {
        try await channel.unary(HolderMethods.queue, call, options: options)
    }

    /// Waits for a moment for what becomes of a command.
    package func follow(
        _ call: Docket_Local_FollowCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_Local_FollowReply {
        try await channel.unary(HolderMethods.follow, call, options: options)
    }

    /// Lets a command that was stopped try again.
    package func retry(
        _ call: Docket_Local_RetryCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_Local_RetryReply {
        try await channel.unary(HolderMethods.retry, call, options: options)
    }

    /// Keeps how far a conversation has been read; the reply says that it is durable, or why it is not
    /// kept.
    package func mark(
        _ call: Docket_Local_MarkCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_Local_MarkReply {
        try await channel.unary(HolderMethods.mark, call, options: options)
    }

    /// Takes a command out of the outbox.
    package func discard(
        _ call: Docket_Local_DiscardCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_Local_DiscardReply {
        try await channel.unary(HolderMethods.discard, call, options: options)
    }
}
