import CAllocationCounter
import DocketRPC
import DocketTestSupport
import DocketTransport
import FoundationEssentials
import NIOCore
import NIOPosix
import SwiftProtobuf
import Testing

/// Budgets of heap allocations.
///
/// They keep what was reached: who makes one larger says why.
///
/// Both ends run on one event loop of their own, whose thread alone is counted, so that tests which
/// run beside do not disturb the figures.
@Suite(
    "Heap allocations over TLS",
    .enabled(if: docket_allocations_are_counted() != 0, "A sanitizer counts its own allocations.")
)
struct AllocationTests {
    /// A budget for both ends together.
    private struct Budget {
        let release: Double
        /// Without optimization more is allocated.
        let debug: Double

        var inForce: Double {
            #if DEBUG
            debug
            #else
            release
            #endif
        }
    }

    private static let unaryCall = Budget(release: 25, debug: 50)
    private static let streamedMessage = Budget(release: 2, debug: 9)

    /// Calls under way at once.
    private static let inFlight = 16

    /// Echoes a message of 100 bytes.
    private static let echo = Method(
        "docket.test.Allocations/Echo",
        .unary,
        callers: Callers(.anyone),
        defaultTimeout: .seconds(30)
    )
    /// Sends as many messages of 100 bytes as the call has bytes.
    private static let feed = Method(
        "docket.test.Allocations/Feed",
        .serverStreaming,
        callers: Callers(.anyone),
        defaultTimeout: nil
    )

    private static var router: Router {
        var router = Router()
        router.unary(echo) { (call: Docket_Test_Entry, _) async throws(RPCError) in call }
        router.serverStreaming(feed) {
            (
                call: Docket_Test_Entry,
                replies: ReplyWriter<Docket_Test_Entry>,
                _
            )
                async throws(RPCError) in
            let reply = [UInt8](repeating: 0, count: 100)
            for _ in call.value { try await replies.write(encoded: reply) }
        }
        return router
    }

    /// Allocations for each of `count` rounds of something that both ends do.
    private func allocations(
        rounds count: Int,
        _ round: @escaping @Sendable (ClientConnection, Int) async throws -> Void
    ) async throws -> Double {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let executor = LoopResources(eventLoop: group.next()).executor
        let result = try await TransportBench.run(
            .tls,
            group: group,
            router: Self.router
        ) { bench in
            let client = try await bench.connect()
            defer { client.close() }
            return try await withTaskExecutorPreference(executor) {
                // The first rounds fill what is kept for reuse.
                try await round(client, count)
                docket_allocations_start()
                try await round(client, count)
                return Double(docket_allocations_stop())
            }
        }
        try await group.shutdownGracefully()
        return result / Double(count)
    }

    @Test("A unary call stays within its budget")
    func unary() async throws {
        let message = Docket_Test_Entry.with { $0.value = Data(count: 98) }
        let bytes = try encoded(message)
        let measured = try await allocations(rounds: 1_600) { client, count in
            for _ in 0..<(count / Self.inFlight) {
                let receivers = (0..<Self.inFlight).map { _ in RawReceiver() }
                for receiver in receivers {
                    _ = client.begin(
                        Self.echo,
                        options: CallOptions(),
                        first: bytes,
                        ends: true,
                        receiver: receiver
                    )
                }
                for receiver in receivers { _ = await receiver.result() }
            }
        }
        #expect(measured <= Self.unaryCall.inForce)
    }

    @Test("A message of a stream stays within its budget")
    func stream() async throws {
        let measured = try await allocations(rounds: 1_000) { client, count in
            let receiver = CreditingReceiver()
            let call = client.begin(
                Self.feed,
                options: CallOptions(),
                first: try encoded(Docket_Test_Entry.with { $0.value = Data(count: count) }),
                ends: true,
                receiver: receiver
            )
            let replies = await receiver.result(of: call)
            #expect(replies == count)
        }
        #expect(measured <= Self.streamedMessage.inForce)
    }
}
