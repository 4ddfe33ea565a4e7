import DocketDomain
import Testing

@testable import DocketDesk

@Suite("When the writer fills the search index")
struct IndexFillingTests {
    private let start = Timestamp(milliseconds: 1_000_000)
    private var limits: DeskLimits {
        var limits = DeskLimits()
        limits.indexedEntries = 10
        limits.indexLag = 40
        return limits
    }

    private func filling(from offset: UInt64 = 0) -> IndexFilling {
        IndexFilling(from: offset, limits: limits)
    }

    @Test("An index that has everything is left alone")
    func level() {
        var filling = filling(from: 5)
        #expect(filling.step(head: 5, sawCommands: false, at: start) == .rest)
        #expect(filling.step(head: 5, sawCommands: true, at: start) == .rest)
    }

    @Test("While commands come it waits, and when none came it fills, a bounded part at a time")
    func idle() {
        var filling = filling(from: 5)
        #expect(
            filling.step(head: 30, sawCommands: true, at: start) == .wait(atMost: DeskTimes.quiet)
        )
        #expect(filling.step(head: 30, sawCommands: false, at: start) == .fill(through: 15))
        filling.filled(through: 15)
        #expect(filling.step(head: 30, sawCommands: false, at: start) == .fill(through: 25))
        filling.filled(through: 25)
        #expect(filling.step(head: 30, sawCommands: false, at: start) == .fill(through: 30))
        filling.filled(through: 30)
        #expect(filling.step(head: 30, sawCommands: false, at: start) == .rest)
    }

    @Test("Under a steady load it fills after a second, and again after the next")
    func steadyLoad() {
        var filling = filling()
        let quiet = IndexFilling.Step.wait(atMost: DeskTimes.quiet)
        #expect(filling.step(head: 20, sawCommands: true, at: start) == quiet)
        let almost = start + .milliseconds(999)
        #expect(filling.step(head: 21, sawCommands: true, at: almost) == quiet)
        let later = start + .seconds(1)
        #expect(filling.step(head: 22, sawCommands: true, at: later) == .fill(through: 10))
        filling.filled(through: 10)
        #expect(filling.step(head: 23, sawCommands: true, at: later) == quiet)
        let next = later + .seconds(1)
        #expect(filling.step(head: 24, sawCommands: true, at: next) == .fill(through: 20))
    }

    @Test("So many entries behind it fills at once, whatever comes")
    func lag() {
        var filling = filling()
        #expect(
            filling.step(head: 39, sawCommands: true, at: start) == .wait(atMost: DeskTimes.quiet)
        )
        #expect(filling.step(head: 40, sawCommands: true, at: start) == .fill(through: 10))
    }

    @Test("After a failure it leaves the store alone for a while, also when the clock is set back")
    func failure() {
        var filling = filling()
        filling.failed(at: start)
        #expect(
            filling.step(head: 40, sawCommands: false, at: start)
                == .wait(atMost: DeskTimes.readOnly)
        )
        let earlier = Timestamp(milliseconds: 1)
        #expect(
            filling.step(head: 40, sawCommands: false, at: earlier)
                == .wait(atMost: DeskTimes.readOnly)
        )
        let later = start + DeskTimes.readOnly
        #expect(filling.step(head: 40, sawCommands: false, at: later) == .fill(through: 10))
    }

    @Test("A clock that is set back does not put the next filling off")
    func clockSetBack() {
        var filling = filling()
        _ = filling.step(head: 1, sawCommands: true, at: start)
        let earlier = Timestamp(milliseconds: 1_000)
        _ = filling.step(head: 1, sawCommands: true, at: earlier)
        let later = earlier + .seconds(1)
        #expect(filling.step(head: 1, sawCommands: true, at: later) == .fill(through: 1))
    }

    @Test("A limit of nothing leaves the index as it is")
    func off() {
        var limits = DeskLimits()
        limits.indexedEntries = 0
        var filling = IndexFilling(from: 0, limits: limits)
        #expect(filling.step(head: 9_999, sawCommands: false, at: start) == .rest)
    }
}
