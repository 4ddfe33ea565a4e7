internal import DocketCalls
package import DocketDesk
internal import DocketDomain
package import DocketMessages
package import DocketRPC
internal import DocketStore
internal import FoundationEssentials
internal import SwiftProtobuf
internal import Synchronization

/// Serves `Feed`: one subscription is one loop that sends as far as the client has given credit.
package final class FeedHandler: FeedService {
    /// Feeds that one connection may have open.
    package static let feedsPerConnection = 16
    /// Silence after which a heartbeat is sent, at the next look.
    ///
    /// Together they keep every silence between 15 and 25 seconds.
    package static let silence = Duration.seconds(15)
    /// How often subscriptions look whether they owe a heartbeat.
    package static let beat = Duration.seconds(10)
    /// Entries fetched at a time: enough to fill a few records, little enough to stay fair.
    private static let pageEntries = 64

    private let desk: Desk
    private let hubs = Mutex<[ObjectIdentifier?: FeedHub]>([:])
    private let open = Mutex<[ObjectIdentifier: Int]>([:])
    private let now: @Sendable () -> ContinuousClock.Instant

    /// Serves the feeds of a desk; silence is measured by `now`.
    package init(
        desk: Desk,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.desk = desk
        self.now = now
    }

    /// Wakes the subscriptions that may owe their client a heartbeat, again and again until the
    /// task is cancelled.
    package func beat() async {
        while !Task.isCancelled {
            do {
                try await Task.sleep(for: Self.beat)
            } catch {
                return
            }
            wakeAll()
        }
    }

    /// Lets every subscription look whether it owes its client a heartbeat.
    package func wakeAll() {
        for hub in hubs.withLock({ Array($0.values) }) { hub.wakeAll() }
    }

    package func subscribe(
        _ call: Docket_V1_SubscribeCall,
        replies: ReplyWriter<Docket_V1_FeedEntry>,
        context: CallContext
    ) async throws(RPCError) {
        let connection = ObjectIdentifier(context.connection)
        try count(connection)
        defer { uncount(connection) }
        let principal = try context.principal
        let start = try Self.start(call)
        var subscription: FeedSubscription
        do throws(ResyncReason) {
            subscription = try desk.subscribe(as: principal, from: start, on: hub(for: context))
        } catch {
            throw RPCError(error)
        }
        defer { subscription.close() }
        try await send(&subscription, to: replies, atMost: context.maximumReply)
    }

    private func send(
        _ subscription: inout FeedSubscription,
        to replies: ReplyWriter<Docket_V1_FeedEntry>,
        atMost longest: Int
    ) async throws(RPCError) {
        let epoch = subscription.epoch.bytes
        func encode(_ entry: FeedEntry) throws(RPCError) -> [UInt8] {
            try FeedEntryCoding.encode(entry, epoch: epoch, atMost: longest)
        }
        var lastSent = now()
        while !Task.isCancelled {
            let page: FeedPage
            do throws(StoreError) {
                page = try await subscription.next(limit: Self.pageEntries)
            } catch {
                throw RPCError(.serverError, "the store cannot be read")
            }
            for signal in page.signals where subscription.isValid(signal) {
                try await replies.write(encoded: FeedEntryCoding.ephemeral(signal.event))
            }
            for entry in page.entries {
                try await replies.write(encoded: encode(entry))
            }
            if !page.entries.isEmpty { lastSent = now() }
            guard page.isLevel else { continue }
            if lastSent.duration(to: now()) >= Self.silence {
                let beat = subscription.heartbeat()
                try await replies.write(encoded: encode(beat))
                lastSent = now()
            }
            await subscription.wait()
        }
    }

    private static func start(_ call: Docket_V1_SubscribeCall) throws(RPCError) -> FeedStart {
        switch call.start {
        case .cursor(let cursor):
            guard !cursor.epoch.isEmpty else { throw .field(.fieldMissing, "cursor.epoch") }
            guard let epoch = Epoch(bytes: cursor.epoch) else {
                throw .field(.invalidArgument, "cursor.epoch")
            }
            return .after(FeedCursor(epoch: epoch, offset: cursor.offset))
        case .fromBeginning(true): return .beginning
        case .fromBeginning(false), nil: return .now
        }
    }

    /// The hub of the executor on which a connection's handlers run.
    private func hub(for context: CallContext) -> FeedHub {
        let executor = context.executor
        return hubs.withLock { hubs in
            let key = executor.map { ObjectIdentifier($0) }
            if let hub = hubs[key] { return hub }
            let hub = desk.makeHub { body in
                if let executor { executor.execute(body) } else { body() }
            }
            hubs[key] = hub
            return hub
        }
    }

    private func count(_ connection: ObjectIdentifier) throws(RPCError) {
        let isAllowed = open.withLock { open in
            guard open[connection, default: 0] < Self.feedsPerConnection else { return false }
            open[connection, default: 0] += 1
            return true
        }
        guard isAllowed else {
            throw RPCError(
                .tooManyFeeds,
                "a connection has at most \(Self.feedsPerConnection) feeds",
                isNotProcessed: true
            )
        }
    }

    private func uncount(_ connection: ObjectIdentifier) {
        open.withLock { open in
            open[connection, default: 1] -= 1
            if open[connection] == 0 { open[connection] = nil }
        }
    }

    package func snapshot(
        _ call: Docket_V1_SnapshotCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_SnapshotReply {
        let limit = try pageLimit(call.limit)
        let principal = try context.principal
        let token = call.page.isEmpty ? nil : call.page
        let page = try await asking { () async throws(QueryError) in
            try await desk.snapshot(for: principal, page: token, limit: limit)
        }
        var reply = Docket_V1_SnapshotReply()
        reply.asOf.epoch = page.asOf.epoch.bytes
        reply.asOf.offset = page.asOf.offset
        let view = RequestView(policy: desk.policy, audience: principal.audience)
        reply.conversations = page.situations.compactMap { situation in
            situation.conversation.map {
                Docket_V1_Conversation($0, newestRequest: situation.request, for: view)
            }
        }
        reply.nextPage = page.nextPage ?? Data()
        return reply
    }
}
