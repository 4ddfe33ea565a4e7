import DeskSupport
import DocketDesk
import DocketDomain
import DocketPolicy
import DocketStore
import Testing

@Suite("Timers, when other rules come into force")
struct TimerRevisionTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// The default policy with another silence on the chat, and a span after which those who wait
    /// are resolved.
    private static func policy(
        inactiveAfter: Duration?,
        waitingEndsAfter span: Duration? = nil
    ) throws -> Policy {
        var content = try Policy.shippedDefault().content
        content.channels = content.channels.map { channel in
            guard channel.key == "chat" else { return channel }
            return Channel(key: "chat", name: "Chat", inactiveAfter: inactiveAfter)
        }
        if let span {
            let ending = Transition(on: .elapsed, from: ["waiting"], to: "resolved", after: span)
            content.transitions.append(ending)
        }
        return try Policy(content)
    }

    private func apply(_ policy: Policy, to fixture: DeskFixture) async {
        let change = PolicyChange(text: policy.name, policy: policy)
        let key = Submission.Key(id: fixture.id(), digest: fixture.digest("policy"))
        let submission = Submission(key: key, principal: .desk, change: .policy(change))
        #expect(await fixture.desk.submit(submission).acceptance != nil)
    }

    /// Opens a chat for each of some contacts, and gives their requests.
    private func chats(_ count: Int, at fixture: DeskFixture) async throws -> [RequestID] {
        var requests: [RequestID] = []
        for index in 0..<count {
            let contact = await fixture.guest("Ada \(index)")
            let conversation = await fixture.conversation(of: contact)
            let request = await fixture.request(
                byPosting: "hello",
                in: conversation,
                as: contact
            )
            requests.append(try #require(request))
        }
        return requests
    }

    private func wait(_ seconds: Int64, _ fixture: DeskFixture) async {
        fixture.clock.advance(by: .seconds(seconds))
        await fixture.settle()
    }

    private func isLive(_ request: RequestID, at fixture: DeskFixture) async throws -> Bool {
        try await fixture.desk.request(request).session != nil
    }

    private func status(_ request: RequestID, at fixture: DeskFixture) async throws -> String {
        try await fixture.desk.request(request).status
    }

    private func isRevising(_ fixture: DeskFixture) throws -> Bool {
        try fixture.store.read { reading throws(StoreError) in
            try reading.timersRevisedThrough() != nil
        }
    }

    @Test(
        "A shorter silence ends the chats that are live already",
        arguments: StoreKind.allCases
    )
    func shorterSilence(kind: StoreKind) async throws {
        let fixture = try DeskFixture(store: kind.open(in: directory))
        let chat = try await chats(1, at: fixture)[0]
        await wait(100, fixture)
        await apply(try Self.policy(inactiveAfter: .seconds(200)), to: fixture)
        await wait(99, fixture)
        #expect(try await isLive(chat, at: fixture))
        await wait(1, fixture)
        #expect(try await !isLive(chat, at: fixture))
        await fixture.desk.stop()
    }

    @Test(
        "A longer silence lets them live on, and none lets them live for ever",
        arguments: StoreKind.allCases
    )
    func longerSilence(kind: StoreKind) async throws {
        let fixture = try DeskFixture(store: kind.open(in: directory))
        let chat = try await chats(1, at: fixture)[0]
        await apply(try Self.policy(inactiveAfter: .seconds(900)), to: fixture)
        await wait(899, fixture)
        #expect(try await isLive(chat, at: fixture))
        await apply(try Self.policy(inactiveAfter: nil), to: fixture)
        await wait(10_000, fixture)
        #expect(try await isLive(chat, at: fixture))
        let timer = try fixture.store.read { reading throws(StoreError) in
            try reading.nextTimer()
        }
        #expect(timer == nil)
        await fixture.desk.stop()
    }

    @Test(
        "A new span moves what rests in its status: at once what has rested for longer",
        arguments: StoreKind.allCases
    )
    func newSpan(kind: StoreKind) async throws {
        let fixture = try DeskFixture(store: kind.open(in: directory))
        let agent = await fixture.agent("Bo")
        let requests = try await chats(2, at: fixture)
        for request in requests {
            _ = await fixture.ask(.take(request), as: agent)
            let setting = SetStatus(request: request, status: "waiting")
            #expect(await fixture.ask(.setStatus(setting), as: agent).acceptance != nil)
            await wait(300, fixture)
        }
        let policy = try Self.policy(
            inactiveAfter: .seconds(600),
            waitingEndsAfter: .seconds(500)
        )
        await apply(policy, to: fixture)
        await fixture.settle()
        #expect(try await status(requests[0], at: fixture) == "resolved")
        #expect(try await status(requests[1], at: fixture) == "waiting")
        await wait(199, fixture)
        #expect(try await status(requests[1], at: fixture) == "waiting")
        await wait(1, fixture)
        #expect(try await status(requests[1], at: fixture) == "resolved")
        await fixture.desk.stop()
    }

    @Test(
        "More requests than one transaction revises are revised in several",
        arguments: StoreKind.allCases
    )
    func steps(kind: StoreKind) async throws {
        var limits = DeskLimits()
        limits.revisedRequests = 2
        let fixture = try DeskFixture(store: kind.open(in: directory), limits: limits)
        let requests = try await chats(5, at: fixture)
        await apply(try Self.policy(inactiveAfter: .seconds(60)), to: fixture)
        // The first transaction is that of the policy; each of these takes in two more requests.
        for _ in 0..<2 { await fixture.settle() }
        #expect(try !isRevising(fixture))
        await wait(60, fixture)
        for request in requests { #expect(try await !isLive(request, at: fixture)) }
        await fixture.desk.stop()
    }

    @Test(
        "A desk that ended in the middle of it goes on with it when it starts",
        arguments: StoreKind.allCases
    )
    func restart(kind: StoreKind) async throws {
        let store = try kind.open(in: directory)
        let before = try DeskFixture(store: store)
        let requests = try await chats(3, at: before)
        await before.desk.stop()
        // As it was left: the first request's timer follows the new rules, no other's does.
        try store.transact { transaction throws(StoreError) in
            try transaction.keep(timersRevisedThrough: 1)
        }
        let policy = try Self.policy(inactiveAfter: .seconds(60))
        let after = try DeskFixture(store: store, seed: 2, policy: policy, clock: before.clock)
        await after.settle()
        #expect(try !isRevising(after))
        await wait(60, after)
        #expect(try await isLive(requests[0], at: after))
        for request in requests[1...] { #expect(try await !isLive(request, at: after)) }
        await after.desk.stop()
    }

    @Test("A policy that is to take the place of another than the one in force is refused")
    func expectedVersion() async throws {
        let fixture = try DeskFixture(store: MemoryStore(epoch: Epoch(7)))
        let policy = try Self.policy(inactiveAfter: .seconds(60))
        for (expected, current): (UInt64, UInt64?) in [(1, 0), (0, nil), (0, 1), (1, nil)] {
            let key = Submission.Key(id: fixture.id(), digest: fixture.digest("policy"))
            let reply = await fixture.desk.submit(
                Submission(
                    key: key,
                    principal: .desk,
                    expectedVersion: expected,
                    change: .policy(PolicyChange(text: "text", policy: policy))
                )
            )
            #expect((reply.acceptance != nil) == (current == nil))
            #expect(reply.rejection == current.map { .versionConflict(current: $0, of: .policy) })
        }
        await fixture.desk.stop()
    }
}
