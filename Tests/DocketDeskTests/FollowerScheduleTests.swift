import DocketDomain
import Testing

@testable import DocketDesk

@Suite("When the writer brings a follower of the log on")
struct FollowerScheduleTests {
    private let start = Timestamp(milliseconds: 1_000_000)
    private var limits: DeskLimits {
        var limits = DeskLimits()
        limits.followedEntries = 10
        limits.followerLag = 40
        return limits
    }

    private func schedule(from offset: UInt64 = 0) -> FollowerSchedule {
        FollowerSchedule(from: offset, limits: limits)
    }

    @Test("A follower at the end of the log is left alone")
    func level() {
        var schedule = schedule(from: 5)
        #expect(schedule.step(head: 5, sawCommands: false, at: start) == .rest)
        #expect(schedule.step(head: 5, sawCommands: true, at: start) == .rest)
    }

    @Test("While commands come it waits, and when none came it goes on, a bounded step at a time")
    func idle() {
        var schedule = schedule(from: 5)
        #expect(
            schedule.step(head: 30, sawCommands: true, at: start) == .wait(atMost: DeskTimes.quiet)
        )
        #expect(schedule.step(head: 30, sawCommands: false, at: start) == .follow(atMost: 10))
        schedule.came(to: 15)
        #expect(schedule.step(head: 30, sawCommands: false, at: start) == .follow(atMost: 10))
        schedule.came(to: 25)
        #expect(schedule.step(head: 30, sawCommands: false, at: start) == .follow(atMost: 5))
        schedule.came(to: 30)
        #expect(schedule.step(head: 30, sawCommands: false, at: start) == .rest)
    }

    @Test("Under a steady load it goes on after a second, and again after the next")
    func steadyLoad() {
        var schedule = schedule()
        let quiet = FollowerSchedule.Step.wait(atMost: DeskTimes.quiet)
        #expect(schedule.step(head: 20, sawCommands: true, at: start) == quiet)
        let almost = start + .milliseconds(999)
        #expect(schedule.step(head: 21, sawCommands: true, at: almost) == quiet)
        let later = start + .seconds(1)
        #expect(schedule.step(head: 22, sawCommands: true, at: later) == .follow(atMost: 10))
        schedule.came(to: 10)
        #expect(schedule.step(head: 23, sawCommands: true, at: later) == quiet)
        let next = later + .seconds(1)
        #expect(schedule.step(head: 24, sawCommands: true, at: next) == .follow(atMost: 10))
    }

    @Test("So many entries behind it goes on at once, whatever comes")
    func lag() {
        var schedule = schedule()
        #expect(
            schedule.step(head: 39, sawCommands: true, at: start) == .wait(atMost: DeskTimes.quiet)
        )
        #expect(schedule.step(head: 40, sawCommands: true, at: start) == .follow(atMost: 10))
    }

    @Test("After a failure it leaves the store alone for a while, also when the clock is set back")
    func failure() {
        var schedule = schedule()
        schedule.failed(at: start)
        #expect(
            schedule.step(head: 40, sawCommands: false, at: start)
                == .wait(atMost: DeskTimes.readOnly)
        )
        let earlier = Timestamp(milliseconds: 1)
        #expect(
            schedule.step(head: 40, sawCommands: false, at: earlier)
                == .wait(atMost: DeskTimes.readOnly)
        )
        let later = start + DeskTimes.readOnly
        #expect(schedule.step(head: 40, sawCommands: false, at: later) == .follow(atMost: 10))
    }

    @Test("A clock that is set back does not put the next step off")
    func clockSetBack() {
        var schedule = schedule()
        _ = schedule.step(head: 1, sawCommands: true, at: start)
        let earlier = Timestamp(milliseconds: 1_000)
        _ = schedule.step(head: 1, sawCommands: true, at: earlier)
        let later = earlier + .seconds(1)
        #expect(schedule.step(head: 1, sawCommands: true, at: later) == .follow(atMost: 1))
    }

    @Test("A limit of nothing leaves a follower where it is")
    func off() {
        var limits = DeskLimits()
        limits.followedEntries = 0
        var schedule = FollowerSchedule(from: 0, limits: limits)
        #expect(schedule.step(head: 9_999, sawCommands: false, at: start) == .rest)
    }
}
