import DeskSupport
import DocketDesk
import DocketDomain
import DocketMessages
import DocketPolicy
import DocketStore
import Foundation
import Testing

@Suite("The life of a request at the desk")
struct DeskLifecycleTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// A desk with a contact, an agent and a chat that the agent has.
    private struct Scene {
        let fixture: DeskFixture
        let ada: Principal
        let bo: Principal
        let conversation: ConversationID
        let request: RequestID

        init(
            store: any Store,
            policy: Policy? = nil,
            limits: DeskLimits = DeskLimits()
        ) async throws {
            fixture = try DeskFixture(store: store, policy: policy, limits: limits)
            ada = await fixture.guest("Ada")
            bo = await fixture.agent("Bo")
            conversation = await fixture.conversation(of: ada)
            let opened = await fixture.request(byPosting: "hello", in: conversation, as: ada)
            request = try #require(opened)
            _ = await fixture.ask(.take(request), as: bo)
        }

        func status() async throws -> StatusKey { try await fixture.desk.request(request).status }

        func wait(_ seconds: Int) async {
            fixture.clock.advance(by: .seconds(seconds))
            await fixture.settle()
        }
    }

    // MARK: Timers

    @Test("A request sleeps until its moment, and wakes once", arguments: StoreKind.allCases)
    func wake(kind: StoreKind) async throws {
        let scene = try await Scene(store: kind.open(in: directory))
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
        let scene = try await Scene(store: kind.open(in: directory))
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
        let scene = try await Scene(store: kind.open(in: directory))
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
        let scene = try await Scene(store: kind.open(in: directory), policy: elapsing())
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
        let scene = try await Scene(store: kind.open(in: directory), policy: elapsing())
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
        let scene = try await Scene(store: store)
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

    // MARK: Who hears of it

    private func facts(
        _ fixture: DeskFixture,
        _ principal: Principal
    ) async throws -> [Event] {
        var feed = try fixture.desk.subscribe(as: principal, from: .beginning, on: fixture.hub)
        defer { feed.close() }
        let page = try await feed.next(limit: 200)
        return page.entries.compactMap { entry -> Event? in
            guard case .event(let bytes) = entry.content else { return nil }
            return Event(encoded: bytes)
        }
    }

    @Test(
        "Contacts and integrations hear nothing of internal requests, by any way",
        arguments: StoreKind.allCases
    )
    func internalRequests(kind: StoreKind) async throws {
        let scene = try await Scene(store: kind.open(in: directory))
        let fixture = scene.fixture
        let bridge = await fixture.integration("bridge")
        let creation = CreateRequest(
            id: fixture.id(),
            kind: .ticket,
            channel: "chat",
            contact: scene.ada.id.map { ContactID($0) },
            text: "between us",
            isInternal: true
        )
        #expect(await fixture.ask(.createRequest(creation), as: scene.bo).acceptance != nil)
        let answer = Post(
            id: fixture.id(),
            conversation: scene.conversation,
            text: "secret",
            request: creation.id
        )
        #expect(await fixture.ask(.post(answer), as: scene.bo).acceptance != nil)
        var prying = Post(
            id: fixture.id(),
            conversation: scene.conversation,
            text: "what is this",
            request: creation.id
        )
        #expect(await fixture.ask(.post(prying), as: scene.ada).rejection == .notFound)
        prying = Post(id: fixture.id(), conversation: scene.conversation, text: "goes on")
        let posted = await fixture.ask(.post(prying), as: scene.ada)
        guard case .message(let message)? = posted.acceptance?.result else { return }
        #expect(message.request == scene.request, "the chat goes on")
        for outsider in [scene.ada, bridge] {
            let heard = try await facts(fixture, outsider)
            #expect(!heard.contains { $0.request?.id == creation.id || $0.isInternal })
        }
        #expect(try await facts(fixture, scene.bo).contains { $0.request?.id == creation.id })
        let history = try await fixture.desk.history(
            of: scene.conversation,
            for: scene.ada,
            nil,
            limit: 200
        )
        let seen = history.entries.compactMap { Event(encoded: $0.event) }
        #expect(!seen.contains { $0.request?.id == creation.id })
        let snapshot = try await fixture.desk.snapshot(for: scene.ada, page: nil, limit: 9)
        #expect(snapshot.situations.map(\.request?.id) == [scene.request])
        await fixture.desk.stop()
    }

    @Test(
        "A conversation that only internal requests opened is the staff's until the contact's own",
        arguments: StoreKind.allCases
    )
    func internalConversation(kind: StoreKind) async throws {
        let scene = try await Scene(store: kind.open(in: directory))
        let fixture = scene.fixture
        let eve = await fixture.guest("Eve")
        let internalCreation = CreateRequest(
            id: fixture.id(),
            kind: .ticket,
            channel: "portal",
            contact: eve.id.map { ContactID($0) },
            text: "between us",
            isInternal: true
        )
        #expect(await fixture.ask(.createRequest(internalCreation), as: scene.bo).acceptance != nil)
        let hidden = try await fixture.desk.request(internalCreation.id).conversation
        #expect(try await facts(fixture, eve).isEmpty)
        let unseen = try await fixture.desk.snapshot(for: eve, page: nil, limit: 9)
        #expect(unseen.situations.isEmpty)
        await #expect(throws: QueryError.notFound) {
            _ = try await fixture.desk.history(of: hidden, for: eve, nil, limit: 9)
        }
        #expect(await fixture.post("hello", in: hidden, as: eve).rejection == .notFound)
        let mark = Command.markRead(MarkRead(conversation: hidden, upTo: 9))
        #expect(await fixture.ask(mark, as: eve).rejection == .notFound)
        let all = try await fixture.desk.snapshot(for: scene.bo, page: nil, limit: 9)
        #expect(all.situations.contains { $0.conversation?.id == hidden })

        // What the staff reads and types there is the staff's too.
        var (own, colleagues) = (
            try fixture.desk.subscribe(as: eve, from: .now, on: fixture.hub),
            try fixture.desk.subscribe(
                as: await fixture.agent("Cy"),
                from: .now,
                on: fixture.hub
            )
        )
        let read = MarkRead(conversation: hidden, upTo: fixture.desk.position.head)
        #expect(await fixture.ask(.markRead(read), as: scene.bo).acceptance != nil)
        try await fixture.desk.signalTyping(of: scene.bo, in: hidden)
        let heard = try await colleagues.next(limit: 9)
        #expect(!heard.entries.isEmpty && heard.signals.count == 1)
        #expect(try await own.next(limit: 9).signals.isEmpty)
        #expect(try await facts(fixture, eve).isEmpty)
        own.close()
        colleagues.close()

        // The contact opens it: the same conversation, and for the contact it begins here.
        let opening = Command.openConversation(
            OpenConversation(id: fixture.id(), channel: "portal")
        )
        let id: CommandID = try #require(opening.creationID)
        let opened = await fixture.ask(opening, as: eve, id: id)
        let again = await fixture.ask(opening, as: eve, id: id)
        for reply in [opened, again] {
            guard case .conversation(let message)? = reply.acceptance?.result else {
                Issue.record("nothing was opened")
                continue
            }
            #expect(message.id == hidden.data && !message.hasNewestRequest)
            #expect(reply.acceptance?.offset == fixture.desk.position.head)
        }
        #expect(try await facts(fixture, eve).map(\.audience) == [.conversation])
        let seen = try await fixture.desk.snapshot(for: eve, page: nil, limit: 9)
        #expect(seen.situations.map(\.conversation?.id) == [hidden])
        #expect(seen.situations.map(\.conversation?.isInternal) == [false])
        await fixture.desk.stop()
    }

    @Test(
        "An id under which the desk itself has written is not given to another message",
        arguments: StoreKind.allCases
    )
    func reservedIDs(kind: StoreKind) async throws {
        let policy = try PolicyDocument.parse(
            try #require(PolicyDocument.presets.first { $0.name == "superoffice" }).text
        )
        let fixture = try DeskFixture(store: kind.open(in: directory), policy: policy)
        let ada = await fixture.guest("Ada")
        let creation = CreateRequest(
            id: fixture.id(),
            kind: .ticket,
            channel: "portal",
            text: "it does not print"
        )
        #expect(await fixture.ask(.createRequest(creation), as: ada).acceptance != nil)
        let confirmations = try await facts(fixture, ada).compactMap { event -> MessageID? in
            guard case .messagePosted(let message) = event.fact, event.actor.kind == .desk else {
                return nil
            }
            return message.id
        }
        let id = try #require(confirmations.first)
        let conversation = try await fixture.desk.request(creation.id).conversation
        let post = Command.post(Post(id: id, conversation: conversation, text: "mine"))
        guard case .keyReused = await fixture.ask(post, as: ada) else {
            Issue.record("two messages have one id")
            return
        }
        await fixture.desk.stop()
    }

    @Test(
        "What the staff opens for the contact brings such a conversation to the contact",
        arguments: StoreKind.allCases
    )
    func revealedConversation(kind: StoreKind) async throws {
        let scene = try await Scene(store: kind.open(in: directory))
        let fixture = scene.fixture
        let eve = await fixture.guest("Eve")
        for isInternal in [true, true, false, true] {
            let creation = CreateRequest(
                id: fixture.id(),
                kind: .ticket,
                channel: "phone",
                contact: eve.id.map { ContactID($0) },
                text: "a call",
                isInternal: isInternal
            )
            #expect(await fixture.ask(.createRequest(creation), as: scene.bo).acceptance != nil)
        }
        let heard = try await facts(fixture, eve)
        let openings = heard.filter { event in
            if case .conversationOpened = event.fact { true } else { false }
        }
        #expect(openings.count == 1 && heard.first == openings.first)
        #expect(Set(heard.compactMap(\.request?.number)).count == 1)
        await fixture.desk.stop()
    }

    @Test(
        "A link of two conversations stands in both, for the staff alone",
        arguments: StoreKind.allCases
    )
    func links(kind: StoreKind) async throws {
        let scene = try await Scene(store: kind.open(in: directory))
        let fixture = scene.fixture
        let eve = await fixture.guest("Eve")
        let other = await fixture.conversation(of: eve)
        let second = try #require(
            await fixture.request(byPosting: "me too", in: other, as: eve)
        )
        let link = LinkRequests(request: scene.request, kind: .parent, other: second)
        #expect(await fixture.ask(.link(link), as: scene.bo).acceptance != nil)
        let kinds = { (events: [Event], request: RequestID) in
            events.compactMap { event -> LinkKind? in
                guard case .linked(let link) = event.fact, event.request?.id == request else {
                    return nil
                }
                return link.kind
            }
        }
        let heard = try await facts(fixture, scene.bo)
        #expect(kinds(heard, scene.request) == [.parent] && kinds(heard, second) == [.child])
        for (conversation, request) in [(scene.conversation, scene.request), (other, second)] {
            let staff = try await fixture.desk.history(
                of: conversation,
                for: scene.bo,
                nil,
                limit: 99
            )
            let events = staff.entries.compactMap { Event(encoded: $0.event) }
            #expect(kinds(events, request).count == 1)
            #expect(events.allSatisfy { $0.conversation == conversation })
        }
        for contact in [scene.ada, eve] {
            let events = try await facts(fixture, contact)
            #expect(kinds(events, scene.request) + kinds(events, second) == [])
        }
        await fixture.desk.stop()
    }

    // MARK: Merges and splits

    /// A chat after the first, which the agent has finished as closed.
    private func followUp(_ scene: Scene) async throws -> RequestID {
        let finish = Finish(request: scene.request, status: "closed")
        _ = await scene.fixture.ask(.finish(finish), as: scene.bo)
        return try #require(
            await scene.fixture.request(byPosting: "again", in: scene.conversation, as: scene.ada)
        )
    }

    @Test(
        "What a contact writes to a merged request goes on in the one that has its content",
        arguments: StoreKind.allCases
    )
    func forwarded(kind: StoreKind) async throws {
        let scene = try await Scene(store: kind.open(in: directory))
        let fixture = scene.fixture
        let newer = try await followUp(scene)
        let merge = MergeRequests(request: newer, other: nil)
        #expect(await fixture.ask(.merge(merge), as: scene.bo).acceptance != nil)
        let post = { (text: String) in
            Command.post(
                Post(
                    id: fixture.id(),
                    conversation: scene.conversation,
                    text: text,
                    request: newer
                )
            )
        }
        let reply = await fixture.ask(post("and more"), as: scene.ada)
        guard case .message(let posted)? = reply.acceptance?.result else {
            Issue.record("\(reply)")
            return
        }
        #expect(posted.request == scene.request && posted.sequence == 3)
        #expect(await fixture.ask(post("no"), as: scene.bo).rejection == .requestNotOpen)
        let page = try await fixture.desk.messages(of: scene.request, after: 0, limit: 9)
        #expect(page.messages.map(\.message.beginning) == ["hello", "again", "and more"])
        await fixture.desk.stop()
    }

    @Test(
        "A live chat is merged into a topic for members only by whoever has it, if they belong",
        arguments: StoreKind.allCases
    )
    func mergeForMembers(kind: StoreKind) async throws {
        var content = try Policy.shippedDefault().content
        content.topics = [
            Topic(key: "till", name: "Till", members: ["Bo", "Di"], isForMembersOnly: true)
        ]
        let policy = try Policy(content)
        let scene = try await Scene(store: kind.open(in: directory), policy: policy)
        let fixture = scene.fixture
        let edit = EditRequest(request: scene.request, edits: [.topic("till")])
        _ = await fixture.ask(.edit(edit), as: scene.bo)
        let newer = try await followUp(scene)
        let cy = await fixture.agent("Cy")
        let di = await fixture.agent("Di")
        let merge = Command.merge(MergeRequests(request: newer, other: nil))
        _ = await fixture.ask(.take(newer), as: cy)
        #expect(await fixture.ask(merge, as: scene.bo).rejection == .notMember)
        let give = Assign(request: newer, agent: di.agent?.agent.id)
        #expect(await fixture.ask(.assign(give), as: cy).acceptance != nil)
        #expect(await fixture.ask(merge, as: scene.bo).acceptance != nil)
        #expect(try await fixture.desk.request(scene.request).assignee?.name == "Di")
        await fixture.desk.stop()
    }

    @Test(
        "A request that a split lets sleep on wakes at the moment that it had",
        arguments: StoreKind.allCases
    )
    func wakeAfterSplit(kind: StoreKind) async throws {
        let scene = try await Scene(store: kind.open(in: directory))
        let fixture = scene.fixture
        let moment = fixture.clock.now() + .seconds(5_000)
        let sleep = SetStatus(request: scene.request, status: "snoozed", wakeAt: moment)
        _ = await fixture.ask(.setStatus(sleep), as: scene.bo)
        let finish = Finish(request: scene.request, status: "snoozed")
        _ = await fixture.ask(.finish(finish), as: scene.bo)
        await scene.wait(100)
        _ = await fixture.post("another matter", in: scene.conversation, as: scene.ada)
        #expect(try await scene.status() == "in_progress")
        let split = Command.splitNewMessages(scene.request)
        #expect(await fixture.ask(split, as: scene.bo).acceptance != nil)
        #expect(try await scene.status() == "snoozed")
        await scene.wait(4_899)
        #expect(try await scene.status() == "snoozed")
        await scene.wait(1)
        #expect(try await scene.status() == "in_progress")
        await fixture.desk.stop()
    }

    @Test(
        "A request whose moment passed while it was awake wakes once it was split",
        arguments: StoreKind.allCases
    )
    func wakeAfterLateSplit(kind: StoreKind) async throws {
        let scene = try await Scene(store: kind.open(in: directory))
        let fixture = scene.fixture
        let moment = fixture.clock.now() + .seconds(200)
        let sleep = SetStatus(request: scene.request, status: "snoozed", wakeAt: moment)
        _ = await fixture.ask(.setStatus(sleep), as: scene.bo)
        let finish = Finish(request: scene.request, status: "snoozed")
        _ = await fixture.ask(.finish(finish), as: scene.bo)
        await scene.wait(100)
        _ = await fixture.post("another matter", in: scene.conversation, as: scene.ada)
        await scene.wait(101)
        let split = Command.splitNewMessages(scene.request)
        #expect(await fixture.ask(split, as: scene.bo).acceptance != nil)
        await fixture.settle()
        let causes = try fixture.log().compactMap { _, event -> StatusCause? in
            guard case .statusChanged(let change) = event.fact,
                event.request?.id == scene.request
            else { return nil }
            return change.cause
        }
        #expect(causes.suffix(3) == [.contactReplied, .split, .woken])
        #expect(try await scene.status() == "in_progress")
        await fixture.desk.stop()
    }

    @Test(
        "A request whose first message was split off is described by the first that stays",
        arguments: StoreKind.allCases
    )
    func descriptionAfterSplit(kind: StoreKind) async throws {
        let scene = try await Scene(store: kind.open(in: directory))
        let fixture = scene.fixture
        _ = await fixture.post("and the till", in: scene.conversation, as: scene.ada)
        let page = try await fixture.desk.messages(of: scene.request, after: 0, limit: 1)
        let first = page.messages.map(\.message.id)
        let split = SplitMessages(request: scene.request, messages: first)
        #expect(await fixture.ask(.splitMessages(split), as: scene.bo).acceptance != nil)
        let left = try await fixture.desk.request(scene.request)
        #expect(left.description == "and the till" && left.title == "and the till")
        await fixture.desk.stop()
    }

    @Test(
        "However often a survivor is merged itself, whoever follows takes one step",
        arguments: StoreKind.allCases
    )
    func merges(kind: StoreKind) async throws {
        let scene = try await Scene(store: kind.open(in: directory))
        let fixture = scene.fixture
        var requests = [scene.request]
        for text in ["two", "three", "four"] {
            let finish = Finish(request: requests[requests.count - 1], status: "closed")
            _ = await fixture.ask(.finish(finish), as: scene.bo)
            let opened = await fixture.request(
                byPosting: text,
                in: scene.conversation,
                as: scene.ada
            )
            requests.append(try #require(opened))
            _ = await fixture.ask(.take(requests[requests.count - 1]), as: scene.bo)
        }
        for newer in requests.dropFirst().reversed() {
            let merge = MergeRequests(request: newer, other: nil)
            #expect(await fixture.ask(.merge(merge), as: scene.bo).acceptance != nil)
        }
        for request in requests.dropFirst() {
            let merged = try await fixture.desk.request(request)
            #expect(merged.details.mergedInto?.id == scene.request)
        }
        let survivor = try await fixture.desk.request(scene.request)
        #expect(Set(survivor.details.sources.map(\.id)) == Set(requests.dropFirst()))
        let messages = try await fixture.desk.messages(of: scene.request, after: 0, limit: 99)
        #expect(messages.messages.map(\.message.beginning) == ["hello", "two", "three", "four"])
        await fixture.desk.stop()
    }

    @Test(
        "The messages of a request are looked up to a limit, and refused beyond it",
        arguments: StoreKind.allCases
    )
    func tooManyEntries(kind: StoreKind) async throws {
        let probe = try await talk(kind, DeskLimits(), in: directory)
        let own = try probe.fixture.log().filter { $0.event.request?.id == probe.request }
        let last = own.last { _, event in
            if case .messagePosted = event.fact { true } else { false }
        }
        let needed = Int(try #require(last).entry.offset - (try #require(own.first)).entry.offset)
        await probe.fixture.desk.stop()
        for (limit, isEnough) in [(needed, true), (needed - 1, false)] {
            let folder = try TemporaryDirectory()
            var limits = DeskLimits()
            limits.examinedEntries = limit
            limits.examinedForMove = limit
            let scene = try await talk(kind, limits, in: folder)
            let fixture = scene.fixture
            if isEnough {
                let page = try await fixture.desk.messages(of: scene.request, after: 1, limit: 1)
                #expect(page.messages.map(\.sequence) == [2] && page.hasMore)
            } else {
                await #expect(throws: QueryError.tooMany(field: "entries", limit: limit)) {
                    try await fixture.desk.messages(of: scene.request, after: 1, limit: 1)
                }
            }
            let split = SplitMessages(request: scene.request, messages: [fixture.id()])
            let answer = await fixture.ask(.splitMessages(split), as: scene.bo).rejection
            let tooMany = Rejection.tooMany(field: "entries", limit: UInt64(limit))
            #expect(answer == (isEnough ? .notFound : tooMany))
            await fixture.desk.stop()
        }
    }

    /// A chat of three messages.
    private func talk(
        _ kind: StoreKind,
        _ limits: DeskLimits,
        in directory: TemporaryDirectory
    ) async throws -> Scene {
        let scene = try await Scene(store: kind.open(in: directory), limits: limits)
        for text in ["two", "three"] {
            _ = await scene.fixture.post(text, in: scene.conversation, as: scene.ada)
        }
        return scene
    }

    @Test("A split of new messages leaves some", arguments: StoreKind.allCases)
    func splitLeavesNothing(kind: StoreKind) async throws {
        let scene = try await Scene(store: kind.open(in: directory))
        let fixture = scene.fixture
        _ = await fixture.ask(.finish(Finish(request: scene.request)), as: scene.bo)
        _ = await fixture.post("again", in: scene.conversation, as: scene.ada)
        let first = try await fixture.desk.messages(of: scene.request, after: 0, limit: 1)
        let ids = first.messages.map(\.message.id)
        let split = SplitMessages(request: scene.request, messages: ids)
        #expect(await fixture.ask(.splitMessages(split), as: scene.bo).acceptance != nil)
        let reply = await fixture.ask(.splitNewMessages(scene.request), as: scene.bo)
        #expect(reply.rejection == .splitLeavesNothing)
        await fixture.desk.stop()
    }
}
