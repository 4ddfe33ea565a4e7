import DeskSupport
import DocketDesk
import DocketDomain
import DocketStore
import Testing

@Suite("The log and the state")
struct RebuildTests {
    /// What a store holds of conversations and requests, and what its log says.
    private struct Content {
        var log: [LogEntry] = []
        var situations: [Situation] = []
        var requests: [SupportRequest] = []
    }

    private func content(_ store: any Store) throws -> Content {
        try store.read { reading throws(StoreError) in
            var content = Content()
            content.log = try reading.entries(after: 0, limit: .max)
            content.situations = try reading.conversations(.all, after: 0, limit: .max)
                .map(\.situation)
            content.requests = try reading.requests(
                RequestFilter(
                    categories: StatusCategory.allCases,
                    ownership: .any,
                    afterNumber: 0,
                    limit: .max
                )
            )
            return content
        }
    }

    /// The requests that the log alone gives.
    private func rebuilt(_ events: [Event]) -> [SupportRequest] {
        var situations: [RequestID: Situation] = [:]
        for event in events {
            guard let mark = event.request else { continue }
            situations[mark.id, default: Situation()].apply(event)
        }
        return situations.values.compactMap(\.request).sorted { $0.number < $1.number }
    }

    @Test(
        "Random commands give one log and state in every store, and the log alone gives the state",
        // One seed after another: each keeps a thread busy, and the others have tests to run.
        .serialized,
        arguments: seeds(25)
    )
    func sameEverywhere(seed: UInt64) async throws {
        var contents: [Content] = []
        var answers: [[String]] = []
        for kind in StoreKind.allCases {
            let directory = try TemporaryDirectory()
            let fixture = try DeskFixture(store: kind.open(in: directory), seed: seed)
            var play = RandomPlay(fixture: fixture, seed: seed)
            await play.begin()
            for _ in 0..<120 { await play.step() }
            await fixture.desk.stop()
            let found = try content(fixture.store)
            let events = found.log.compactMap { Event(encoded: $0.event) }
            #expect(events.count == found.log.count)
            #expect(rebuilt(events) == found.requests, "seed \(seed), \(kind)")
            expectDenseSequences(events, seed: seed)
            expectTimers(found.requests, in: fixture.store, seed: seed)
            #expect(try fixture.store.check().isEmpty)
            contents.append(found)
            answers.append(play.replies)
        }
        #expect(contents[0].log == contents[1].log, "seed \(seed)")
        #expect(contents[0].situations == contents[1].situations, "seed \(seed)")
        #expect(contents[0].requests == contents[1].requests, "seed \(seed)")
        #expect(answers[0] == answers[1], "seed \(seed)")
    }

    private func expectDenseSequences(_ events: [Event], seed: UInt64) {
        var messages: [RequestID: UInt64] = [:]
        var notes: [RequestID: UInt64] = [:]
        for event in events {
            guard let mark = event.request else { continue }
            switch event.fact {
            case .messagePosted(let message):
                messages[mark.id, default: 0] += 1
                #expect(message.sequence == messages[mark.id], "seed \(seed)")
            case .notePosted(let note):
                notes[mark.id, default: 0] += 1
                #expect(note.sequence == notes[mark.id], "seed \(seed)")
            case .messagesTaken(let moved):
                messages[mark.id, default: 0] += UInt64(moved.messages.count)
            default: continue
            }
        }
    }

    /// A timer waits if and only if a live chat does.
    private func expectTimers(_ requests: [SupportRequest], in store: any Store, seed: UInt64) {
        var live = Set(requests.filter { $0.session != nil }.map(\.id))
        try? store.transact { transaction throws(StoreError) in
            while let timer = try transaction.nextTimer() {
                #expect(live.remove(timer.request) != nil, "seed \(seed)")
                try transaction.removeTimer(of: timer.request, kind: timer.kind)
            }
        }
        #expect(live.isEmpty, "seed \(seed)")
    }
}
