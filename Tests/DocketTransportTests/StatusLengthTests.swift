import DocketRPC
import DocketTestSupport
import DocketTransport
import DocketWire
import FoundationEssentials
import SwiftProtobuf
import Testing

@Suite("A status that is longer than its client's longest frame")
struct StatusLengthTests {
    @Test("is cut, keeps its reason, and the connection goes on", arguments: [1_024, 4_096])
    func cut(longest: Int) async throws {
        try await TransportBench.run { bench in
            let client = try await bench.connect { $0.limits.maximumFrame = longest }
            let error = await failure { () async throws(RPCError) in
                try await client.interop.fail(
                    .with {
                        $0.reason = "version_conflict"
                        $0.message = String(repeating: "m", count: 1_000)
                        $0.trailers = (0..<20).map { number in
                            .with {
                                $0.key = "entry\(number)"
                                $0.value = .init(count: 300)
                            }
                        }
                    }
                )
            }
            #expect(error?.reason == .versionConflict)
            #expect(error?.code == .aborted)
            #expect(error?.isFinal == true)
            #expect(error?.trailers.map(\.key) == (0..<longest / 320).map { "entry\($0)" })
            _ = try await client.interop.emptyCall(Docket_Test_Empty())
            client.close()
        }
    }
}

@Suite("A reply that is longer than its client accepts")
struct ReplyLengthTests {
    @Test("ends its call with an error, and the connection goes on")
    func refused() async throws {
        try await TransportBench.run { bench in
            let client = try await bench.connect { $0.limits.maximumMessage = 1_024 }
            let error = await failure { () async throws(RPCError) in
                try await client.interop.unaryCall(.with { $0.replySize = 1_100 })
            }
            #expect(error?.reason == .messageTooLarge)
            _ = try await client.interop.unaryCall(.with { $0.replySize = 100 })
            client.close()
        }
    }
}
