import DeskSupport
import DocketDesk
import DocketDomain
import DocketPolicy
import DocketStore
import Foundation
import Testing

@Suite("The life of a request at the desk")
struct DeskLifecycleTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test("A request sleeps until its moment, and wakes once", arguments: StoreKind.allCases)
    func wake(kind: StoreKind) async throws {
        let scene = try await ChatScene(store: kind.open(in: directory))
        let fixture = scene.fixture
        let moment = fixture.clock.now() + .seconds(5_000)
        let sleep = SetStatus(request: scene.request, status: "snoozed", wakeAt: moment)
        #expect(await fixture.ask(.setStatus(sleep), as: scene.bo).acceptance != nil)
        await scene.wait(4_999)
        #expect(try await scene.status() == "snoozed")
        await scene.wait(1)
        #expect(try await scene.status() == "in_progress")
        let request = try await fixture.desk.request(scene.request)
        #expect(request.details.wakeAt == nil)
        await scene.wait(9_000)
        let wakings = try fixture.log().filter { _, event in
            guard case .statusChanged(let change) = event.fact else { return false }
            return change.cause == .woken
        }
        #expect(wakings.count == 1 && wakings[0].event.way == .timer)
        await fixture.desk.stop()
    }

    @Test(
        "A live chat that falls silent while its request sleeps does not let it sleep for ever",
        arguments: StoreKind.allCases
    )
    func sleepsOn(kind: StoreKind) async throws {
        let scene = try await ChatScene(store: kind.open(in: directory))
        let fixture = scene.fixture
        let moment = fixture.clock.now() + .seconds(5_000)
        let sleep = SetStatus(request: scene.request, status: "snoozed", wakeAt: moment)
        _ = await fixture.ask(.setStatus(sleep), as: scene.bo)
        await scene.wait(700)
        let asleep = try await fixture.desk.request(scene.request)
        #expect(asleep.session == nil && asleep.status == "snoozed")
        #expect(asleep.details.wakeAt == moment)
        await scene.wait(4_300)
        #expect(try await scene.status() == "in_progress")
        await fixture.desk.stop()
    }

    @Test(
        "A request that slept when it was deleted is awake when it is restored",
        arguments: StoreKind.allCases
    )
    func restoredAwake(kind: StoreKind) async throws {
        let scene = try await ChatScene(store: kind.open(in: directory))
        let fixture = scene.fixture
        let moment = fixture.clock.now() + .seconds(50)
        let sleep = SetStatus(request: scene.request, status: "snoozed", wakeAt: moment)
        for command in [Command.setStatus(sleep), .delete(scene.request)] {
            #expect(await fixture.ask(command, as: scene.bo).acceptance != nil)
        }
        await scene.wait(100)
        #expect(try await scene.status() == "deleted")
        #expect(await fixture.ask(.restore(scene.request), as: scene.bo).acceptance != nil)
        #expect(try await scene.status() == "in_progress")
        await fixture.desk.stop()
    }

    /// A policy whose open requests move on after a while: after 100 s, or after 40 with a tag.
    private func elapsing() throws -> Policy {
        var content = try Policy.shippedDefault().content
        content.transitions += [
            Transition(on: .elapsed, from: ["assigned"], to: "waiting", after: .seconds(100)),
            Transition(
                on: .elapsed,
                from: ["assigned"],
                to: "on_hold",
                when: .matches(.tag, ["quick"]),
                after: .seconds(40)
            ),
        ]
        return try Policy(content)
    }

    @Test("A status lasts as long as the policy says", arguments: StoreKind.allCases)
    func elapse(kind: StoreKind) async throws {
        let scene = try await ChatScene(store: kind.open(in: directory), policy: elapsing())
        await scene.wait(99)
        #expect(try await scene.status() == "assigned")
        await scene.wait(1)
        #expect(try await scene.status() == "waiting")
        await scene.fixture.desk.stop()
    }

    @Test(
        "Of two transitions that wait, each has its time, whatever their order",
        arguments: StoreKind.allCases
    )
    func elapseEarlier(kind: StoreKind) async throws {
        let scene = try await ChatScene(store: kind.open(in: directory), policy: elapsing())
        let edit = EditRequest(request: scene.request, edits: [.addTag("quick")])
        #expect(await scene.fixture.ask(.edit(edit), as: scene.bo).acceptance != nil)
        await scene.wait(39)
        #expect(try await scene.status() == "assigned")
        await scene.wait(1)
        #expect(try await scene.status() == "on_hold")
        await scene.fixture.desk.stop()
    }

    @Test(
        "A message that is accepted before the timer's commit keeps the chat live",
        arguments: StoreKind.allCases
    )
    func race(kind: StoreKind) async throws {
        let store = try kind.open(in: directory)
        let scene = try await ChatScene(store: store)
        scene.fixture.clock.advance(by: .seconds(600))
        // The timer is due and fires after what is submitted, in the same transaction.
        let post = await scene.fixture.post("still here", in: scene.conversation, as: scene.ada)
        #expect(post.acceptance != nil)
        await scene.fixture.settle()
        let live = try await scene.fixture.desk.request(scene.request)
        #expect(live.session?.ordinal == 1 && live.session?.lastAuthor == .contact)
        await scene.wait(599)
        #expect(try await scene.fixture.desk.request(scene.request).session != nil)
        await scene.wait(1)
        #expect(try await scene.fixture.desk.request(scene.request).session == nil)
        await scene.fixture.desk.stop()
    }
}
