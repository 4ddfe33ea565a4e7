import DeskSupport
import DocketDesk
import DocketDomain
import DocketPolicy
import DocketStore
import Testing

@Suite("What agents expect of the desk with a queue and postponed requests")
struct SuperOfficeStories {
    private let desk: DeskStory

    init() async throws { desk = try await DeskStory("superoffice") }

    /// A mail that Bo has taken, with its conversation.
    private func taken() async throws -> (mail: ConversationID, request: SupportRequest) {
        let mail = await desk.opens("email")
        let request = try await desk.says("It is broken", in: mail, title: "Broken")
        await desk.does(request.take, as: desk.bo)
        return (mail, request)
    }

    private func moment(in days: Int64) -> Timestamp {
        desk.fixture.clock.now() + .seconds(days * 86_400)
    }

    @Test("What is postponed is postponed anew, or woken before its time")
    func postponedAnew() async throws {
        let (_, request) = try await taken()
        await desk.does(request.set("postponed", until: moment(in: 1)), as: desk.bo)
        let later = moment(in: 3)
        await desk.does(request.set("postponed", until: later), as: desk.bo)
        #expect(try await desk.now(request).details.wakeAt == later)
        await desk.wait(.seconds(2 * 86_400))
        #expect(try await desk.now(request).status == "postponed")
        await desk.does(request.set("active"), as: desk.bo)
        let woken = try await desk.now(request)
        #expect(woken.status == "active" && woken.details.wakeAt == nil)
        await desk.wait(.seconds(2 * 86_400))
        #expect(try await desk.now(request).status == "active")
    }

    @Test("An answer takes a request out of its sleep")
    func answered() async throws {
        let (mail, request) = try await taken()
        await desk.does(request.set("postponed", until: moment(in: 1)), as: desk.bo)
        try await desk.says("It is repaired", in: mail, as: desk.bo, to: request.id)
        let answered = try await desk.now(request)
        #expect(answered.status == "active" && answered.details.wakeAt == nil)
    }

    @Test("Closed requests are opened again by hand", arguments: ["closed", "closed_for_good"])
    func reopened(status: StatusKey) async throws {
        let (_, request) = try await taken()
        await desk.does(request.finish(status), as: desk.bo)
        await desk.does(request.set("active"), as: desk.bo)
        let opened = try await desk.now(request)
        #expect(opened.status == "active" && opened.assignee?.name == "Bo")
    }

    @Test("What nobody has any more is in the queue, and what sleeps wakes there")
    func released() async throws {
        let (_, request) = try await taken()
        await desk.does(request.assign(to: nil), as: desk.bo)
        #expect(try await desk.now(request).status == "in_queue")
        await desk.does(request.take, as: desk.cy)
        await desk.does(request.set("postponed", until: moment(in: 1)), as: desk.cy)
        await desk.does(request.assign(to: nil), as: desk.cy)
        #expect(try await desk.now(request).status == "postponed")
        await desk.wait(.seconds(2 * 86_400))
        #expect(try await desk.now(request).status == "in_queue")
    }

    @Test("A restored request sleeps until the moment that it had, or wakes if that has passed")
    func restored() async throws {
        let (_, request) = try await taken()
        let moment = moment(in: 3)
        await desk.does(request.set("postponed", until: moment), as: desk.bo)
        let before = try await desk.now(request)
        await desk.does(request.delete, as: desk.bo)
        #expect(try await desk.now(request).details.wakeAt == nil, "nothing fires meanwhile")
        await desk.wait(.seconds(86_400))
        await desk.does(request.restore, as: desk.bo)
        let restored = try await desk.now(request)
        #expect(restored.status == "postponed" && restored.details.wakeAt == moment)
        #expect(restored.statusSince == before.statusSince)
        #expect(restored.details.restBefore == nil)
        await desk.does(request.delete, as: desk.bo)
        await desk.wait(.seconds(4 * 86_400))
        await desk.does(request.restore, as: desk.bo)
        #expect(try await desk.now(request).status == "active")
    }

    @Test("A reply to what is closed for good needs no title: it goes on under the old one's")
    func untitledReply() async throws {
        let (mail, request) = try await taken()
        await desk.does(request.finish("closed_for_good"), as: desk.bo)
        let next = try await desk.says("It broke again", in: mail, to: request.id)
        #expect(next.id != request.id && next.title == "Broken")
        let links = next.details.links.map(\.kind)
        #expect(links == [.followUp])
        let untitled = Post(id: desk.fixture.id(), conversation: mail, text: "Hello")
        #expect(
            await desk.refusal(of: .post(untitled), as: desk.ada) == .missingFields(["title"]),
            "a mail that answers none wants a title"
        )
    }
}

@Suite("A topic for members only has no other agents")
struct MembersOnlyStories {
    private static let cysOnly = "    members: [Cy]\n    members_only: true\n"
    private static let members = ("    groups: [sales]\n", cysOnly)

    @Test("An agent who gives a request a topic of others no longer has it")
    func topicOfOthers() async throws {
        let desk = try await DeskStory("superoffice", changing: [Self.members])
        let mail = await desk.opens("email")
        let request = try await desk.says("A new contract", in: mail, title: "Contract")
        await desk.does(request.take, as: desk.bo)
        await desk.does(request.edit(.topic("sales")), as: desk.bo)
        let released = try await desk.now(request)
        #expect(released.assignee == nil && released.status == "in_queue")
        #expect(await desk.refusal(of: request.take, as: desk.bo) == .notMember)
        await desk.does(request.take, as: desk.cy)
        await desk.does(request.edit(.topic("support")), as: desk.cy)
        await desk.does(request.edit(.topic("sales")), as: desk.cy)
        #expect(try await desk.now(request).assignee?.name == "Cy", "a member keeps it")
    }

    @Test("What is split off into a topic of others goes to nobody")
    func splitOff() async throws {
        let desk = try await DeskStory(
            "superoffice",
            changing: [Self.members, ("    default_topic: support", "    default_topic: sales")]
        )
        let mail = await desk.opens("email")
        let request = try await desk.says("Two things", in: mail, title: "Two")
        await desk.does(request.edit(.topic("support")), as: desk.di)
        await desk.does(request.take, as: desk.bo)
        try await desk.says("A second thing", in: mail, to: request.id)
        let messages = try await desk.fixture.desk.messages(of: request.id, after: 0, limit: 9)
        let second = try #require(messages.messages.last).message.id
        let split = SplitMessages(request: request.id, messages: [second])
        await desk.does(.splitMessages(split), as: desk.bo)
        let newest = try #require(try await desk.now(request).details.links.last?.other.id)
        let off = try await desk.fixture.desk.request(newest)
        #expect(off.details.topic == "sales" && off.assignee == nil)
    }

    @Test("A ticket that goes from agent to agent is given to a member before it gets the topic")
    func forwardOnly() async throws {
        let desk = try await DeskStory(
            "connectiveone",
            changing: [("    groups: [technicians]\n", Self.cysOnly)]
        )
        let mail = await desk.opens("email")
        let ticket = try await desk.says("It is broken", in: mail, title: "Broken")
        await desk.does(ticket.take, as: desk.bo)
        #expect(
            await desk.refusal(of: ticket.edit(.topic("equipment")), as: desk.bo) == .notMember
        )
        await desk.does(ticket.assign(to: desk.cy), as: desk.bo)
        await desk.does(ticket.edit(.topic("equipment")), as: desk.cy)
        #expect(try await desk.now(ticket).assignee?.name == "Cy")
    }
}
