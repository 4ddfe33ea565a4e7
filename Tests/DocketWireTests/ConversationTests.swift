import DocketTestSupport
import Testing

@testable import DocketWire

@Suite("Client and server back to back")
struct ConversationTests {
    private func workload(_ change: (inout Conversation.Workload) -> Void) -> Conversation.Workload
    {
        var workload = Conversation.Workload()
        change(&workload)
        return workload
    }

    /// Runs the workload to its end several times, each from a seed of its own.
    private func expectCompletion(
        of workload: Conversation.Workload,
        runs: Int,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        var seeds = SeededRandom()
        for _ in 0..<runs {
            let conversation = Conversation(workload, random: SeededRandom(seed: seeds.next()))
            conversation.run(steps: 400_000)
            let replay = "\(seeds.replay)"
            #expect(conversation.faults == [], "\(replay)", sourceLocation: sourceLocation)
            #expect(conversation.clientEnd == nil, "\(replay)", sourceLocation: sourceLocation)
            #expect(conversation.serverEnd == nil, "\(replay)", sourceLocation: sourceLocation)
            #expect(conversation.isIdle, "\(replay)", sourceLocation: sourceLocation)
            #expect(
                conversation.outcomes.values.allSatisfy { $0.count == 1 },
                "\(replay)",
                sourceLocation: sourceLocation
            )
            #expect(
                conversation.outcomes.count == workload.calls,
                "\(replay)",
                sourceLocation: sourceLocation
            )
        }
    }

    @Test("Small calls are each answered once and leave nothing behind")
    func smallCalls() {
        expectCompletion(of: workload { $0.calls = 200 }, runs: 4)
    }

    @Test("Messages much longer than the windows pass both ways")
    func longMessages() {
        expectCompletion(
            of: workload {
                $0.longestMessage = 100_000
                $0.client.streamCredit = 4_096
                $0.client.maximumFrame = 1_024
            },
            runs: 5
        )
    }

    @Test("Many small messages wait for credit and never pass it")
    func manyMessages() {
        expectCompletion(
            of: workload {
                $0.messagesPerSide = 200
                $0.client.streamCredit = 4_096
            },
            runs: 5
        )
    }

    @Test("Calls that are mostly cancelled leave nothing behind")
    func cancels() {
        expectCompletion(
            of: workload {
                $0.calls = 500
                $0.cancelOneIn = 1
            },
            runs: 5
        )
    }

    @Test("Messages over the limits end their calls and nothing else")
    func refusals() {
        expectCompletion(
            of: workload {
                $0.calls = 100
                $0.longestMessage = 30_000
                $0.client.maximumMessage = 10_000
                $0.client.unfinishedMessages = 20_000
                $0.server.unfinishedMessages = 20_000
            },
            runs: 5
        )
    }

    @Test("Frames of the largest size and windows of the largest credit pass")
    func largest() {
        expectCompletion(
            of: workload {
                $0.longestMessage = 300_000
                for limits in [\Conversation.Workload.client, \.server] {
                    $0[keyPath: limits].maximumFrame = 65_536
                    $0[keyPath: limits].streamCredit = 1 << 20
                }
            },
            runs: 5
        )
    }

    @Test("Corrupt bytes end both sides in bounded time, without a trap")
    func corruption() {
        var seeds = SeededRandom()
        let workload = workload {
            $0.calls = 60
            $0.longestMessage = 20_000
            $0.corruptions = 20
        }
        for _ in 0..<100 {
            let conversation = Conversation(workload, random: SeededRandom(seed: seeds.next()))
            conversation.run(steps: 5_000)
            let seconds = conversation.waitForEnd(atMost: 1_000)
            #expect(seconds != nil, "\(seeds.replay), \(conversation.ends)")
        }
    }
}
