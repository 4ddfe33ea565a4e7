import DocketRPC
import DocketTestSupport
import NIOCore
import Testing

@testable import DocketClient

@Suite("A wait for the next attempt is decided on")
struct OccasionTests {
    private typealias Occasion = ConnectionMachine.Occasion

    private let start = ContinuousClock.now
    private let error = DocketClientError(.unreachable, "lost")
    private let long = Duration.seconds(100)

    /// Lets an attempt fail; gives how long the machine waits from `now` on.
    private func wait(
        of machine: inout ConnectionMachine,
        asked: Duration? = nil,
        at now: ContinuousClock.Instant
    ) -> Duration {
        var random = SeededRandom(seed: 7)
        let action = machine.failed(error, .reconnects(after: asked), at: now, using: &random)
        guard case .wait(let until) = action else { return .zero }
        return until - now
    }

    /// A machine that has failed so often that it waits for long.
    private func waiting() -> ConnectionMachine {
        var machine = ConnectionMachine()
        for _ in 0..<9 { _ = wait(of: &machine, at: start) }
        #expect(wait(of: &machine, at: start) > .seconds(20))
        return machine
    }

    @Test("Every occasion ends a wait at once", arguments: Occasion.allCases)
    func atOnce(_ occasion: ConnectionMachine.Occasion) {
        var machine = waiting()
        let now = start + .seconds(1)
        #expect(machine.occurred(occasion, at: now) == now)
        #expect(machine.visibleState == .offline(retryAt: now, because: error))
        #expect(machine.rested(at: now) == .connect)
        #expect(machine.visibleState == .connecting)
    }

    @Test("The same occasion again changes nothing", arguments: Occasion.allCases)
    func again(_ occasion: ConnectionMachine.Occasion) {
        var machine = waiting()
        _ = machine.occurred(occasion, at: start)
        #expect(machine.occurred(occasion, at: start) == nil)
    }

    @Test("An early attempt has a pause behind it, whatever the occasion of the next")
    func pause() {
        for occasion in Occasion.allCases {
            let pause: Duration = occasion == .person ? .seconds(1) : .seconds(5)
            for (passed, due) in [
                (pause - .nanoseconds(1), pause), (pause, pause),
                (pause + .nanoseconds(1), pause + .nanoseconds(1)),
            ] {
                var machine = waiting()
                _ = machine.occurred(.network, at: start)
                _ = machine.rested(at: start)
                _ = wait(of: &machine, asked: nil, at: start)
                #expect(machine.occurred(occasion, at: start + passed) == start + due)
            }
        }
    }

    @Test("What happens in a loop makes no loop of attempts", arguments: Occasion.allCases)
    func loop(_ occasion: ConnectionMachine.Occasion) {
        var machine = waiting()
        var attempts = 0
        for millisecond in 0..<60_000 {
            let now = start + .milliseconds(millisecond)
            _ = machine.occurred(occasion, at: now)
            guard machine.rested(at: now) == .connect else { continue }
            attempts += 1
            _ = wait(of: &machine, at: now)
        }
        #expect(attempts == (occasion == .person ? 60 : 12))
    }

    @Test("Only a person goes before the moment that the server asked for")
    func requested() {
        for occasion in Occasion.allCases {
            var machine = ConnectionMachine()
            #expect(wait(of: &machine, asked: long, at: start) == long)
            let next = machine.occurred(occasion, at: start + .seconds(1))
            #expect(next == (occasion == .person ? start + .seconds(1) : nil))
        }
    }

    @Test("What the client waits beyond the moment that the server asked for can be ended")
    func beyondRequest() {
        var machine = waiting()
        #expect(wait(of: &machine, asked: .seconds(2), at: start) > .seconds(20))
        #expect(machine.occurred(.queued, at: start) == start + .seconds(2))
        #expect(machine.rested(at: start) == .wait(until: start + .seconds(2)))
        // Nor has an attempt that is yet to come a pause behind it.
        #expect(machine.occurred(.person, at: start) == start)
    }

    @Test("An occasion is none while the client does not wait")
    func notWaiting() {
        for occasion in Occasion.allCases {
            var machine = ConnectionMachine()
            #expect(machine.occurred(occasion, at: start) == nil)
            machine.greeted()
            #expect(machine.occurred(occasion, at: start) == nil)
            _ = machine.signedIn(at: start)
            #expect(machine.occurred(occasion, at: start) == nil)
            machine.close()
            #expect(machine.occurred(occasion, at: start) == nil)
        }
    }

    @Test("A sleep of more than five seconds between two looks ends a wait, a shorter one does not")
    func sleep() {
        let before = Duration.seconds(1_000)
        for (slept, ends) in [(Duration.seconds(5), false), (.milliseconds(5_001), true)] {
            var machine = waiting()
            #expect(machine.looked(asleep: before, at: start) == nil)
            let now = start + .seconds(2)
            #expect(machine.looked(asleep: before + slept, at: now) == (ends ? now : nil))
            #expect(machine.looked(asleep: before + slept, at: now) == nil)
        }
    }
}

@Suite("A client tries again as soon as there is an occasion", .timeLimit(.minutes(5)))
struct EarlyAttemptTests {
    private struct Scene: ~Copyable {
        let fixture: Fixture
        let chat: Conversation
    }

    /// A client with a conversation that waits for its next attempt, which will succeed.
    private func waiting() async throws -> Scene {
        let fixture = try Fixture()
        let chat = try await fixture.client.openConversation(channel: "chat")
        fixture.connector.cut()
        _ = await fixture.state { if case .offline = $0 { true } else { false } }
        return Scene(fixture: fixture, chat: chat)
    }

    /// Waits until the client is live; checks that no time has passed.
    private func expectLive(_ fixture: borrowing Fixture) async {
        _ = await fixture.state { $0 == .live }
        #expect(fixture.connector.attempts == 2)
        #expect(fixture.clock.now == fixture.clock.start)
    }

    @Test("A message that is queued ends the wait")
    func message() async throws {
        let scene = try await waiting()
        _ = try await scene.chat.send("now")
        await expectLive(scene.fixture)
    }

    @Test("A read mark ends the wait")
    func mark() async throws {
        let scene = try await waiting()
        try await scene.chat.markRead(upTo: 1)
        await expectLive(scene.fixture)
    }

    @Test("A file that is queued ends the wait")
    func file() async throws {
        let scene = try await waiting()
        let file = AttachmentDraft(.bytes([1, 2, 3]), name: "three.bin")
        _ = try await scene.chat.send("now", attachments: [file])
        await expectLive(scene.fixture)
    }

    @Test("A person ends the wait")
    func person() async throws {
        let scene = try await waiting()
        scene.fixture.client.reconnectNow()
        await expectLive(scene.fixture)
    }

    @Test("A network that has changed ends the wait")
    func network() async throws {
        let scene = try await waiting()
        scene.fixture.connector.changeNetwork()
        await expectLive(scene.fixture)
    }

    @Test("A machine that wakes up ends the wait")
    func wake() async throws {
        let sleep = TestSleep()
        let fixture = try Fixture(sleep: sleep) { _, connector in
            for _ in 0..<100 { connector.refuseNext(RPCError(.connectionLost, "no network")) }
        }
        let clock = fixture.clock
        for await state in fixture.client.states {
            guard case .offline(let retryAt, _) = state else { continue }
            if retryAt - clock.now > .seconds(8) { break }
            while clock.now < retryAt { await clock.passNextWait(within: .seconds(60)) }
        }
        await clock.passNextWait(within: .seconds(2))
        let attempts = fixture.connector.attempts
        fixture.connector.refuseNoMore()
        sleep.add(.seconds(6))
        let begin = clock.now
        await clock.passNextWait(within: .seconds(2))
        _ = await fixture.state { $0 == .live }
        #expect(clock.now - begin == .seconds(2))
        #expect(fixture.connector.attempts == attempts + 1)
    }

    @Test("A program that queues in a loop makes no loop of attempts")
    func loop() async throws {
        let scene = try await waiting()
        let refusal = RPCError(.connectionLost, "still down")
        for _ in 0..<100 { scene.fixture.connector.refuseNext(refusal) }
        for number in 0..<100 { _ = try await scene.chat.send("\(number)") }
        let state = await scene.fixture.state {
            if case .offline(_, let error) = $0 { error.message == "still down" } else { false }
        }
        #expect(state != nil)
        #expect(scene.fixture.connector.attempts == 2)
        #expect(scene.fixture.clock.now == scene.fixture.clock.start)
    }
}

@Suite("What the kernel says of addresses is understood")
struct AddressNoticeTests {
    /// A message of a type with a body, padded as the kernel does.
    private func message(_ type: UInt16, body: Int = 8, saying length: UInt32? = nil) -> ByteBuffer
    {
        var bytes = ByteBuffer()
        bytes.writeInteger(length ?? UInt32(16 + body), endianness: .host)
        bytes.writeInteger(type, endianness: .host)
        bytes.writeRepeatingByte(0, count: 10 + (body + 3) / 4 * 4)
        return bytes
    }

    private func tells(_ messages: ByteBuffer...) -> Bool {
        var bytes = ByteBuffer()
        for message in messages { bytes.writeImmutableBuffer(message) }
        return AddressNotice.tellsOfNewAddress(bytes)
    }

    @Test("A new address is told, also behind other messages")
    func newAddress() {
        #expect(tells(message(20)))
        #expect(tells(message(21, body: 5), message(16, body: 0), message(20)))
    }

    @Test("An address that is gone, and nothing at all, tell nothing")
    func others() {
        #expect(!tells())
        #expect(!tells(message(21), message(16)))
    }

    @Test("What is cut off or makes no sense tells nothing")
    func malformed() {
        let whole = message(20)
        for count in 0..<whole.readableBytes {
            #expect(!tells(whole.getSlice(at: 0, length: count) ?? ByteBuffer()))
        }
        for length: UInt32 in [0, 1, 15, .max] { #expect(!tells(message(20, saying: length))) }
    }

    @Test("The process's own watch begins and ends without a word")
    func watch() async {
        let watching = Task { for await _ in AddressWatch().changes {} }
        watching.cancel()
        await watching.value
    }
}
