import DocketDomain
import DocketPolicy
import Testing

/// A new request under a shipped policy.
private struct Beginning {
    let policy: Policy
    let channel: Channel

    init(_ name: String, on channel: ChannelKey) throws {
        let preset = try #require(PolicyDocument.presets.first { $0.name == name })
        policy = try PolicyDocument.parse(preset.text)
        self.channel = try #require(policy.channel(channel))
    }

    private func run(_ command: Command, by visitor: Visitor) throws(Rejection) -> Decision {
        let conversation = Conversation(
            id: Names.conversation,
            contact: Names.contact,
            channel: channel.key,
            newestRequest: nil
        )
        return try decide(
            command,
            in: Situation(conversation: conversation),
            under: Circumstances(
                principal: visitor.principal(on: channel.key),
                policy: policy,
                now: Names.began,
                head: 0,
                newRequestID: Names.opened,
                newRequestNumber: 1,
                contact: Names.contact
            )
        )
    }

    /// What comes of the contact's first message.
    func message(by visitor: Visitor = .contact) throws(Rejection) -> Decision {
        let post = Post(
            id: Names.id(200),
            conversation: Names.conversation,
            text: "hello",
            title: "A title"
        )
        return try run(.post(post), by: visitor)
    }

    /// What comes of a request opened on purpose.
    func creation(
        by visitor: Visitor,
        origin: Origin? = nil,
        topic: TopicKey? = nil,
        fields: [FieldKey: FieldValue] = [:]
    ) throws(Rejection) -> Decision {
        let creation = CreateRequest(
            id: Names.opened,
            kind: channel.opens,
            channel: channel.key,
            origin: origin,
            title: "A title",
            text: "hello",
            topic: topic,
            fields: fields
        )
        return try run(.createRequest(creation), by: visitor)
    }
}

extension Decision {
    fileprivate var status: StatusKey? { after.request?.status }

    /// What the desk says.
    fileprivate var told: [String] {
        events.compactMap { event in
            guard event.actor == .desk, case .messagePosted(let message) = event.fact else {
                return nil
            }
            return message.text
        }
    }
}

@Suite("How requests begin at the shipped desks")
struct PresetTests {
    @Test("SuperOffice confirms mails and forms at once, and nothing that was taken down by phone")
    func superoffice() throws {
        let text = "We have received your request and will answer as soon as we can."
        let mail = try Beginning("superoffice", on: "email").message()
        #expect(mail.status == "in_queue")
        #expect(mail.told == [text])
        #expect(mail.after.request?.details.topic == "support")
        #expect(mail.after.request?.details.priority == "medium")
        let form = try Beginning("superoffice", on: "portal").creation(by: .contact)
        #expect(form.told == [text])
        let phone = try Beginning("superoffice", on: "phone").creation(by: .agent)
        #expect(phone.status == "in_queue")
        #expect(phone.told == [])
        let byHand = try Beginning("superoffice", on: "email").creation(by: .agent)
        #expect(byHand.told == [])
    }

    @Test("ELMA365 classifies what comes by a line, and accepts everything else")
    func elma() throws {
        let line = try Beginning("elma365", on: "line")
        #expect(try line.message(by: .integration).status == "classification")
        #expect(try line.message(by: .contact).status == "classification")
        #expect(try line.creation(by: .integration, origin: .line).status == "classification")
        #expect(try line.creation(by: .integration, origin: .bot).status == "accepted")
        #expect(try Beginning("elma365", on: "portal").creation(by: .contact).status == "accepted")
        #expect(try Beginning("elma365", on: "phone").creation(by: .agent).status == "accepted")
    }

    @Test("ConnectiveOne asks for other fields about a shelf than about a device")
    func connectiveone() throws {
        let hotline = try Beginning("connectiveone", on: "hotline")
        #expect(throws: Rejection.missingFields(["store", "product"])) {
            try hotline.creation(by: .agent, topic: "products")
        }
        #expect(throws: Rejection.missingFields(["store", "device"])) {
            try hotline.creation(by: .agent, topic: "equipment")
        }
        let ticket = try hotline.creation(
            by: .agent,
            topic: "equipment",
            fields: ["store": .text("12"), "device": .text("checkout")]
        )
        #expect(ticket.status == "new")
        let closing = try #require(
            hotline.policy.transitions.last { $0.to == "closed" && $0.from.contains("new") }
        )
        let request = try #require(ticket.after.request)
        let closed = try #require(hotline.policy.status("closed"))
        #expect(
            hotline.policy.missing(for: closing, closed, of: request) == ["cause", "outcome"]
        )
    }

    @Test("Every desk knows tasks and handles none, and no timer closes but at ELMA365")
    func tasks() throws {
        for preset in PolicyDocument.presets {
            let policy = try PolicyDocument.parse(preset.text)
            #expect(policy.rules(for: .task) == nil, "\(preset)")
            #expect(policy.content.timersMayClose == (preset.name == "elma365"), "\(preset)")
        }
    }
}
