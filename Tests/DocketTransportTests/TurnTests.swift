import DocketRPC
import DocketTestSupport
import DocketTransport
import DocketWire
import NIOCore
import NIOPosix
import SwiftProtobuf
import Synchronization
import Testing

@Suite("Connections of one event loop take turns")
struct TurnTests {
    /// What the loop did, in order.
    private final class Diary: Sendable {
        private struct State {
            var entries: [String] = []
            var waiters: [CheckedContinuation<Void, Never>] = []
        }

        private let state = Mutex(State())

        var entries: [String] { state.withLock { $0.entries } }

        func note(_ entry: String) {
            state.withLock { $0.entries.append(entry) }
        }

        /// Waits until `open`.
        func wait() async {
            await withCheckedContinuation { continuation in
                state.withLock { $0.waiters.append(continuation) }
            }
        }

        var waiting: Int { state.withLock { $0.waiters.count } }

        func open() {
            let waiters = state.withLock { state in
                defer { state.waiters = [] }
                return state.waiters
            }
            for waiter in waiters { waiter.resume() }
        }
    }

    private static let heavy = method("Heavy", .unary)
    private static let flood = method("Flood", .clientStreaming)
    private static let echo = method("Echo", .unary)

    private static func method(_ name: String, _ shape: CallShape) -> Method {
        Method(
            "docket.test.Turns/\(name)",
            shape,
            callers: Callers(.anyone),
            defaultTimeout: nil
        )
    }

    /// `onMessage` is told the number of each message of a flood.
    private static func router(
        _ diary: Diary,
        onMessage: @escaping @Sendable (Int) -> Void = { _ in }
    ) -> Router {
        var router = Router()
        router.unary(heavy) { (_: Docket_Test_Empty, _) async throws(RPCError) in
            await diary.wait()
            // As much work as a page of history is.
            let end = ContinuousClock.now + .milliseconds(2)
            while ContinuousClock.now < end {}
            diary.note("heavy")
            return Docket_Test_Empty()
        }
        router.clientStreaming(flood) {
            (messages: MessageStream<Docket_Test_Empty>, _) async throws(RPCError) in
            var count = 0
            for try await _ in messages {
                count += 1
                onMessage(count)
                diary.note("flood")
            }
            return Docket_Test_Empty()
        }
        router.unary(echo) { (call: Docket_Test_Empty, _) async throws(RPCError) in
            diary.note("echo")
            return call
        }
        return router
    }

    private func run(
        _ diary: Diary,
        limits: Limits = Limits(),
        onMessage: @escaping @Sendable (Int) -> Void = { _ in },
        _ body: (TransportBench, MultiThreadedEventLoopGroup) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        try await TransportBench.run(
            limits: limits,
            group: group,
            router: Self.router(diary, onMessage: onMessage)
        ) { try await body($0, group) }
        try await group.shutdownGracefully()
    }

    @Test("A hundred heavy replies that are ready at once let a call of another connection pass")
    func heavyReplies() async throws {
        let diary = Diary()
        try await run(diary) { bench, group in
            let client = try await bench.connectRaw()
            client.send(.hello(token: TestAuthenticator.good))
            for stream in 1...100 { client.send(.open(UInt32(stream), Self.heavy.hash)) }
            let other = try BlockingSocket(to: bench.server.address)
            other.send(.hello())
            try await bench.waitForConnections(2)
            try await eventually { diary.waiting == 100 }
            // Everything is ready in one turn of the loop, which has not read the echo yet.
            try await group.next().submit {
                other.send(.open(1, Self.echo.hash))
                diary.open()
            }.get()
            try await eventually { diary.entries.count == 101 }
            let place = try #require(diary.entries.firstIndex(of: "echo"))
            // A turn is over after three of them, or fewer where the machine is slow.
            #expect(place < 50)
            client.close()
        }
    }

    @Test("A flood of small frames lets a call of another connection pass")
    func smallFrames() async throws {
        let diary = Diary()
        var limits = Limits()
        limits.framesPerTurn = 4
        let other = Mutex<BlockingSocket?>(nil)
        let onMessage: @Sendable (Int) -> Void = { number in
            guard number == 1 else { return }
            other.withLock { $0?.send(.open(1, Self.echo.hash)) }
        }
        try await run(diary, limits: limits, onMessage: onMessage) { bench, _ in
            let socket = try BlockingSocket(to: bench.server.address)
            socket.send(.hello())
            other.withLock { $0 = socket }
            let peer = try await bench.connectRaw()
            try await bench.waitForConnections(2)
            var bytes = ByteBuffer()
            bytes.writeFrame(.hello())
            bytes.writeFrame(.open(1, Self.flood.hash, message: nil))
            for _ in 0..<400 {
                bytes.writeFrame(Frame(.message, stream: StreamID(rawValue: 1)))
            }
            peer.send(bytes)
            try await eventually { diary.entries.count == 401 }
            let place = try #require(diary.entries.firstIndex(of: "echo"))
            #expect(place < 200)
            peer.close()
        }
    }
}
