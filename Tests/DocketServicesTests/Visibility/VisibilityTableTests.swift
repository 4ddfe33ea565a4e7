import DocketDomain
import DocketMessages
import DocketPolicy
import DocketStore
import DocketTestSupport
import Foundation
import SwiftProtobuf
import Testing

/// Everything that those outside the staff are told, field by field: messages are filled as the
/// protocol's files declare them, so that a field that is new stands in the table at once, as one
/// that nobody sees.
@Suite("What contacts, integrations and partners see, field by field")
struct VisibilityTableTests {
    private let contract: Contract
    private let policy: Policy
    private let contact: ContactID
    private let outsiders: [(name: String, principal: Principal)]

    init() throws {
        contract = try Contract()
        var content = try Policy.shippedDefault().content
        content.fields = [
            FieldDefinition(
                key: "shown",
                name: "Shown",
                type: .text(limit: 9),
                isVisibleToContact: true
            ),
            FieldDefinition(key: "hidden", name: "Hidden", type: .text(limit: 9)),
        ]
        policy = try Policy(content)
        var random = SeededRandom(seed: 1)
        let now = Timestamp(milliseconds: 1)
        contact = Identifier(at: now, random: &random)
        outsiders = [
            ("contact", Principal(.contact(contact), name: "x")),
            (
                "integration",
                Principal(.integration(Identifier(at: now, random: &random), "chat"), name: "x")
            ),
            ("partner", Principal(.partner(Identifier(at: now, random: &random)), name: "x")),
        ]
    }

    // MARK: Tables

    /// Where somebody sees something.
    private typealias Seen = (name: String, places: Set<String>)

    /// Where something stands in a message, as the protocol names its fields.
    private func places(in message: some SwiftProtobuf.Message) throws -> Set<String> {
        var options = JSONEncodingOptions()
        options.preserveProtoFieldNames = true
        let text: Data = try message.jsonUTF8Data(options: options)
        return FilledMessage.places(try JSONSerialization.jsonObject(with: text))
    }

    private func message<Message: SwiftProtobuf.Message>(
        _ object: [String: Any]
    ) throws -> Message {
        try Message(jsonUTF8Data: JSONSerialization.data(withJSONObject: object))
    }

    /// A line for each place, with those outside the staff who see it.
    private func table(
        _ title: String,
        all: Set<String>,
        seen: [Seen]
    ) -> String {
        for (name, places) in seen {
            #expect(places.isSubset(of: all), "\(title): \(name) sees more than there is")
        }
        let width = (all.map(\.count).max() ?? 0) + 2
        let lines = all.sorted().map { place in
            let names = seen.filter { $0.places.contains(place) }.map(\.name)
            let padded = place.padding(toLength: width, withPad: " ", startingAt: 0)
            return "  " + padded + (names.isEmpty ? "-" : names.joined(separator: " "))
        }
        return ([title] + lines + [""]).joined(separator: "\n")
    }

    // MARK: Events

    /// What somebody's feed has of an event.
    private func view(of event: Docket_V1_Event, for principal: Principal) throws -> Set<String> {
        guard principal.maySee(contact: contact, channel: "chat") else { return [] }
        let entry = LogEntry(
            offset: 1,
            audience: .conversation,
            event: try event.serializedBytes()
        )
        guard let seen = entry.seenByContact(under: policy) else { return [] }
        return try places(in: Docket_V1_Event(serializedBytes: seen.event))
    }

    @Test("Of every event each sees what the table under review says")
    func events() throws {
        let facts = contract.messages["Event"]?.alternatives("fact") ?? []
        #expect(facts.count == 20)
        // That somebody is typing is in no log.
        let tables = try facts.filter { $0 != "typing_started" }.map { fact in
            let filled = FilledMessage(
                contract: contract,
                chosen: ["Event": fact],
                empty: ["Event.is_internal"]
            )
            let event: Docket_V1_Event = try filled.message("Event")
            #expect(Event(encoded: try event.serializedBytes()) != nil, "\(fact) is not filled")
            return table(
                "Event \(fact)",
                all: try places(in: event),
                seen: try outsiders.map { ($0.name, try view(of: event, for: $0.principal)) }
            )
        }
        try GoldenText("events.txt").expect(tables.joined(separator: "\n"))
    }

    @Test("Nothing of an internal event is seen, whatever it tells")
    func internalEvents() throws {
        for fact in contract.messages["Event"]?.alternatives("fact") ?? [] {
            let filled = FilledMessage(contract: contract, chosen: ["Event": fact])
            let event: Docket_V1_Event = try filled.message("Event")
            for outsider in outsiders {
                #expect(try view(of: event, for: outsider.principal).isEmpty, "\(fact)")
            }
        }
    }

    // MARK: Requests, conversations, contacts

    /// A request with something in every part.
    private func request(isInternal: Bool) throws -> SupportRequest {
        let filled = FilledMessage(contract: contract, keys: ["shown", "hidden"])
        let details: Docket_V1_RequestDetails = try filled.message("RequestDetails")
        var known = try #require(RequestDetails(message: details))
        known.isInternal = isInternal
        known.topic = "x"
        let moment = Timestamp(milliseconds: 7)
        let id = try #require(RequestID(bytes: details.mergedInto.id))
        return SupportRequest(
            id: id,
            number: 7,
            conversation: ConversationID(id),
            contact: Contact(id: contact, name: "x"),
            channel: "chat",
            previous: id,
            openedAt: moment,
            status: "new",
            category: .new,
            statusSince: moment,
            assignee: Agent(id: AgentID(id), name: "x"),
            version: 9,
            versionForContact: 8,
            sequence: 7,
            noteSequence: 7,
            changedAt: Timestamp(milliseconds: 9),
            changedForContactAt: Timestamp(milliseconds: 8),
            description: "x",
            session: LiveSession(ordinal: 7, lastAuthor: .contact, lastMessageAt: moment),
            sessionCount: 7,
            turn: Turn(lastAuthor: .contact, waitingSince: moment),
            details: known
        )
    }

    @Test("Of a request and a conversation each sees what the table under review says")
    func requests() throws {
        let filled = FilledMessage(contract: contract, keys: ["shown", "hidden"])
        let staff = RequestView(policy: policy, audience: .staff)
        let whole = try request(isInternal: true)
        let open = try request(isInternal: false)
        let conversation = Conversation(
            id: open.conversation,
            contact: open.contact,
            channel: "chat",
            newestRequest: open.id
        )
        let declared: Docket_V1_Request = try filled.message("Request")
        let all = try places(in: declared)
        #expect(try places(in: Docket_V1_Request(whole, for: staff)) == all, "all is filled")
        let seen: [Seen] = try outsiders.map { outsider in
            let view = RequestView(policy: policy, audience: outsider.principal.audience)
            let hidden = Docket_V1_Request(whole, for: view)
            #expect(hidden == Docket_V1_Request(), "an internal request is nothing")
            return (outsider.name, try places(in: Docket_V1_Request(open, for: view)))
        }
        let around: [Seen] = try outsiders.map { outsider in
            let view = RequestView(policy: policy, audience: outsider.principal.audience)
            let shown = Docket_V1_Conversation(conversation, newestRequest: nil, for: view)
            return (outsider.name, try places(in: shown))
        }
        let conversationPlaces = try places(
            in: Docket_V1_Conversation(conversation, newestRequest: nil, for: staff)
        )
        let text =
            table("Request", all: all, seen: seen) + "\n"
            + table("Conversation", all: conversationPlaces, seen: around)
        try GoldenText("requests.txt").expect(text)
        let view = RequestView(policy: policy, audience: .conversation)
        let counted = Docket_V1_Request(open, for: view)
        #expect(counted.version == 8 && counted.changedMilliseconds == 8)
        #expect(Array(counted.details.fields.keys) == ["shown"])
    }

    @Test("Of what is known of a contact each sees what the table under review says")
    func contacts() throws {
        let filled = FilledMessage(contract: contract)
        var object = filled.object("Contact")
        object["origin"] = "ORIGIN_EXTERNAL"
        object["emails"] = ["x@example.com"]
        object["phones"] = ["123"]
        let declared: Docket_V1_Contact = try message(object)
        let profile = try #require(declared.profile)
        let company = Company(
            id: try #require(profile.company),
            name: "x",
            at: Timestamp(milliseconds: 1)
        )
        let all = try places(in: declared)
        let whole = Docket_V1_Contact(profile, company: company, for: .staff)
        #expect(try places(in: whole) == all, "all is filled")
        // Partners read no contact.
        let seen: [Seen] = try outsiders.dropLast().map { outsider in
            let audience = outsider.principal.audience
            let shown = Docket_V1_Contact(profile, company: company, for: audience)
            return (outsider.name, try places(in: shown))
        }
        try GoldenText("contacts.txt").expect(table("Contact", all: all, seen: seen))
    }

    // MARK: Replies

    /// What has a table of its own.
    private static let viewed: Set = ["Event", "Request", "Conversation", "Contact"]

    private func places(of type: String, at place: String = "") -> [String] {
        guard let message = contract.messages[type] else { return [place] }
        return message.fields.flatMap { field -> [String] in
            let next = place.isEmpty ? field.name : place + "." + field.name
            let type = contract.resolve(field.type, within: type)
            return Self.viewed.contains(type) ? ["\(next): \(type)"] : places(of: type, at: next)
        }
    }

    @Test("The replies to contacts, integrations and partners have the fields under review")
    func replies() throws {
        let callers = ["ANYONE", "CONTACT", "INTEGRATION", "PARTNER"]
        let tables = contract.methods.compactMap { method -> String? in
            let names = callers.filter { method.callers.contains($0) }.map { $0.lowercased() }
            guard !names.isEmpty else { return nil }
            let lines = places(of: method.reply).map { "  \($0)\n" }
            return "\(method.name) (\(names.joined(separator: " ")))\n" + lines.joined()
        }
        try GoldenText("replies.txt").expect(tables.joined(separator: "\n"))
    }
}
