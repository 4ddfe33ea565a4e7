import DocketClient
import DocketPolicy
import Testing

@Suite("The library tells what it takes to begin", .timeLimit(.minutes(5)))
struct ChannelFacadeTests {
    private let scene: ClientScene

    init() throws { scene = ClientScene(try DeskSubject()) }

    private static let policy =
        PolicyDocument.defaultText + """

            topics:
              - {key: tills, name: Tills, contact_name: Cash desks}
              - {key: drawers, name: Drawers, parent: tills}
              - {key: staff, name: Staff, members: [bo], members_only: true}
            fields:
              - {key: serial, name: Number, type: text, limit: 40, visible_to_contact: true}
              - {key: margin, name: Margin, type: decimal}
            field_sets:
              - {topic: tills, phase: create, required: [serial]}

            """

    @Test("A contact makes a request of what its channels offer")
    func contact() async throws {
        try await scene.administrator().policies.apply(Self.policy)
        let guest = try await scene.guest()
        let channels = try await guest.channels()
        let email = try #require(channels.first { $0.key == "email" })
        #expect(email.opens == .ticket && email.requiresTitle && email.separatesMessages)
        #expect(email.topics.map(\.name) == ["Cash desks", "Drawers"])
        #expect(email.topics.map(\.parent) == [nil, "tills"])
        #expect(email.form()?.required == [] && email.form(topic: "staff") == nil)
        #expect(email.form(kind: .task) == nil)
        let form = try #require(email.form(topic: "drawers"))
        #expect(form.kind == .ticket && form.required == ["serial"])
        let field = try #require(form.fields.first)
        #expect(field.key == "serial" && field.name == "Number" && form.fields.count == 1)
        #expect(field.content == .text(bytes: 40))
        #expect(form.types.map(\.key).contains("incident"))
        var draft = RequestDraft(channel: email.key, text: "It is stuck")
        draft.topic = "drawers"
        draft.title = "A drawer"
        draft.type = form.types[0].key
        draft.priority = email.priorities.last?.key
        draft.fields = [field.key: .text("A-1")]
        let made = try await guest.requests.create(draft)
        #expect(made.details.topic == "drawers" && made.kind == .ticket)
        let status = email.statuses.first { $0.key == made.status }
        #expect(status?.name == made.statusName && status?.category == made.category)
        #expect(email.limits.textBytes == 16_384 && email.limits.titleBytes == 256)
        #expect(email.limits.attachments > 0 && email.limits.attachmentBytes > 0)
    }

    @Test("An integration gets its own channel, and an agent all with the staff's topics")
    func others() async throws {
        try await scene.administrator().policies.apply(Self.policy)
        let bridge = try await scene.integration(of: "bridge")
        #expect(try await bridge.channels().map(\.key) == ["bridge"])
        let channels = try await scene.agent("bo").channels()
        #expect(channels.map(\.key).contains("bridge") && channels.count > 1)
        #expect(channels[0].topics.map(\.name) == ["Tills", "Drawers", "Staff"])
        #expect(channels[0].form()?.fields.map(\.key) == ["margin"])
    }

    @Test("A channel that a new policy brings is offered when somebody asks again")
    func again() async throws {
        let guest = try await scene.guest()
        #expect(try await guest.channels()[0].topics == [])
        try await scene.administrator().policies.apply(Self.policy)
        #expect(try await guest.channels()[0].topics.count == 2)
    }
}
