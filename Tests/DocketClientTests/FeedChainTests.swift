import DocketTestSupport
import Testing

@testable import DocketClient

@Suite("An entry counts only if it continues the chain")
struct FeedChainTests {
    private static let epoch = [UInt8](1...8)
    private let started = FeedChain.Content.marker(.started, epoch: epoch)
    private let caughtUp = FeedChain.Content.marker(.caughtUp, epoch: epoch)

    private func cursor(_ offset: UInt64) -> Cursor {
        Cursor(epoch: Self.epoch, offset: offset)
    }

    /// A chain that was opened at 10 and has begun.
    private func running() -> FeedChain {
        var chain = FeedChain(start: .after(cursor(10)))
        chain.opened()
        _ = chain.received(prev: 10, offset: 10, started)
        return chain
    }

    @Test("The first entry of a feed that begins now gives the cursor")
    func now() {
        var chain = FeedChain(start: .now)
        #expect(chain.place == .now)
        chain.opened()
        #expect(chain.received(prev: 10, offset: 10, started) == .apply(cursor(10)))
        #expect(chain.place == .after(cursor(10)))
    }

    @Test("Opened again, a feed goes on without a word")
    func resumed() {
        var chain = running()
        chain.opened()
        #expect(chain.received(prev: 10, offset: 10, started) == .resumed)
        #expect(chain.received(prev: 10, offset: 11, .event) == .apply(cursor(11)))
    }

    @Test(
        "What does not stand where the cursor is opens the feed again",
        arguments: [(9, 12), (11, 12), (10, 10), (10, 9), (0, 0)] as [(UInt64, UInt64)]
    )
    func broken(prev: UInt64, offset: UInt64) {
        var chain = running()
        #expect(chain.received(prev: prev, offset: offset, .event) == .reopen)
        #expect(chain.cursor == cursor(10))
    }

    @Test("Markers move the cursor and may stand still; passing signals leave it")
    func markers() {
        var chain = running()
        #expect(chain.received(prev: 10, offset: 15, caughtUp) == .apply(cursor(15)))
        #expect(chain.received(prev: 15, offset: 15, caughtUp) == .apply(cursor(15)))
        #expect(chain.received(prev: 0, offset: 0, .passing) == .apply(cursor(15)))
        #expect(chain.received(prev: 15, offset: 14, caughtUp) == .reopen)
    }

    @Test("A second start, another epoch and another first entry open the feed again")
    func otherBreaks() {
        var chain = running()
        #expect(chain.received(prev: 10, offset: 10, started) == .reopen)
        let restored = FeedChain.Content.marker(.heartbeat, epoch: [UInt8](repeating: 9, count: 8))
        #expect(chain.received(prev: 10, offset: 10, restored) == .reopen)
        chain.opened()
        #expect(chain.received(prev: 10, offset: 11, .event) == .reopen)
        #expect(chain.received(prev: 11, offset: 11, started) == .reopen)
        #expect(chain.received(prev: 10, offset: 10, .marker(.started, epoch: [1])) == .reopen)
    }

    @Test("Whatever is lost or repeated on the way, what is applied is the log without a hole")
    func random() {
        var random = SeededRandom()
        for _ in 0..<200 {
            let log = (1...40).map { UInt64($0 * 3) }
            var chain = FeedChain(start: .after(cursor(0)))
            var applied: [UInt64] = []
            while applied.last != log.last {
                applied += run(&chain, over: log, using: &random)
            }
            #expect(applied == log, "\(random.replay)")
        }
    }

    /// One subscription, which loses or repeats an entry now and then; gives what was applied.
    private func run(
        _ chain: inout FeedChain,
        over log: [UInt64],
        using random: inout SeededRandom
    ) -> [UInt64] {
        let place = chain.cursor?.offset ?? 0
        var applied: [UInt64] = []
        chain.opened()
        _ = chain.received(prev: place, offset: place, started)
        var prev = place
        for offset in log where offset > place {
            let copies = [0, 1, 1, 1, 1, 1, 1, 1, 1, 2].randomElement(using: &random) ?? 1
            for _ in 0..<copies {
                switch chain.received(prev: prev, offset: offset, .event) {
                case .apply: applied.append(offset)
                case .resumed, .reopen: return applied
                }
            }
            prev = offset
        }
        return applied
    }
}
