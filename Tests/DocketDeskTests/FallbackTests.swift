import DeskSupport
import DocketDesk
import DocketDomain
import DocketStore
import Testing

@Suite("Where requests go when nobody has them")
struct FallbackTests {
    /// A desk with a contact's ticket by mail, of a kind that moves only forward.
    private struct Ticket {
        let fixture: DeskFixture
        let ada: Principal
        let bo: Principal
        let conversation: ConversationID
        let request: RequestID

        init() async throws {
            let policy = try #require(try PlayPolicies.both().first)
            fixture = try DeskFixture(store: MemoryStore(epoch: Epoch(7)), policy: policy)
            ada = await fixture.guest("Ada")
            bo = await fixture.agent("Bo")
            conversation = fixture.id()
            let opening = OpenConversation(id: conversation, channel: "email")
            _ = await fixture.ask(.openConversation(opening), as: ada)
            let post = Post(
                id: fixture.id(),
                conversation: conversation,
                text: "broken",
                title: "A title"
            )
            let reply = await fixture.ask(.post(post), as: ada)
            guard case .message(let posted)? = reply.acceptance?.result else {
                preconditionFailure("\(reply)")
            }
            request = posted.request
        }

        func status() async throws -> StatusKey { try await fixture.desk.request(request).status }
    }

    @Test("A kind that moves only forward does not fall back for lack of an agent")
    func forwardOnly() async throws {
        let ticket = try await Ticket()
        #expect(try await ticket.status() == "queued")
        let reply = await ticket.fixture.post("hurry", in: ticket.conversation, as: ticket.ada)
        #expect(reply.acceptance != nil)
        #expect(try await ticket.status() == "queued")
        await ticket.fixture.desk.stop()
    }

    @Test("A kind that moves only forward is given to another agent, and not back")
    func release() async throws {
        let ticket = try await Ticket()
        let fixture = ticket.fixture
        #expect(await fixture.ask(.take(ticket.request), as: ticket.bo).acceptance != nil)
        #expect(try await ticket.status() == "work")
        let head = fixture.desk.position.head
        let giveBack = Command.assign(Assign(request: ticket.request, agent: nil))
        let reply = await fixture.ask(giveBack, as: ticket.bo)
        #expect(reply.rejection == .invalidTransition(allowed: []))
        #expect(fixture.desk.position.head == head)
        let cy = await fixture.agent("Cy")
        let handOn = Assign(request: ticket.request, agent: cy.agent?.agent.id)
        #expect(await fixture.ask(.assign(handOn), as: ticket.bo).acceptance != nil)
        #expect(try await ticket.status() == "work")
        await fixture.desk.stop()
    }
}
