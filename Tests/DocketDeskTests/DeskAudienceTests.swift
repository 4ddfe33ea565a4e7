import DeskSupport
import DocketDesk
import DocketDomain
import DocketMessages
import DocketPolicy
import DocketStore
import Foundation
import Testing

@Suite("Who hears of requests at the desk")
struct DeskAudienceTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test(
        "Contacts and integrations hear nothing of internal requests, by any way",
        arguments: StoreKind.allCases
    )
    func internalRequests(kind: StoreKind) async throws {
        let scene = try await ChatScene(store: kind.open(in: directory))
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
            let heard = try await fixture.facts(of: outsider)
            #expect(!heard.contains { $0.request?.id == creation.id || $0.isInternal })
        }
        #expect(try await fixture.facts(of: scene.bo).contains { $0.request?.id == creation.id })
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
        "A conversation that only internal requests opened stays the staff's beside the contact's",
        arguments: StoreKind.allCases
    )
    func internalConversation(kind: StoreKind) async throws {
        let scene = try await ChatScene(store: kind.open(in: directory))
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
        #expect(try await fixture.facts(of: eve).isEmpty)
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
        #expect(try await fixture.facts(of: eve).isEmpty)
        own.close()
        colleagues.close()

        // The contact opens its own, under its own id: nothing tells it of the other.
        let id: ConversationID = fixture.id()
        let opening = Command.openConversation(OpenConversation(id: id, channel: "portal"))
        let opened = await fixture.ask(opening, as: eve, id: CommandID(id))
        let again = await fixture.ask(opening, as: eve, id: CommandID(id))
        for reply in [opened, again] {
            guard case .conversation(let message)? = reply.acceptance?.result else {
                Issue.record("nothing was opened")
                continue
            }
            #expect(message.id == id.data && !message.hasNewestRequest)
            #expect(reply.acceptance?.offset == fixture.desk.position.head)
        }
        #expect(try await fixture.facts(of: eve).map(\.conversation) == [id])
        let seen = try await fixture.desk.snapshot(for: eve, page: nil, limit: 9)
        #expect(seen.situations.map(\.conversation?.id) == [id])
        await #expect(throws: QueryError.notFound) {
            _ = try await fixture.desk.history(of: hidden, for: eve, nil, limit: 9)
        }
        let posted = await fixture.request(byPosting: "mine", in: id, as: eve)
        #expect(try await fixture.desk.request(try #require(posted)).previous == nil)
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
        let confirmations = try await fixture.facts(of: ada).compactMap { event -> MessageID? in
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
        "What the staff opens for the contact is in a conversation of the contact's own",
        arguments: StoreKind.allCases
    )
    func revealedConversation(kind: StoreKind) async throws {
        let scene = try await ChatScene(store: kind.open(in: directory))
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
        let heard = try await fixture.facts(of: eve)
        let openings = heard.filter { event in
            if case .conversationOpened = event.fact { true } else { false }
        }
        #expect(openings.count == 1 && heard.first == openings.first)
        #expect(Set(heard.compactMap(\.request?.number)).count == 1)
        let all = try await fixture.desk.snapshot(for: scene.bo, page: nil, limit: 9)
        let own = all.situations.compactMap(\.conversation).filter { $0.contact.id == eve.contact }
        #expect(Set(own.map(\.isInternal)) == [true, false] && own.count == 2)
        await fixture.desk.stop()
    }

    @Test(
        "A link of two conversations stands in both, for the staff alone",
        arguments: StoreKind.allCases
    )
    func links(kind: StoreKind) async throws {
        let scene = try await ChatScene(store: kind.open(in: directory))
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
        let heard = try await fixture.facts(of: scene.bo)
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
            let events = try await fixture.facts(of: contact)
            #expect(kinds(events, scene.request) + kinds(events, second) == [])
        }
        await fixture.desk.stop()
    }
}

extension Principal {
    /// The principal as a contact.
    fileprivate var contact: ContactID? { id.map { ContactID($0) } }
}
