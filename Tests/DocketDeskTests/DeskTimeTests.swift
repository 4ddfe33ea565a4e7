import DeskSupport
import DocketDomain
import DocketStore
import Testing

@testable import DocketDesk

@Suite("The desk's time")
struct DeskTimeTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test(
        "No event seems older than the one before it, also not after a restart",
        arguments: StoreKind.allCases
    )
    func restart(kind: StoreKind) async throws {
        let store = try kind.open(in: directory)
        let clock = ManualClock()
        let first = try DeskFixture(store: store, clock: clock)
        let ada = await first.guest("Ada")
        let conversation = await first.conversation(of: ada)
        _ = await first.post("one", in: conversation, as: ada)
        await first.desk.stop()
        clock.advance(by: .seconds(-60))
        let second = try DeskFixture(store: store, seed: 2, clock: clock)
        _ = await second.post("two", in: conversation, as: ada)
        let times = try second.log().map(\.event.at)
        #expect(times == times.sorted() && times.count > 3)
        await second.desk.stop()
    }

    @Test("A clock that was far ahead does not make timers stand still")
    func glitch() async throws {
        let fixture = try DeskFixture(store: MemoryStore(epoch: Epoch(7)))
        let ada = await fixture.guest("Ada")
        let conversation = await fixture.conversation(of: ada)
        _ = await fixture.post("hello", in: conversation, as: ada)
        fixture.clock.advance(by: .seconds(86_400))
        _ = await fixture.guest("Eve")
        fixture.clock.advance(by: .seconds(-86_400))
        _ = await fixture.post("again", in: conversation, as: ada)
        let now = fixture.clock.now()
        #expect(try fixture.log().last?.event.at == now)
        await fixture.desk.stop()
    }

    @Test("An adjustment of the clock is waited out up to a minute, beyond that it is followed")
    func bound() {
        let start = Timestamp(milliseconds: 1_000_000)
        var time = DeskTime(since: start)
        #expect(time.advance(to: start + .seconds(-60), uptime: .seconds(9)) == nil)
        #expect(time.moment == start)
        let beyond = start + .milliseconds(-60_001)
        #expect(time.advance(to: beyond, uptime: .seconds(9)) == .milliseconds(60_001))
        #expect(time.moment == beyond)
        #expect(time.advance(to: start, uptime: .seconds(9)) == .milliseconds(-60_001))
        #expect(time.moment == start)
    }

    @Test("A clock that was set back between two looks shows less than the time that has passed")
    func betweenLooks() {
        let start = Timestamp(milliseconds: 1_000_000)
        var time = DeskTime(since: start)
        #expect(time.advance(to: start, uptime: .seconds(5)) == nil)
        // Half an hour later the clock shows ten minutes more.
        let shown = start + .seconds(600)
        #expect(time.advance(to: shown, uptime: .seconds(1_805)) == .seconds(1_200))
        #expect(time.moment == shown)
        // One that was set forward is followed, and says so.
        let ahead = start + .seconds(9_000)
        #expect(time.advance(to: ahead, uptime: .seconds(1_806)) == .seconds(-8_399))
        #expect(time.moment == ahead)
    }
}
