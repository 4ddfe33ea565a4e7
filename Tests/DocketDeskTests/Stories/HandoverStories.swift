import DeskSupport
import DocketDesk
import DocketDomain
import DocketPolicy
import DocketStore
import Testing

@Suite("What agents expect of the desk whose status follows what they do")
struct HandoverStories {
    private let desk: DeskStory

    init() async throws { desk = try await DeskStory("3dolphins") }

    private func taken() async throws -> (chat: ConversationID, ticket: SupportRequest) {
        let chat = await desk.opens("livechat")
        let ticket = try await desk.says("Where is it?", in: chat)
        await desk.does(ticket.take, as: desk.bo)
        return (chat, ticket)
    }

    @Test("An answer is the look of whoever has the ticket, and so is a look")
    func looks() async throws {
        let (chat, ticket) = try await taken()
        await desk.does(ticket.look, as: desk.bo)
        #expect(try await desk.now(ticket).status == "open")
        try await desk.says("On its way", in: chat, as: desk.bo, to: ticket.id)
        #expect(try await desk.now(ticket).status == "pending")
        await desk.does(ticket.assign(to: desk.cy), as: desk.di)
        #expect(try await desk.now(ticket).status == "assigned")
        try await desk.says("It comes today", in: chat, as: desk.cy, to: ticket.id)
        let answered = try await desk.now(ticket)
        #expect(answered.status == "pending")
        #expect(answered.details.viewedByAssigneeAt != nil)
    }

    @Test("An answer opens what only a look opens")
    func answerOpens() async throws {
        let answered = "  - on: answered\n    from: [unassigned, assigned, open]\n    to: pending\n"
        let desk = try await DeskStory(
            "3dolphins",
            changing: [(answered, "  - {on: set, from: [open], to: pending}\n")]
        )
        let chat = await desk.opens("livechat")
        let ticket = try await desk.says("Where is it?", in: chat)
        await desk.does(ticket.take, as: desk.bo)
        try await desk.says("I will see", in: chat, as: desk.di, to: ticket.id)
        #expect(try await desk.now(ticket).status == "assigned", "the supervisor has it not")
        try await desk.says("On its way", in: chat, as: desk.bo, to: ticket.id)
        #expect(try await desk.now(ticket).status == "open")
    }

    @Test("Supervisors alone reassign, and the agent before reads only")
    func reassigned() async throws {
        let (chat, ticket) = try await taken()
        #expect(await desk.refusal(of: ticket.assign(to: desk.cy), as: desk.bo) == .notPermitted)
        await desk.does(ticket.assign(to: desk.cy), as: desk.di)
        let note = PostNote(id: desk.fixture.id(), request: ticket.id, text: "mine")
        let link = LinkRequests(request: ticket.id, kind: .related, other: ticket.id)
        let messages = try await desk.fixture.desk.messages(of: ticket.id, after: 0, limit: 9)
        let split = SplitMessages(
            request: ticket.id,
            messages: messages.messages.map(\.message.id)
        )
        let post = Post(
            id: desk.fixture.id(),
            conversation: chat,
            text: "still me",
            request: ticket.id
        )
        let commands: [Command] = [
            .postNote(note), ticket.edit(.addTag("mine")), .link(link), .splitMessages(split),
            .post(post), ticket.set("closed"), ticket.finish(), ticket.delete,
        ]
        for command in commands {
            let refusal = await desk.refusal(of: command, as: desk.bo)
            #expect(refusal == .notAssignee, "\(command)")
        }
        await desk.does(ticket.look, as: desk.bo)
        await desk.does(ticket.edit(.addTag("mine")), as: desk.cy)
    }
}

@Suite("What comes by which channel at the desk with seven statuses")
struct ChannelStories {
    @Test("Only what is written on the line is classified")
    func channels() async throws {
        let desk = try await DeskStory("elma365")
        for (channel, status) in [
            ("line", "classification"), ("portal", "accepted"), ("phone", "accepted"),
        ] {
            let conversation = await desk.opens(channel)
            #expect(try await desk.says("The lamp is out", in: conversation).status == status)
        }
    }

    @Test("A form's fields may be written as text, whatever their types")
    func textFields() async throws {
        let fields = """

            fields:
              - {key: floor, name: Floor, type: integer, minimum: 0, maximum: 9, \
            visible_to_contact: true}
              - {key: urgent, name: Urgent, type: flag, visible_to_contact: true}
              - {key: lamps, name: Lamps, type: choices, choices: [left, right], \
            visible_to_contact: true}

            """
        let desk = try await DeskStory("elma365", changing: [("\ngroups:", fields + "\ngroups:")])
        let create = { (floor: String) in
            Command.createRequest(
                CreateRequest(
                    id: desk.fixture.id(),
                    kind: .ticket,
                    channel: "portal",
                    text: "The lamp is out",
                    fields: [
                        "floor": .text(floor), "urgent": .text("yes"),
                        "lamps": .text("left,right"),
                    ]
                )
            )
        }
        let form = create("3")
        await desk.does(form, as: desk.ada)
        guard case .createRequest(let creation) = form else { return }
        let request = try await desk.fixture.desk.request(creation.id)
        #expect(request.details.fields["floor"] == .integer(3))
        #expect(request.details.fields["urgent"] == .flag(true))
        #expect(request.details.fields["lamps"] == .words(["left", "right"]))
        for floor in ["10", "third"] {
            #expect(
                await desk.refusal(of: create(floor), as: desk.ada)
                    == .invalidValue(field: "fields.floor", allowed: ["0 to 9"])
            )
        }
    }
}
