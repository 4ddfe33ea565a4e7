// Made from docket/v1/feed.proto by protoc-gen-docket; do not edit.

package import DocketMessages
package import DocketRPC

/// The methods of `docket.v1.Feed`.
package enum FeedMethods {
    /// Tells everything after the cursor, and goes on as it happens.
    package static let subscribe = Method(
        "docket.v1.Feed/Subscribe", .serverStreaming,
        callers: Callers(.contact, .agent, .supervisor, .administrator, .integration, .partner),
        defaultTimeout: nil)
    /// Gives the caller's conversations as they are, a page at a time, and the cursor from which
    /// Subscribe continues.
    package static let snapshot = Method(
        "docket.v1.Feed/Snapshot", .unary,
        callers: Callers(.contact, .agent, .supervisor, .administrator, .integration, .partner),
        defaultTimeout: .milliseconds(30000))

    /// All of them.
    package static let all: [Method] = [subscribe, snapshot]
}

/// How a principal learns of changes: the log, filtered by what the principal may see. Catching up
/// and live are one stream with one cursor.
package protocol FeedService: Sendable {
    /// Tells everything after the cursor, and goes on as it happens.
    func subscribe(
        _ call: Docket_V1_SubscribeCall, replies: ReplyWriter<Docket_V1_FeedEntry>,
        context: CallContext
    ) async throws(RPCError)
    /// Gives the caller's conversations as they are, a page at a time, and the cursor from which
    /// Subscribe continues.
    func snapshot(
        _ call: Docket_V1_SnapshotCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_SnapshotReply
}

extension FeedService {
    /// Adds the service's methods to a router.
    package func register(in router: inout Router) {
        router.serverStreaming(FeedMethods.subscribe) {
            (call, replies, context) async throws(RPCError) in
            try await self.subscribe(call, replies: replies, context: context)
        }
        router.unary(FeedMethods.snapshot) {
            (call, context) async throws(RPCError) in
            try await self.snapshot(call, context: context)
        }
    }
}

/// Calls the methods of `docket.v1.Feed`.
package struct FeedCaller: Sendable {
    private let channel: any CallChannel

    /// Makes calls over `channel`.
    package init(channel: any CallChannel) {
        self.channel = channel
    }

    /// Tells everything after the cursor, and goes on as it happens.
    package func subscribe(
        _ call: Docket_V1_SubscribeCall, options: CallOptions = CallOptions()
    ) throws(RPCError) -> MessageStream<Docket_V1_FeedEntry> {
        try channel.serverStreaming(FeedMethods.subscribe, call, options: options)
    }

    /// Gives the caller's conversations as they are, a page at a time, and the cursor from which
    /// Subscribe continues.
    package func snapshot(
        _ call: Docket_V1_SnapshotCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_SnapshotReply {
        try await channel.unary(FeedMethods.snapshot, call, options: options)
    }
}
