import DeskSupport
import DocketDomain
import Testing

@testable import DocketStoreSQLite

@Suite("The newest commands that a writer remembers")
struct RecentCommandsTests {
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    private func id(at milliseconds: UInt64, _ low: UInt64 = 0) -> CommandID {
        CommandID(high: milliseconds << 16 | 0x7000, low: 0x8000_0000_0000_0000 | low)
    }

    @Test("What was kept is never called new, in whatever order ids come", arguments: seeds(20))
    func exact(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var kept: Set<CommandID> = []
        var recent = RecentCommands(above: id(at: now.milliseconds), ahead: [], half: 16)
        var new = 0
        for step in 0..<2_000 {
            let moment = now + .milliseconds(step)
            let shift = UInt64.random(in: 0..<40, using: &random)
            // Some clocks are behind, and some are days ahead.
            let lead: UInt64 = Int.random(in: 0..<50, using: &random) == 0 ? 90_000_000 : 0
            let command = id(at: moment.milliseconds - 20 + shift + lead, shift % 3)
            if recent.isNew(command) {
                new += 1
                #expect(!kept.contains(command), "seed \(seed), step \(step)")
            }
            kept.insert(command)
            recent.insert(command, at: moment)
            #expect(!recent.isNew(command))
        }
        #expect(new > 500, "most new commands are known to be new: \(new)")
    }

    @Test("An id from the far future puts no other below it")
    func farFuture() {
        var recent = RecentCommands(above: id(at: now.milliseconds), ahead: [], half: 16)
        let future = CommandID(high: .max, low: .max)
        for step in 0..<100 {
            recent.insert(future, at: now)
            recent.insert(id(at: now.milliseconds + UInt64(step)), at: now + .milliseconds(step))
        }
        #expect(!recent.isNew(future))
        #expect(recent.isNew(id(at: now.milliseconds + 200)))
    }

    @Test("Where too many ids are ahead of the clock it claims nothing more")
    func tooManyAhead() {
        var recent = RecentCommands(above: id(at: 1), ahead: [], half: 16)
        for step in 0...RecentCommands.aheadLimit {
            recent.insert(id(at: now.milliseconds + 90_000_000, UInt64(step)), at: now)
        }
        #expect(!recent.isNew(id(at: now.milliseconds)))
        let many = (0...RecentCommands.aheadLimit).map {
            id(at: now.milliseconds + 90_000_000, UInt64($0))
        }
        #expect(!RecentCommands(above: id(at: 1), ahead: many).isNew(id(at: now.milliseconds)))
    }

    @Test("The ids that are ahead of the clock begin an hour after it, at any moment")
    func ceiling() {
        #expect(RecentCommands.ceiling(at: now) > id(at: now.milliseconds + 3_599_999, .max))
        #expect(RecentCommands.ceiling(at: now) <= id(at: now.milliseconds + 3_600_000))
        let latest = RecentCommands.ceiling(at: Timestamp(milliseconds: .max))
        #expect(latest.high >> 16 == (1 << 48) - 1)
    }
}
