internal import DocketCalls
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

/// Reads one feed: subscribes, applies the chain, and subscribes again from the cursor whenever
/// something is missing, silent or lost.
final class FeedReader {
    private struct Subscription {
        let link: Engine.Link
        let entries: MessageStream<Docket_V1_FeedEntry>
        let silence: SilenceWatch
    }

    /// One step of a feed as it came, and the cursor that stands behind it.
    struct Step {
        /// What came.
        enum Content {
            case marker(FeedChain.Marker)
            case event(Docket_V1_Event, offset: UInt64)
            case passing(Docket_V1_Event)
        }

        let content: Content
        let cursor: Cursor
    }

    private enum Received {
        case entry(Docket_V1_FeedEntry)
        case silence
        case failure(RPCError)
    }

    private let engine: Engine
    private let feed: Int
    private let isBehind: @Sendable () -> Void
    private let goesOn: @Sendable (Engine.Link) -> Void
    private var chain: FeedChain
    private var repetition = Repetition(deadline: nil)
    private var subscription: Subscription?
    private var isOver = false

    /// A reader from a place on.
    ///
    /// - Parameters:
    ///   - engine: What gives the connection.
    ///   - start: Where to begin.
    ///   - isBehind: Told whenever the reader asks the server from its place on: at first, and
    ///     after anything that may have been missed.
    ///   - goesOn: Told whenever the server has taken up the feed where the reader asked it to,
    ///     with the connection, all of whose answers are of the same life of the log.
    init(
        _ engine: Engine,
        from start: FeedStart,
        isBehind: @escaping @Sendable () -> Void = {},
        goesOn: @escaping @Sendable (Engine.Link) -> Void = { _ in }
    ) {
        self.engine = engine
        self.isBehind = isBehind
        self.goesOn = goesOn
        chain = FeedChain(start: start)
        feed = engine.openFeed()
    }

    deinit {
        subscription?.entries.abandon()
        engine.closeFeed(feed)
    }

    /// The next step; nil after an error.
    func next() async throws(DocketClientError) -> Step? {
        while !isOver {
            do throws(DocketClientError) {
                if let step = try await step() { return step }
            } catch {
                isOver = true
                drop()
                throw error
            }
        }
        return nil
    }

    /// Reads one entry; nil if it is not to be told.
    private func step() async throws(DocketClientError) -> Step? {
        let subscription = try await subscribe()
        switch await receive(from: subscription) {
        case .entry(let entry): return try await apply(entry, from: subscription)
        case .silence:
            engine.journal.note(.feedSilent)
            drop()
            return nil
        case .failure(let error):
            try await recover(from: error, on: subscription.link)
            return nil
        }
    }

    private func subscribe() async throws(DocketClientError) -> Subscription {
        if let subscription { return subscription }
        isBehind()
        let link = try await engine.link(by: nil)
        engine.feedIsBehind(feed)
        chain.opened()
        do throws(RPCError) {
            let entries = try FeedCaller(channel: link.connection).subscribe(chain.place.call)
            let silence = SilenceWatch(clock: engine.clock) { entries.abandon() }
            let subscription = Subscription(link: link, entries: entries, silence: silence)
            self.subscription = subscription
            return subscription
        } catch {
            throw DocketClientError(error)
        }
    }

    private func drop() {
        subscription?.entries.abandon()
        subscription = nil
    }

    /// Waits for the next entry, but not longer than a live server is silent.
    private func receive(from subscription: Subscription) async -> Received {
        subscription.silence.waitBegins()
        defer { subscription.silence.waitEnds() }
        do throws(RPCError) {
            guard let entry = try await subscription.entries.next() else {
                return .failure(RPCError(.draining, "the server ended the feed"))
            }
            return .entry(entry)
        } catch {
            return subscription.silence.hasRung ? .silence : .failure(error)
        }
    }

    // MARK: Applying

    private func apply(
        _ entry: Docket_V1_FeedEntry,
        from subscription: Subscription
    ) async throws(DocketClientError) -> Step? {
        switch chain.received(prev: entry.prev, offset: entry.offset, try entry.content) {
        case .apply(let cursor):
            repetition.succeeded()
            engine.journal.note(.feedTold(cursor))
            if entry.marker == .feedStarted {
                engine.heard(cursor.epoch, on: subscription.link.number)
            }
            if entry.marker == .feedStarted { goesOn(subscription.link) }
            return Step(content: try content(of: entry), cursor: cursor)
        case .resumed:
            engine.heard(Array(entry.epoch), on: subscription.link.number)
            goesOn(subscription.link)
            return nil
        case .reopen:
            engine.journal.note(.feedBroken)
            drop()
            // A server that breaks the chain each time is asked again at a bearable pace.
            let fault = RPCError(.serverError, "the feed's chain is broken")
            try await recover(from: fault, on: subscription.link)
            return nil
        }
    }

    private func content(
        of entry: Docket_V1_FeedEntry
    ) throws(DocketClientError) -> Step.Content {
        switch try entry.content {
        case .marker(let marker, _):
            if marker == .caughtUp { engine.feedCaughtUp(feed) }
            return .marker(marker)
        case .passing: return .passing(try Docket_V1_Event(from: entry.ephemeral))
        case .event: return .event(try Docket_V1_Event(from: entry.event), offset: entry.offset)
        }
    }

    // MARK: Recovering

    private func recover(
        from error: RPCError,
        on link: Engine.Link
    ) async throws(DocketClientError) {
        drop()
        if Task.isCancelled { throw DocketClientError(.cancelled, "the reader was cancelled") }
        let disposition: Disposition =
            error.reason == .cancelled ? .reconnects(after: nil) : Disposition(error)
        let now = engine.clock.now()
        let action = engine.withRandom { repetition.failed(disposition, at: now, using: &$0) }
        switch action {
        case .repeatCall(let moment):
            guard await engine.clock.sleep(until: moment) else {
                throw DocketClientError(.cancelled, "the reader was cancelled")
            }
        case .reconnect: engine.report(error, on: link)
        case .giveUp, .timeIsOver:
            let failure = DocketClientError(error)
            if failure.code == .resyncRequired {
                engine.journal.note(.feedLost(failure.refusal))
            }
            throw failure
        }
    }
}

extension FeedStart {
    fileprivate var call: Docket_V1_SubscribeCall {
        .with {
            switch self {
            case .now: break
            case .beginning: $0.fromBeginning = true
            case .after(let cursor): $0.cursor = cursor.message
            }
        }
    }
}

extension Docket_V1_FeedEntry {
    fileprivate var content: FeedChain.Content {
        get throws(DocketClientError) {
            switch marker {
            case .feedStarted: .marker(.started, epoch: Array(epoch))
            case .feedCaughtUp: .marker(.caughtUp, epoch: Array(epoch))
            case .feedHeartbeat: .marker(.heartbeat, epoch: Array(epoch))
            case .none: ephemeral.isEmpty ? .event : .passing
            case .UNRECOGNIZED: throw .malformed("a feed entry of a kind that is not known")
            }
        }
    }
}

extension Docket_V1_Event {
    fileprivate init(from bytes: Data) throws(DocketClientError) {
        do {
            self = try Docket_V1_Event(serializedBytes: bytes, options: .untrusted)
        } catch {
            throw .malformed("an event that cannot be decoded")
        }
    }
}
