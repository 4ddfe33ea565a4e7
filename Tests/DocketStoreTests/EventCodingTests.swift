import DeskSupport
import DocketDomain
import DocketMessages
import DocketStore
import DocketTestSupport
import Foundation
import SwiftProtobuf
import Testing

@Suite("The coding of events")
struct EventCodingTests {
    private static func facts() -> [Fact] {
        var random = SeededGenerator(seed: 5)
        let now = Timestamp(milliseconds: 1_800_000_000_000)
        let contact = Contact(id: Identifier(at: now, random: &random), name: "Ada")
        let agent = Agent(id: Identifier(at: now, random: &random), name: "Bo")
        let opened = OpenedRequest(
            status: "new",
            category: .new,
            previous: Identifier(at: now, random: &random),
            contact: contact,
            channel: "chat"
        )
        let first = OpenedRequest(
            status: "new",
            category: .new,
            previous: nil,
            contact: contact,
            channel: "chat"
        )
        let message = Message(
            id: Identifier(at: now, random: &random),
            sequence: 3,
            text: "ü",
            authoredAt: now
        )
        let files = ["a.png", "ü b.pdf"].map { name in
            DocketDomain.Attachment(
                id: Identifier(at: now, random: &random),
                name: name,
                mediaType: "image/png",
                size: 1 << 40,
                sha256: Array(repeating: 7, count: 32)
            )
        }
        let fileMessage = Message(
            id: Identifier(at: now, random: &random),
            sequence: 4,
            text: "",
            authoredAt: nil,
            attachments: files
        )
        let note = Note(id: Identifier(at: now, random: &random), sequence: 1, text: "n")
        let changes = StatusCause.allCases.map { cause in
            Fact.statusChanged(
                StatusChange(from: "a", to: "b", category: .waiting, cause: cause)
            )
        }
        return [
            .conversationOpened(contact: contact, channel: "chat"), .requestOpened(opened),
            .requestOpened(first), .messagePosted(message), .messagePosted(fileMessage),
            .notePosted(note),
            .requestAssigned(agent, from: nil), .requestAssigned(nil, from: agent),
            .readMarked(upTo: 7, forContact: nil), .receivedMarked(upTo: 8, forContact: 6),
        ] + changes + workFacts(agent, contact, &random)
    }

    private static func workFacts(
        _ agent: Agent,
        _ contact: Contact,
        _ random: inout SeededGenerator
    ) -> [Fact] {
        let now = Timestamp(milliseconds: 1_800_000_000_000)
        let other = RequestReference(id: Identifier(at: now, random: &random), number: 9)
        let endings: [(LiveSession.Author?, String?)] = [
            (nil, nil), (.contact, "r"), (.agent, ""),
        ]
        let moved = endings.map { author, remaining in
            MovedMessages(
                other: other,
                messages: [Identifier(at: now, random: &random)],
                firstSequence: 4,
                description: "d",
                remaining: remaining,
                liveAuthor: author,
                turn: author.map {
                    Turn(lastAuthor: $0, waitingSince: remaining == "r" ? now : nil)
                }
            )
        }
        let slept = StatusChange(
            from: "a",
            to: "b",
            category: .waiting,
            cause: .set,
            reason: "later",
            wakeAt: now
        )
        let full = OpenedRequest(
            status: "new",
            category: .new,
            previous: nil,
            contact: contact,
            channel: "mail",
            kind: .ticket,
            origin: .manual,
            isRouted: false,
            title: "t",
            topic: "a",
            type: "b",
            priority: "c"
        )
        return moved.flatMap { [Fact.messagesGiven($0), .messagesTaken($0)] }
            + LinkKind.allCases.flatMap { kind in
                let link = Link(kind: kind, other: other)
                return [Fact.linked(link), .unlinked(link)]
            } + [
                .statusChanged(slept), .requestOpened(full), .requestViewed(byAssignee: true),
                .requestViewed(byAssignee: false), .titleChanged(from: nil, to: "t"),
                .titleChanged(from: "t", to: nil), .detailsChanged(details(agent, contact)),
                .merged(into: other, newest: other.id), .merged(into: other, newest: nil),
                .mergeTaken(from: other), .policyApplied(version: 2, name: "p"),
                .administered(
                    AdministrativeChange(
                        .agent(agent.id),
                        name: "Bo",
                        .keysRevoked,
                        fields: [FieldChange(field: "a", before: "b", after: "c")]
                    )
                ),
            ] + sessionEnds(contact.id).map(Fact.administered)
    }

    private static func sessionEnds(_ contact: ContactID) -> [AdministrativeChange] {
        let tokens = (1...2).compactMap { Digest(Data(repeating: $0, count: Digest.byteCount)) }
        return [nil, Timestamp(milliseconds: 7)].map { moment in
            AdministrativeChange(
                .contact(contact),
                name: "Ana",
                .signedOut,
                sessionEnds: tokens.map { SessionEnd($0.sessionID, at: moment) }
            )
        }
    }

    private static func details(_ agent: Agent, _ contact: Contact) -> [DetailChange] {
        let values: [FieldValue?] = [
            nil, .text("x"), .integer(-5), .flag(false), .words(["a", "b"]), .words([]),
        ]
        return values.map { .field("f", from: $0, to: .text("y"), isShown: true) }
            + values.map { .field("f", from: .text("y"), to: $0, isShown: false) } + [
                .topic(from: nil, to: "a"), .topic(from: "a", to: nil), .type(from: nil, to: "a"),
                .priority(from: "a", to: "b"), .tagAdded("t"), .tagRemoved("t"),
                .watcherAdded(agent), .watcherRemoved(agent), .participantAdded(contact),
                .participantRemoved(contact),
            ]
    }

    @Test("No fact, and no change of details, that the protocol has is missing here")
    func completeness() throws {
        var options = JSONEncodingOptions()
        options.preserveProtoFieldNames = true
        func names(in message: some SwiftProtobuf.Message) throws -> [String] {
            let data: Data = try message.jsonUTF8Data(options: options)
            return (try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]).keys
                .sorted()
        }
        let messages = Self.facts().map { fact in
            let at = Timestamp(milliseconds: 1)
            return Event(at: at, actor: .desk, conversation: nil, request: nil, fact: fact).message
        }
        let contract = try Contract()
        // That somebody is typing is in no log.
        let facts = Set(contract.messages["Event"]?.alternatives("fact") ?? [])
            .subtracting(["typing_started"])
        #expect(Set(try messages.flatMap { try names(in: $0) }).isSuperset(of: facts))
        let changes = contract.messages["DetailsChanged.Change"]?.alternatives("change") ?? []
        let made = try messages.flatMap(\.detailsChanged.changes).flatMap { try names(in: $0) }
        #expect(!facts.isEmpty && !changes.isEmpty && Set(made) == Set(changes))
    }

    @Test("Damage in a part of an event or of details makes the whole unreadable")
    func damage() throws {
        var posted = Docket_V1_MessagePosted()
        posted.messageID = Data(repeating: 7, count: 16)
        posted.attachments = [Docket_V1_Attachment()]
        var field = Docket_V1_DetailsChanged.Change()
        field.field.from = Docket_V1_FieldValue()
        let facts: [Docket_V1_Event.OneOf_Fact] = [
            .messagePosted(posted), .detailsChanged(.with { $0.changes = [field] }),
        ]
        for fact in facts {
            var event = Docket_V1_Event.with { $0.actor.kind = .principalDesk }
            event.fact = fact
            #expect(Event(encoded: try event.serializedBytes()) == nil)
        }
        let origin = RequestDetails(kind: .chat, origin: .line, openedBy: .desk)
        var details = origin.message
        #expect(RequestDetails(message: details) == origin)
        details.fields = ["a": Docket_V1_FieldValue()]
        #expect(RequestDetails(message: details) == nil)
    }

    @Test("Every fact survives its encoding", arguments: facts())
    func roundTrip(fact: Fact) {
        var random = SeededGenerator(seed: 9)
        let now = Timestamp(milliseconds: 1_800_000_000_001)
        let mark = RequestMark(
            id: Identifier(at: now, random: &random),
            number: 4,
            version: 5
        )
        for actor in [Party.desk, Agent(id: Identifier(at: now, random: &random), name: "B").party]
        {
            for (request, way) in zip([mark, nil, mark, nil, mark], Way.allCases) {
                let event = Event(
                    at: now,
                    actor: actor,
                    conversation: request.map { _ in Identifier(at: now, random: &random) },
                    request: request,
                    way: way,
                    isInternal: way == .rule,
                    fact: fact
                )
                #expect(Event(encoded: event.encoded) == event)
                var encoder = EventEncoder()
                for _ in 0..<2 { #expect(encoder.encode(event) == event.encoded) }
            }
        }
    }

    @Test(
        "What is written field by field is what the generated message writes",
        arguments: seeds(8)
    )
    func encoder(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var encoder = EventEncoder()
        for _ in 0..<300 {
            let event = Self.randomEvent(&random)
            let encoded = encoder.encode(event)
            #expect(encoded == event.encoded, "seed \(seed)")
            let entry = LogEntry(offset: 1, audience: .conversation, event: encoded)
            #expect(entry.searchableText == SearchableText(event.fact)?.text)
        }
    }

    @Test("The text that is found is the one that was said, for every fact", arguments: facts())
    func searchableText(fact: Fact) {
        let event = Event(
            at: Timestamp(milliseconds: 1),
            actor: .desk,
            conversation: nil,
            request: nil,
            fact: fact
        )
        let entry = LogEntry(offset: 1, audience: .staff, event: event.encoded)
        #expect(entry.searchableText == SearchableText(fact)?.text)
        for length in 0..<event.encoded.count {
            // What is cut off is no event, and reading it ends nothing.
            let part = LogEntry(
                offset: 1,
                audience: .staff,
                event: event.encoded.prefix(length)
            )
            _ = part.searchableText
        }
    }

    /// Something said, with numbers and texts of all sizes.
    private static func randomEvent(_ random: inout SeededGenerator) -> Event {
        let number = { (random: inout SeededGenerator) -> UInt64 in
            random.next() >> UInt64.random(in: 0..<64, using: &random)
        }
        let text = { (random: inout SeededGenerator) -> String in
            let length = Int.random(in: 0..<300, using: &random)
            return String((0..<length).compactMap { _ in "aü€😀 b".randomElement(using: &random) })
        }
        let moment = Timestamp(milliseconds: number(&random))
        let id = { (random: inout SeededGenerator) -> PrincipalID in
            Identifier(at: Timestamp(milliseconds: 7), random: &random)
        }
        let kind = PartyKind.allCases.randomElement(using: &random) ?? .desk
        let versions = (number(&random), number(&random))
        let mark = RequestMark(
            id: RequestID(id(&random)),
            number: number(&random),
            version: versions.0,
            versionForContact: Bool.random(using: &random) ? versions.0 : versions.1
        )
        let fact: Fact =
            Bool.random(using: &random)
            ? .notePosted(
                Note(id: NoteID(id(&random)), sequence: number(&random), text: text(&random))
            )
            : .messagePosted(
                Message(
                    id: MessageID(id(&random)),
                    sequence: number(&random),
                    text: text(&random),
                    authoredAt: Bool.random(using: &random) ? moment : nil,
                    attachments: (0..<Int.random(in: 0..<3, using: &random)).map { _ in
                        Attachment(
                            id: AttachmentID(id(&random)),
                            name: text(&random),
                            mediaType: "a/b",
                            size: number(&random),
                            sha256: Array(repeating: 7, count: 32)
                        )
                    },
                    isQuiet: Bool.random(using: &random)
                )
            )
        return Event(
            at: moment,
            actor: Party(
                kind: kind,
                id: kind == .desk ? nil : id(&random),
                name: text(&random)
            ),
            conversation: Bool.random(using: &random) ? ConversationID(id(&random)) : nil,
            request: Bool.random(using: &random) ? mark : nil,
            way: Way.allCases.randomElement(using: &random) ?? .call,
            isInternal: Bool.random(using: &random),
            fact: fact
        )
    }

    @Test("Bytes that are no event are none, whatever they are")
    func garbage() {
        var random = SeededGenerator(seed: 3)
        for length in 0..<200 {
            let bytes = Data((0..<length).map { _ in UInt8.random(in: 0...255, using: &random) })
            #expect(Event(encoded: bytes) == nil)
        }
    }

    @Test("Every refusal survives as the verdict that is stored of it")
    func rejections() {
        var random = SeededGenerator(seed: 4)
        let agent = Agent(
            id: Identifier(at: Timestamp(milliseconds: 1), random: &random),
            name: "Bo Li"
        )
        let rejections: [Rejection] = [
            .notFound, .notPermitted, .notAssignee, .alreadyAssigned(agent), .requestNotOpen,
            .invalidTransition(allowed: ["a", "b_c"]), .invalidTransition(allowed: []),
            .unknownStatus, .unknownChannel, .unknownAgent, .noChange,
            .versionConflict(current: 9), .loginTaken, .notMember, .kindDisabled(.task),
            .missingFields(["a", "b"]), .missingFields([]),
            .invalidValue(field: "fields.a", allowed: ["1 to 2", "x"]),
            .invalidValue(field: "a", allowed: []), .tooMany(field: "tags", limit: 100),
            .splitNotOffered, .splitLeavesNothing, .notMergeable, .repliesRefused, .contactBlocked,
            .inUse(["statuses.a"]), .nameTaken, .wrongPassword, .lastAdministrator,
            .tooManyAttachments(limit: 10),
            .attachmentUnusable(Identifier(at: Timestamp(milliseconds: 2), random: &random)),
        ]
        let fields = TextField.allCases.flatMap {
            [Rejection.textEmpty($0), .textTooLong($0, limit: 16_384)]
        }
        #expect(Set((rejections + fields).map(\.kind)) == Set(Rejection.Kind.allCases))
        for rejection in rejections + fields {
            #expect(
                Rejection(reason: rejection.reason, detail: rejection.detail) == rejection
            )
        }
        #expect(Rejection(reason: "moonrise", detail: "") == nil)
    }
}
