internal import DocketCalls
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf
internal import Synchronization

/// Keeps what a client holds of the server's level with the server: by a snapshot at first and when
/// the feed cannot go on, by the feed from then on.
///
/// It begins when somebody asks for what it holds. Everything it does goes through the local store,
/// so that a process that ends anywhere goes on from the last commit.
final class ReplicaRunner: Sendable {
    /// How many conversations a page of a snapshot has if nothing else is said.
    static let snapshotPage: UInt32 = 100
    /// How many events a page of a conversation's past has.
    static let historyPage: UInt32 = 100
    /// How many conversations' pasts are fetched at once.
    private static let fetches = 4
    /// How long a call for the replica may take before it is made again.
    private static let callTime = Duration.seconds(60)
    /// How long to wait before a part of the past is asked for again.
    private static let retryTime = Duration.seconds(5)

    private struct Shared {
        var isStarted = false
        var hasCaughtUp = false
        var cursor: Cursor?
        /// The connection on which the feed goes on from the cursor.
        ///
        /// What is asked there is of the same life of the log: a restore ends every connection.
        var link: Engine.Link?
        /// The number of the connection that gave the first page of the snapshot under way.
        var snapshotLink: Int?
        /// The conversations whose past is being fetched.
        var filling: Set<ConversationID> = []
        /// Those whose past the server does not give.
        var refused: Set<ConversationID> = []
        var isFetchingRequests = false
        var wantsRequests = false
        /// Why the server is not followed now.
        var trouble: DocketClientError?
    }

    let store: LocalStore
    let observers: LocalObservers
    private let engine: Engine
    private let outbox: OutboxRunner
    private let snapshotPage: UInt32
    private let shared: Mutex<Shared>

    /// A replica in a store, which has got as far as the cursor.
    init(
        _ engine: Engine,
        _ store: LocalStore,
        _ outbox: OutboxRunner,
        _ cursor: Cursor?,
        snapshotPage: UInt32
    ) {
        self.snapshotPage = snapshotPage
        self.engine = engine
        self.store = store
        self.outbox = outbox
        observers = outbox.observers
        shared = Mutex(Shared(cursor: cursor))
    }

    /// Why the server is not followed now; nil while it is.
    var trouble: DocketClientError? { shared.withLock { $0.trouble } }

    /// Whether the server is followed, or was.
    var isStarted: Bool { shared.withLock { $0.isStarted } }

    /// How far the server was followed; nil before the first snapshot.
    var cursor: Cursor? { shared.withLock { $0.cursor } }

    /// Whether everything up to an offset is in the store, and all that the feed had to tell.
    func isLevel(with offset: UInt64) -> Bool {
        shared.withLock { $0.hasCaughtUp && $0.cursor.map { $0.offset >= offset } ?? false }
    }

    /// Begins to follow the server, unless that has begun.
    func start() {
        let isFirst = shared.withLock { shared in
            defer { shared.isStarted = true }
            return !shared.isStarted
        }
        guard isFirst else { return }
        outbox.shared.withLock { $0.holdsMessages = true }
        Task { await run() }
    }

    // MARK: Following

    private func run() async {
        var backoff = Backoff()
        while true {
            do throws(DocketClientError) {
                if let cursor = shared.withLock({ $0.cursor }) {
                    if try await follow(from: cursor) { backoff.reset() }
                    // A server that asks for a snapshot after each is asked at a bearable pace.
                    try await rest(&backoff)
                }
                try await takeSnapshot()
            } catch {
                shared.withLock { shared in
                    shared.hasCaughtUp = false
                    shared.trouble = error
                }
                observers.ring(.replica)
                guard ![.closed, .needsLogin, .otherPrincipal, .cancelled].contains(error.code),
                    (try? await rest(&backoff)) != nil
                else { return }
            }
        }
    }

    private func rest(_ backoff: inout Backoff) async throws(DocketClientError) {
        let wait = engine.withRandom { backoff.wait(after: nil, using: &$0) }
        guard await engine.clock.sleep(until: engine.clock.now() + wait) else {
            throw DocketClientError(.cancelled, "the client was closed")
        }
    }

    /// Follows the feed until the server asks for a snapshot; gives whether it has told anything.
    private func follow(from cursor: Cursor) async throws(DocketClientError) -> Bool {
        fetchRequests()
        let reader = FeedReader(engine, from: .after(cursor)) { [weak self] in
            self?.stands(on: nil)
        } goesOn: { [weak self] link in
            self?.stands(on: link)
        }
        defer { stands(on: nil) }
        let applier = FeedApplier(to: store) { [weak self] in self?.applied($0) }
        var hasTold = false
        do throws(DocketClientError) {
            while let step = try await reader.next() {
                try await apply(step, with: applier)
                if case .marker(.started) = step.content { continue }
                hasTold = true
            }
        } catch {
            guard error.code == .resyncRequired else { throw error }
        }
        return hasTold
    }

    /// The feed goes on over a connection, or asks for its place over another.
    private func stands(on link: Engine.Link?) {
        shared.withLock { shared in
            shared.link = link
            if link == nil { shared.hasCaughtUp = false }
        }
        // Whoever looks asks again for what is missing.
        if link != nil { observers.ring(.replica) }
    }

    /// The offset of the newest event that the server tells behind what is held, 0 for none.
    ///
    /// - Parameter deadline: Until when to ask.
    /// - Returns: The offset; nil if there is no answer in time, or not before another snapshot.
    /// - Throws: Why there will be none.
    func newestEvent(
        before deadline: ContinuousClock.Instant
    ) async throws(DocketClientError) -> UInt64? {
        guard let cursor = shared.withLock({ $0.cursor }) else { return nil }
        let asking = Task { [engine] () async -> Result<UInt64, DocketClientError> in
            let reader = FeedReader(engine, from: .after(cursor)) {}
            var newest: UInt64 = 0
            do throws(DocketClientError) {
                while let step = try await reader.next() {
                    if case .event(_, let offset) = step.content { newest = offset }
                    if case .marker(.caughtUp) = step.content { break }
                }
                return .success(newest)
            } catch {
                return .failure(error)
            }
        }
        let timer = Task { [engine] in
            if await engine.clock.sleep(until: deadline) { asking.cancel() }
        }
        defer { timer.cancel() }
        let answer = await withTaskCancellationHandler {
            await asking.value
        } onCancel: {
            asking.cancel()
        }
        switch answer {
        case .success(let offset): return offset
        // The replica meets the same, and takes a snapshot.
        case .failure(let error) where error.code == .resyncRequired: return nil
        case .failure where engine.clock.now() >= deadline: return nil
        case .failure(let error): throw error
        }
    }

    private func apply(
        _ step: FeedReader.Step,
        with applier: FeedApplier
    ) async throws(DocketClientError) {
        do throws(LocalStoreError) {
            switch step.content {
            case .event(let event, let offset):
                try await applier.add(ReplicaEvent(event, at: offset), step.cursor)
            case .marker(let marker):
                let hasCaughtUp = marker == .caughtUp
                try await applier.add(nil, step.cursor, hasCaughtUp: hasCaughtUp)
            case .passing: break
            }
        } catch {
            throw DocketClientError(error)
        }
    }

    private func applied(_ batch: FeedApplier.Batch) {
        shared.withLock { shared in
            shared.cursor = batch.cursor
            shared.trouble = nil
            if batch.hasCaughtUp { shared.hasCaughtUp = true }
        }
        outbox.told(upTo: batch.cursor.offset)
        for entry in batch.events {
            if let receipt = Receipt.of(entry) { outbox.arrived(receipt) }
        }
        fetchRequests()
        observers.ring(.replica)
    }

    // MARK: Snapshots

    /// Reads everything as it is, and stands behind it.
    ///
    /// A snapshot that broke off goes on behind the last page that was put by.
    private func takeSnapshot() async throws(DocketClientError) {
        shared.withLock { $0.hasCaughtUp = false }
        _ = try await engine.link(by: nil)
        var last = try await pageToGoOnFrom()
        while true {
            let (page, link): (Docket_V1_SnapshotReply, Int)
            do throws(DocketClientError) {
                (page, link) = try await snapshotPage(behind: last)
            } catch {
                // The server knows the place no more: the next snapshot begins anew.
                if error.code == .refused, last != nil {
                    try await commit([.replica(.snapshotForgotten)])
                }
                throw error
            }
            if last == nil { shared.withLock { $0.snapshotLink = link } }
            guard page.nextPage.isEmpty else {
                try await commit([.replica(.snapshot(page))])
                last = page
                continue
            }
            return try await stand(behind: page)
        }
    }

    /// Takes the last page of a snapshot.
    ///
    /// Connections come one after the other, and lives of the log too: what took effect on that of
    /// the first page, or on a later one, is of the same life. What took effect before it in the
    /// same life does not stand behind the snapshot. Where another process has had the first page,
    /// that was before all connections of this one.
    private func stand(
        behind page: Docket_V1_SnapshotReply
    ) async throws(DocketClientError) {
        let asOf = try Cursor(page.asOf)
        let firstLink = shared.withLock { $0.snapshotLink }
        let link = firstLink ?? 0
        var changes: [ReplicaChange] = []
        if firstLink != nil { changes.append(.takenForgotten(behind: asOf.offset)) }
        for message in outbox.taken where message.link >= link {
            changes.append(.taken(message.entry, epoch: asOf.epoch))
        }
        try await commit([.replica(.snapshot(page))] + changes.map(LocalChange.replica))
        outbox.reads(asOf.epoch, since: link)
        shared.withLock { shared in
            shared.snapshotLink = nil
            shared.cursor = asOf
            shared.refused = []
        }
        observers.ring(.replica)
    }

    /// The last page that was put by; nil where there is none, or the feed has told more since.
    private func pageToGoOnFrom() async throws(DocketClientError) -> Docket_V1_SnapshotReply? {
        let page: Docket_V1_SnapshotReply?
        do throws(LocalStoreError) {
            page = try store.read { try $0.lastPage() }
        } catch {
            throw DocketClientError(error)
        }
        guard let page else { return nil }
        let asOf = try Cursor(page.asOf)
        let isBehind = shared.withLock { shared in
            shared.cursor.map { $0.epoch == asOf.epoch && $0.offset > asOf.offset } ?? false
        }
        guard isBehind else { return page }
        try await commit([.replica(.snapshotForgotten)])
        return nil
    }

    /// The page behind another, or the first.
    private func snapshotPage(
        behind last: Docket_V1_SnapshotReply?
    ) async throws(DocketClientError) -> (Docket_V1_SnapshotReply, link: Int) {
        let call = Docket_V1_SnapshotCall.with {
            $0.limit = snapshotPage
            $0.page = last?.nextPage ?? Data()
        }
        let (page, link) = try await engine.performTellingLink(within: Self.callTime) {
            (channel, options) async throws(RPCError) in
            try await FeedCaller(channel: channel).snapshot(call, options: options)
        }
        let asOf = try Cursor(page.asOf)
        engine.heard(asOf.epoch, on: link)
        guard let last, try Cursor(last.asOf) != asOf else { return (page, link) }
        throw DocketClientError(.refused, "the pages of a snapshot are of different moments")
    }

    private func commit(_ changes: [LocalChange]) async throws(DocketClientError) {
        do throws(LocalStoreError) {
            try await store.commit(changes)
        } catch {
            throw DocketClientError(error)
        }
    }

    // MARK: Holes

    /// Fetches the part of a conversation's past that ends with an offset, unless the feed does not
    /// go on, that is under way, many others are, or the server has refused it.
    ///
    /// The observers are told when it is there, and can ask for more.
    func fill(_ conversation: ConversationID, endingAt offset: UInt64) {
        let place = shared.withLock { shared -> (Engine.Link, Cursor)? in
            guard let link = shared.link, let cursor = shared.cursor,
                !shared.refused.contains(conversation), shared.filling.count < Self.fetches,
                shared.filling.insert(conversation).inserted
            else { return nil }
            return (link, cursor)
        }
        guard let (link, cursor) = place else { return }
        Task {
            let isRefused: Bool
            do throws(DocketClientError) {
                try await fetch(conversation, endingAt: offset, cursor.epoch, over: link)
                isRefused = false
            } catch {
                isRefused = error.code == .refused
                // Where the feed goes on elsewhere by then, everything is asked for there.
                if !isRefused, shared.withLock({ $0.link?.number == link.number }) {
                    _ = await engine.clock.sleep(until: engine.clock.now() + Self.retryTime)
                }
            }
            shared.withLock { shared in
                shared.filling.remove(conversation)
                if isRefused { shared.refused.insert(conversation) }
            }
            observers.ring(.replica)
        }
    }

    /// Fetches a page of the past over the connection of the feed, and no other: the page does not
    /// say of which life of the log it is.
    private func fetch(
        _ conversation: ConversationID,
        endingAt offset: UInt64,
        _ epoch: [UInt8],
        over link: Engine.Link
    ) async throws(DocketClientError) {
        let call = Docket_V1_HistoryCall.with {
            $0.conversationID = Data(conversation.bytes)
            $0.before = offset &+ 1
            $0.limit = Self.historyPage
        }
        let reply: Docket_V1_HistoryReply
        do throws(RPCError) {
            let options = CallOptions(timeout: Engine.attemptTime)
            reply = try await ConversationsCaller(channel: link.connection)
                .history(call, options: options)
        } catch {
            // What is wrong with the connection is wrong with the feed on it.
            if OutboxMachine.AttemptFailure(error) == .connection {
                engine.report(error, on: link)
            }
            throw DocketClientError(error)
        }
        guard !reply.entries.isEmpty || !reply.more else {
            throw .malformed("a page of the past without entries, and more behind it")
        }
        // Everything between the page and the place that was asked for is known to be empty.
        let low = reply.more ? min(reply.fromOffset, offset) : 0
        let events = reply.entries.map { ReplicaEvent($0.event, at: $0.offset) }
        let filled = low...offset
        try await commit([.replica(.history(conversation, events, filled: filled, epoch))])
    }

    // MARK: Requests

    /// Fetches the requests of which only the id is known.
    private func fetchRequests() {
        let begins = shared.withLock { shared in
            shared.wantsRequests = true
            defer { shared.isFetchingRequests = true }
            return !shared.isFetchingRequests
        }
        guard begins else { return }
        Task {
            while wantsRequests() { await fetchLackingRequests() }
        }
    }

    /// Whether to look for such requests again, which ends with it.
    private func wantsRequests() -> Bool {
        shared.withLock { shared in
            defer { shared.wantsRequests = false }
            if !shared.wantsRequests { shared.isFetchingRequests = false }
            return shared.wantsRequests
        }
    }

    private func fetchLackingRequests() async {
        // A store that cannot be read tells so to whoever looks at a view.
        let ids = (try? store.lackingRequests()) ?? []
        for id in ids {
            let call = Docket_V1_GetRequestCall.with { $0.id = Data(id.bytes) }
            do throws(DocketClientError) {
                let reply = try await engine.perform(within: Self.callTime) {
                    (channel, options) async throws(RPCError) in
                    try await RequestsCaller(channel: channel).get(call, options: options)
                }
                try await commit([.replica(.request(reply.request))])
            } catch {
                // A request that the server does not give stays as it is; others are asked for.
                guard error.code != .refused else { continue }
                guard error.code != .closed,
                    await engine.clock.sleep(until: engine.clock.now() + Self.retryTime)
                else { return }
                shared.withLock { $0.wantsRequests = true }
            }
        }
        if !ids.isEmpty { observers.ring(.replica) }
    }
}
