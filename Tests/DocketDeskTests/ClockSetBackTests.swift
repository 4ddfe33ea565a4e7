import DeskSupport
import DocketDomain
import DocketPolicy
import DocketStore
import Testing

@testable import DocketDesk

@Suite("Timers, when the clock is set back")
struct ClockSetBackTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// The default policy with a chat that ends after ten seconds of silence, and a span after
    /// which those who wait are resolved.
    private static func policy(waitingEndsAfter span: Duration = .seconds(20)) throws -> Policy {
        var content = try Policy.shippedDefault().content
        content.channels = content.channels.map { channel in
            guard channel.key == "chat" else { return channel }
            return Channel(key: "chat", name: "Chat", inactiveAfter: .seconds(10))
        }
        content.transitions.append(
            Transition(on: .elapsed, from: ["waiting"], to: "resolved", after: span)
        )
        return try Policy(content)
    }

    private func scene(_ kind: StoreKind) async throws -> ChatScene {
        try await ChatScene(store: kind.open(in: directory), policy: try Self.policy())
    }

    private func isLive(_ scene: ChatScene) async throws -> Bool {
        try await scene.fixture.desk.request(scene.request).session != nil
    }

    @Test(
        "A live chat keeps its span when the clock is set back",
        arguments: StoreKind.allCases
    )
    func liveChat(kind: StoreKind) async throws {
        let scene = try await scene(kind)
        await scene.wait(4)
        await scene.wait(-3_600)
        await scene.wait(5)
        #expect(try await isLive(scene))
        await scene.wait(1)
        #expect(try await !isLive(scene))
        await scene.fixture.desk.stop()
    }

    @Test(
        "A snooze keeps its span when the clock is set back",
        arguments: StoreKind.allCases
    )
    func snooze(kind: StoreKind) async throws {
        let scene = try await scene(kind)
        let moment = scene.fixture.clock.now() + .seconds(8)
        let sleep = Finish(request: scene.request, status: "snoozed")
        _ = await scene.fixture.ask(
            .setStatus(SetStatus(request: scene.request, status: "snoozed", wakeAt: moment)),
            as: scene.bo
        )
        _ = await scene.fixture.ask(.finish(sleep), as: scene.bo)
        #expect(try await scene.status() == "snoozed")
        await scene.wait(3)
        await scene.wait(-3_600)
        await scene.wait(4)
        #expect(try await scene.status() == "snoozed")
        await scene.wait(1)
        #expect(try await scene.status() != "snoozed")
        await scene.fixture.desk.stop()
    }

    @Test(
        "A status that ends after a span keeps it when the clock is set back, twice",
        arguments: StoreKind.allCases
    )
    func elapsed(kind: StoreKind) async throws {
        let scene = try await scene(kind)
        let finish = Finish(request: scene.request, status: "waiting")
        _ = await scene.fixture.ask(.finish(finish), as: scene.bo)
        #expect(try await scene.status() == "waiting")
        await scene.wait(5)
        await scene.wait(-3_600)
        await scene.wait(5)
        await scene.wait(-7_200)
        await scene.wait(9)
        #expect(try await scene.status() == "waiting")
        await scene.wait(1)
        #expect(try await scene.status() == "resolved")
        await scene.fixture.desk.stop()
    }

    @Test(
        "A message after the clock was set back lets the silence begin anew",
        arguments: StoreKind.allCases
    )
    func message(kind: StoreKind) async throws {
        let scene = try await scene(kind)
        await scene.wait(4)
        await scene.wait(-61)
        await scene.wait(5)
        _ = await scene.fixture.post("still here", in: scene.conversation, as: scene.ada)
        await scene.wait(9)
        #expect(try await isLive(scene))
        await scene.wait(1)
        #expect(try await !isLive(scene))
        await scene.fixture.desk.stop()
    }

    @Test(
        "A timer that was set back follows a policy that changes then",
        arguments: StoreKind.allCases
    )
    func policyChange(kind: StoreKind) async throws {
        let scene = try await scene(kind)
        let fixture = scene.fixture
        let finish = Finish(request: scene.request, status: "waiting")
        _ = await fixture.ask(.finish(finish), as: scene.bo)
        await scene.wait(5)
        await scene.wait(-3_600)
        let policy = try Self.policy(waitingEndsAfter: .seconds(30))
        _ = await fixture.desk.submit(
            Submission(
                key: Submission.Key(id: fixture.id(), digest: fixture.digest("policy")),
                principal: .desk,
                change: .policy(PolicyChange(text: policy.name, policy: policy))
            )
        )
        await scene.wait(24)
        #expect(try await scene.status() == "waiting")
        await scene.wait(1)
        #expect(try await scene.status() == "resolved")
        await fixture.desk.stop()
    }

    @Test(
        "A clock that is set right again gives timers back the moment that they had",
        arguments: StoreKind.allCases
    )
    func setRight(kind: StoreKind) async throws {
        let scene = try await scene(kind)
        await scene.wait(4)
        await scene.wait(-3_600)
        await scene.wait(2)
        for span in [3_000, 600] {
            scene.fixture.clock.setForward(by: .seconds(span))
            await scene.fixture.settle()
            #expect(try await isLive(scene), "six of its ten seconds have passed")
        }
        let isLeft = try scene.fixture.store.read { reading throws(StoreError) in
            try reading.hasTimersSetBack()
        }
        #expect(!isLeft, "nothing is left of the setting back")
        await scene.wait(4)
        #expect(try await !isLive(scene))
        await scene.fixture.desk.stop()
    }

    @Test("A chat goes on over a clock that is set back and forward", arguments: StoreKind.allCases)
    func backAndForward(kind: StoreKind) async throws {
        let scene = try await scene(kind)
        await scene.wait(4)
        await scene.wait(-3_600)
        scene.fixture.clock.setForward(by: .seconds(3_600))
        await scene.wait(5)
        #expect(try await isLive(scene), "nine of its ten seconds have passed")
        await scene.wait(1)
        #expect(try await !isLive(scene))
        await scene.fixture.desk.stop()
    }

    @Test("A restart after the clock was set back does not set timers back again")
    func restart() async throws {
        let store = MemoryStore(epoch: Epoch(7))
        let scene = try await ChatScene(store: store, policy: try Self.policy())
        await scene.wait(4)
        await scene.wait(-3_600)
        await scene.fixture.desk.stop()
        let second = try DeskFixture(
            store: store,
            seed: 2,
            policy: try Self.policy(),
            clock: scene.fixture.clock
        )
        second.clock.advance(by: .seconds(5))
        await second.settle()
        #expect(try await second.desk.request(scene.request).session != nil)
        second.clock.advance(by: .seconds(1))
        await second.settle()
        #expect(try await second.desk.request(scene.request).session == nil)
        await second.desk.stop()
    }

    @Test("A clock that was set back while no server ran sets the timers back at the start")
    func setBackWhileDown() async throws {
        let store = MemoryStore(epoch: Epoch(7))
        let scene = try await ChatScene(store: store, policy: try Self.policy())
        await scene.fixture.desk.stop()
        scene.fixture.clock.advance(by: .seconds(-3_600))
        let second = try DeskFixture(
            store: store,
            seed: 2,
            policy: try Self.policy(),
            clock: scene.fixture.clock
        )
        await second.settle()
        second.clock.advance(by: .seconds(10))
        await second.settle()
        #expect(try await second.desk.request(scene.request).session == nil)
        await second.desk.stop()
    }

    @Test("Timers are set back before anything else, also where the disk was full at first")
    func fullDisk() async throws {
        let failing = FailingStore(MemoryStore(epoch: Epoch(7)))
        let scene = try await ChatScene(store: failing, policy: try Self.policy())
        await scene.wait(4)
        failing.fail(.atBegin(.full))
        await scene.wait(-3_600)
        failing.fail(nil)
        let other = await scene.fixture.guest("Eve")
        let conversation = await scene.fixture.conversation(of: other)
        let opened = await scene.fixture.request(byPosting: "hi", in: conversation, as: other)
        let request = try #require(opened)
        await scene.wait(6)
        #expect(try await !isLive(scene))
        #expect(try await scene.fixture.desk.request(request).session != nil)
        await scene.wait(4)
        #expect(try await scene.fixture.desk.request(request).session == nil)
        await scene.fixture.desk.stop()
    }

    @Test("Signals of typing pass again as soon as the clock was set back")
    func typing() {
        let throttle = TypingThrottle(limit: 4)
        let start = Timestamp(milliseconds: 10_000_000)
        var generator = SeededGenerator(seed: 5)
        let id = PrincipalID(at: start, random: &generator)
        let conversation = ConversationID(at: start, random: &generator)
        #expect(throttle.passes(id, in: conversation, at: start))
        #expect(!throttle.passes(id, in: conversation, at: start + .milliseconds(2_999)))
        #expect(throttle.passes(id, in: conversation, at: start + .seconds(-3_600)))
    }
}
