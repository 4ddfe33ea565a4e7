internal import ArgumentParser
internal import DocketCalls
internal import DocketCommandLine
internal import DocketMessages
internal import DocketRPC
internal import DocketTransport
internal import DocketWire
internal import FoundationEssentials
internal import NIOCore
internal import SwiftProtobuf

/// Measures how fast one event reaches many feeds.
struct FanoutCommand: AsyncParsableCommand, LoadAction {
    static let configuration = CommandConfiguration(
        commandName: "fanout",
        abstract: "Open many feeds of one agent and post; count what the feeds deliver.",
        discussion: """
            --depth posts are outstanding: the next burst begins when every feed has
            delivered the one before. Latency is from a burst's beginning to its last
            delivery.
            """
    )

    @OptionGroup var options: LoadOptions

    func measure() async throws -> LoadReport {
        let client = try LoadClient(credentials: options.credentials)
        let poster = try await client.connect(token: client.signInWithKey())
        let places = try await ConversationMaker(channel: poster).make(16)
        let text = LoadText.text(bytes: options.body)
        // The first message of a conversation also opens a request; from the second on a post is
        // exactly one event.
        for place in places {
            var call = Docket_V1_PostCall()
            call.header.commandID = CommandIdentifiers.next()
            call.conversationID = place
            call.text = text
            _ = try await ConversationsCaller(channel: poster).post(call)
        }
        let token = try await client.signInAsAgent()
        let connections = try await client.connect(options.connections, token: token)
        let load = FanoutLoad(
            poster: poster,
            conversations: places,
            connections: connections,
            burst: options.depth,
            text: text,
            eventLoop: client.resources.eventLoop
        )
        let report = try await load.run(
            seconds: options.seconds,
            accounting: options.accounting
        )
        for connection in connections + [poster] { connection.close() }
        try await client.shutDown()
        return report
    }
}

/// Posts in bursts and waits for every feed between them.
///
/// Confined to the event loop of its connections, which is why it may claim to be Sendable.
final class FanoutLoad: @unchecked Sendable {
    private let poster: ClientConnection
    private let conversations: [Data]
    private let connections: [ClientConnection]
    private let burst: Int
    private let text: String
    private let eventLoop: any EventLoop
    private var feeds: [FanoutFeed] = []
    private var outstanding = 0
    private var burstBegan = ContinuousClock.now
    private var began = ContinuousClock.now
    private var isMeasuring = false
    private var isStopping = false
    private var report = LoadReport()
    private var turn = 0

    init(
        poster: ClientConnection,
        conversations: [Data],
        connections: [ClientConnection],
        burst: Int,
        text: String,
        eventLoop: any EventLoop
    ) {
        self.poster = poster
        self.conversations = conversations
        self.connections = connections
        self.burst = burst
        self.text = text
        self.eventLoop = eventLoop
    }

    /// Subscribes, warms up, measures for `seconds`.
    func run(seconds: Double, accounting: ProcessAccounting?) async throws -> LoadReport {
        let subscribe: [UInt8] = try Docket_V1_SubscribeCall().serializedBytes()
        await onLoop { $0.subscribe(subscribe) }
        // Each feed says that it has started before anything is posted.
        while await onLoop({ $0.feeds.contains { !$0.isLive } }) {
            try await Task.sleep(for: .milliseconds(20))
        }
        await onLoop { $0.beginBurst() }
        try await Task.sleep(for: .milliseconds(500))
        let before = try accounting?.processorTime()
        await onLoop { $0.measure() }
        try await Task.sleep(for: .seconds(seconds))
        var report = await onLoop { $0.stop() }
        if let before, let after = try accounting?.processorTime() {
            report.serverTime = after - before
        }
        return report
    }

    private func onLoop<Result: Sendable>(
        _ body: @escaping @Sendable (FanoutLoad) -> Result
    ) async -> Result {
        await withCheckedContinuation { continuation in
            eventLoop.execute { continuation.resume(returning: body(self)) }
        }
    }

    private func subscribe(_ call: [UInt8]) {
        feeds = connections.map { connection in
            let feed = FanoutFeed(load: self, shortest: text.utf8.count)
            feed.call = connection.begin(
                FeedMethods.subscribe,
                options: CallOptions(),
                first: call,
                ends: true,
                receiver: feed
            )
            return feed
        }
    }

    private func measure() {
        report = LoadReport()
        report.rateName = "deliveries_per_second"
        began = .now
        isMeasuring = true
    }

    private func stop() -> LoadReport {
        isStopping = true
        isMeasuring = false
        report.elapsed = began.duration(to: .now)
        return report
    }

    private func beginBurst() {
        guard !isStopping else { return }
        burstBegan = .now
        outstanding = burst * feeds.count
        for _ in 0..<burst {
            turn += 1
            var call = Docket_V1_PostCall()
            call.header.commandID = CommandIdentifiers.next()
            call.conversationID = conversations[turn % conversations.count]
            call.text = text
            // A message of ours has no required fields, so encoding it cannot fail.
            let bytes: [UInt8] = (try? call.serializedBytes()) ?? []
            _ = poster.begin(
                ConversationsMethods.post,
                options: CallOptions(),
                first: bytes,
                ends: true,
                receiver: PostReceiver(load: self)
            )
        }
    }

    /// A feed delivered a message.
    func delivered() {
        outstanding -= 1
        if isMeasuring { report.count += 1 }
        guard outstanding == 0 else { return }
        if isMeasuring { report.latency.record(burstBegan.duration(to: .now)) }
        beginBurst()
    }

    /// Something went wrong.
    func failed(_ error: String) {
        guard !isStopping else { return }
        report.errors += 1
        report.firstError = report.firstError ?? error
    }
}

/// One feed.
///
/// Confined to its load's event loop.
private final class FanoutFeed: MessageReceiver, @unchecked Sendable {
    private unowned let load: FanoutLoad
    var call: (any ClientCall)?
    private(set) var isLive = false
    private var owed = 0
    private let shortest: Int

    init(load: FanoutLoad, shortest: Int) {
        self.load = load
        self.shortest = shortest
    }

    func receive(_ bytes: RawSpan, cost: Int) {
        owed += cost
        if owed >= 16_384 {
            call?.consumed(cost: owed)
            owed = 0
        }
        guard isLive else { return becomeLive(bytes) }
        // Only markers are shorter than the text that every message carries.
        if bytes.byteCount > shortest { load.delivered() }
    }

    private func becomeLive(_ bytes: RawSpan) {
        guard let entry = try? Docket_V1_FeedEntry(serializedBytes: bytes) else { return }
        isLive = entry.marker == .feedCaughtUp
    }

    func finish(_ status: CallStatus) {
        if let error = status.error { load.failed(ErrorText.words(for: error)) }
    }
}

/// Learns whether a post was taken.
private final class PostReceiver: MessageReceiver {
    private let load: FanoutLoad

    init(load: FanoutLoad) {
        self.load = load
    }

    func receive(_ bytes: RawSpan, cost: Int) {}

    func finish(_ status: CallStatus) {
        if let error = status.error { load.failed(ErrorText.words(for: error)) }
    }
}
