import DeskSupport
import DocketDesk
import DocketDomain
import DocketPolicy
import DocketStore
import Foundation
import Testing

@Suite("A policy that comes into force")
struct PolicyChangeTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func submission(
        _ policy: Policy,
        text: String,
        id: CommandID,
        _ fixture: DeskFixture,
        as principal: Principal? = .desk
    ) -> Submission {
        Submission(
            key: Submission.Key(id: id, digest: fixture.digest(text)),
            principal: principal,
            change: .policy(PolicyChange(text: text, policy: policy))
        )
    }

    /// The default policy with something else in it.
    private func policy(_ change: (inout PolicyContent) -> Void) throws -> Policy {
        var content = try Policy.shippedDefault().content
        change(&content)
        return try Policy(content)
    }

    private func version(_ reply: Reply) -> UInt64? {
        guard case .policy(let version)? = reply.acceptance?.result else { return nil }
        return version
    }

    @Test(
        "It has a version, and the same again has no second effect",
        arguments: StoreKind.allCases
    )
    func repetition(kind: StoreKind) async throws {
        let fixture = try DeskFixture(store: kind.open(in: directory))
        let id: CommandID = fixture.id()
        let policy = try policy { $0.name = "Second" }
        let applying = submission(policy, text: "a", id: id, fixture)
        let first = await fixture.desk.submit(applying)
        let again = await fixture.desk.submit(applying)
        #expect(version(first) == 1 && version(again) == 1)
        #expect(again.acceptance?.isRepetition == true)
        #expect(again.acceptance?.offset == first.acceptance?.offset)
        #expect(fixture.desk.position.head == 1 && fixture.desk.policy.name == "Second")
        let other = submission(policy, text: "b", id: id, fixture)
        guard case .keyReused = await fixture.desk.submit(other) else {
            Issue.record("another text under the same id was answered")
            return
        }
        let next = submission(policy, text: "b", id: fixture.id(), fixture)
        #expect(version(await fixture.desk.submit(next)) == 2)
        await fixture.desk.stop()
    }

    @Test("Only administrators and the desk itself change the rules")
    func rights() async throws {
        let fixture = try DeskFixture(store: MemoryStore(epoch: Epoch(7)))
        let policy = try policy { $0.name = "Second" }
        let people: [(Principal?, Bool)] = [
            (nil, false), (await fixture.guest("Ada"), false), (await fixture.agent("Bo"), false),
            (await fixture.agent("Cy", .supervisor), false),
            (await fixture.integration("bridge"), false),
            (await fixture.agent("Di", .administrator), true),
        ]
        for (principal, isAllowed) in people {
            let applying = submission(policy, text: "a", id: fixture.id(), fixture, as: principal)
            let reply = await fixture.desk.submit(applying)
            #expect((reply.acceptance != nil) == isAllowed, "\(principal?.name ?? "nobody")")
            #expect(isAllowed || reply.rejection == .notPermitted)
        }
        await fixture.desk.stop()
    }

    @Test(
        "What requests use is not taken away, and everything in use is named",
        arguments: StoreKind.allCases
    )
    func inUse(kind: StoreKind) async throws {
        let fixture = try DeskFixture(store: kind.open(in: directory))
        let ada = await fixture.guest("Ada")
        let bo = await fixture.agent("Bo")
        let conversation = await fixture.conversation(of: ada)
        let request = try #require(
            await fixture.request(byPosting: "hello", in: conversation, as: ada)
        )
        let edit = EditRequest(request: request, edits: [.type("question"), .priority("low")])
        #expect(await fixture.ask(.edit(edit), as: bo).acceptance != nil)
        let smaller = try policy { content in
            content.statuses.removeAll { ["closed", "new"].contains($0.key) }
            content.statuses.append(
                Status(key: "new", name: "New", category: .open, reply: .append)
            )
            content.transitions.removeAll { $0.to == "closed" || $0.from.contains("closed") }
            content.channels.removeAll { ["chat", "email"].contains($0.key) }
            content.types.removeAll { $0.key == "question" || $0.key == "incident" }
            content.priorities.removeAll { $0.key == "low" }
        }
        let head = fixture.desk.position.head
        let id: CommandID = fixture.id()
        let expected = Rejection.inUse([
            "statuses.new", "channels.chat", "types.question", "priorities.low",
        ])
        let applying = submission(smaller, text: "a", id: id, fixture)
        #expect(await fixture.desk.submit(applying).rejection == expected)
        #expect(try await fixture.desk.whatIsUsed(without: smaller).count == 4)
        #expect(fixture.desk.position.head == head && fixture.desk.policy.name == "Default")
        // The refusal stands, though nothing is in the way any more.
        let merged = try policy { $0.name = "Second" }
        let same = submission(merged, text: "a", id: id, fixture)
        #expect(await fixture.desk.submit(same).rejection == expected)
        await fixture.desk.stop()
    }

    @Test(
        "A field that requests have stays and keeps its type, a status its kinds",
        arguments: StoreKind.allCases
    )
    func fieldsInUse(kind: StoreKind) async throws {
        let fields = [
            FieldDefinition(key: "serial", name: "Serial", type: .text(limit: 32)),
            FieldDefinition(key: "shelf", name: "Shelf", type: .text(limit: 32)),
        ]
        let first = try policy { $0.fields = fields }
        let fixture = try DeskFixture(store: kind.open(in: directory), policy: first)
        let ada = await fixture.guest("Ada")
        let bo = await fixture.agent("Bo")
        let conversation = await fixture.conversation(of: ada)
        let request = try #require(
            await fixture.request(byPosting: "hello", in: conversation, as: ada)
        )
        let edit = EditRequest(request: request, edits: [.field("serial", .text("A-1"))])
        #expect(await fixture.ask(.edit(edit), as: bo).acceptance != nil)
        _ = await fixture.ask(.take(request), as: bo)
        let setting = SetStatus(request: request, status: "on_hold")
        #expect(await fixture.ask(.setStatus(setting), as: bo).acceptance != nil)
        let without = try policy { _ in }
        let retyped = try policy { content in
            content.fields = fields.map {
                FieldDefinition(key: $0.key, name: $0.name, type: .integer(0...9))
            }
        }
        let longer = try policy { content in
            content.fields = fields.map {
                FieldDefinition(key: $0.key, name: $0.name, type: .text(limit: 64))
            }
        }
        let ticketsOnly = try policy { content in
            content.fields = fields
            content.statuses = content.statuses.map { status in
                status.key == "on_hold" ? status.serving(.ticket) : status
            }
        }
        let cases: [(Policy, [String])] = [
            (without, ["fields.serial"]), (retyped, ["fields.serial.type"]),
            (ticketsOnly, ["statuses.on_hold.kinds.chat"]), (longer, []),
        ]
        for (policy, used) in cases {
            let applying = submission(policy, text: "a", id: fixture.id(), fixture)
            let reply = await fixture.desk.submit(applying)
            #expect(reply.rejection == (used.isEmpty ? nil : .inUse(used)), "\(used)")
        }
        await fixture.desk.stop()
    }

    @Test(
        "The first policy of a store with requests has to have what they use",
        arguments: StoreKind.allCases
    )
    func firstOfOldStore(kind: StoreKind) async throws {
        let fixture = try DeskFixture(store: kind.open(in: directory))
        let ada = await fixture.guest("Ada")
        let conversation = await fixture.conversation(of: ada)
        _ = await fixture.request(byPosting: "hello", in: conversation, as: ada)
        let whole = try policy { _ in }
        let smaller = try policy { content in
            content.statuses = content.statuses.map { $0.key == "new" ? $0.renamed("fresh") : $0 }
            content.kinds = [
                KindRules(kind: .ticket, initialStatus: "fresh", finishStatus: "resolved")
            ]
            content.transitions = content.transitions.map { $0.renaming("new", to: "fresh") }
            content.channels = content.channels.filter { $0.opens == .ticket }
        }
        try fixture.store.read { reading throws(StoreError) in
            #expect(try Desk.whatIsUsed(without: whole, in: reading).isEmpty)
            let used = try Desk.whatIsUsed(without: smaller, in: reading)
            #expect(used == ["statuses.new", "kinds.chat", "channels.chat"])
        }
        await fixture.desk.stop()
    }

    @Test(
        "It is in force for the next command of the same transaction",
        arguments: StoreKind.allCases
    )
    func sameTransaction(kind: StoreKind) async throws {
        let store = try kind.open(in: directory)
        let before = try DeskFixture(store: store)
        let ada = await before.guest("Ada")
        let bo = await before.agent("Bo")
        let conversation = await before.conversation(of: ada)
        let request = try #require(
            await before.request(byPosting: "hello", in: conversation, as: ada)
        )
        let finish = Command.finish(Finish(request: request, status: "waiting"))
        #expect(await before.ask(finish, as: bo).acceptance == nil)
        await before.desk.stop()
        let policy = try policy { content in
            content.transitions.append(
                Transition(on: .finished, from: ["new"], to: "waiting", by: .staff)
            )
        }
        let blocked = BlockedStore(store)
        let fixture = try DeskFixture(store: blocked, seed: 2)
        let first = Task.immediate { await fixture.post("more", in: conversation, as: ada) }
        await blocked.waitUntilBlocked()
        let applying = submission(policy, text: "a", id: fixture.id(), fixture)
        let applied = Task.immediate { await fixture.desk.submit(applying) }
        let finished = Task.immediate { await fixture.ask(finish, as: bo) }
        blocked.release()
        #expect(await first.value.acceptance != nil)
        #expect(version(await applied.value) == 1)
        #expect(await finished.value.acceptance != nil)
        await fixture.desk.stop()
    }

    @Test("The staff hears of it, and contacts do not", arguments: StoreKind.allCases)
    func feeds(kind: StoreKind) async throws {
        let fixture = try DeskFixture(store: kind.open(in: directory))
        let people = [
            await fixture.guest("Ada"), await fixture.integration("bridge"),
            await fixture.agent("Bo"),
        ]
        let policy = try policy { $0.name = "Second" }
        let applying = submission(policy, text: "a", id: fixture.id(), fixture)
        _ = await fixture.desk.submit(applying)
        for (person, hears) in zip(people, [false, false, true]) {
            var feed = try fixture.desk.subscribe(as: person, from: .beginning, on: fixture.hub)
            let page = try await feed.next(limit: 9)
            let facts = page.entries.compactMap { entry -> Fact? in
                guard case .event(let bytes) = entry.content else { return nil }
                return Event(encoded: bytes)?.fact
            }.filter { if case .policyApplied = $0 { true } else { false } }
            #expect(facts == (hears ? [.policyApplied(version: 1, name: "Second")] : []))
            feed.close()
        }
        await fixture.desk.stop()
    }

    @Test("Every version stays readable, also by the next start", arguments: StoreKind.allCases)
    func restart(kind: StoreKind) async throws {
        let store = try kind.open(in: directory)
        let fixture = try DeskFixture(store: store)
        for text in ["one", "two", "three"] {
            let policy = try policy { $0.name = text }
            _ = await fixture.desk.submit(submission(policy, text: text, id: fixture.id(), fixture))
        }
        await fixture.desk.stop()
        let next = try DeskFixture(store: store, seed: 2)
        #expect(try await next.desk.policy(version: nil).text == "three")
        #expect(try await next.desk.policy(version: 1).text == "one")
        await #expect(throws: QueryError.notFound) { _ = try await next.desk.policy(version: 4) }
        let first = try await next.desk.policies(page: nil, limit: 2)
        #expect(first.policies.map(\.version) == [3, 2])
        let rest = try await next.desk.policies(page: first.nextPage, limit: 2)
        #expect(rest.policies.map(\.name) == ["one"] && rest.nextPage == nil)
        await next.desk.stop()
    }
}

extension Status {
    /// The same status for one kind alone.
    fileprivate func serving(_ kind: RequestKind) -> Status {
        Status(
            key: key,
            name: name,
            category: category,
            kinds: [kind],
            waitingFor: waitingFor,
            reply: reply
        )
    }

    /// The same status under another key.
    fileprivate func renamed(_ key: StatusKey) -> Status {
        Status(key: key, name: name, category: category, reply: reply)
    }
}

extension Transition {
    /// The same transition, with a status under another key.
    fileprivate func renaming(_ old: StatusKey, to new: StatusKey) -> Transition {
        Transition(
            on: trigger,
            from: from.map { $0 == old ? new : $0 },
            to: to == old ? new : to,
            by: actors,
            requires: requirements
        )
    }
}
