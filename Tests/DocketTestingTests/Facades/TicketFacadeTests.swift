import DeskSupport
import DocketClient
import Testing

@Suite("Partners push tickets through the library", .timeLimit(.minutes(5)))
struct TicketFacadeTests {
    private let scene: ClientScene

    init() throws {
        scene = ClientScene(try DeskSubject(.memory))
    }

    private func ticket(_ key: String, _ text: String = "It does not print") -> TicketDraft {
        TicketDraft(key, of: "crm/7", named: "Ada", channel: "api", text: text)
    }

    @Test("Tickets are pushed with a verdict each, once however often")
    func push() async throws {
        let partner = try await scene.partner()
        var wrong = ticket("crm/2")
        wrong.channel = "nothing"
        let tickets = [ticket("crm/1"), wrong, ticket("crm/3")]
        let verdicts = try await partner.tickets.push(tickets)
        guard case .pushed(let first) = verdicts[0], case .pushed(let third) = verdicts[2] else {
            Issue.record("\(verdicts)")
            return
        }
        #expect(first.number == 1 && third.number == 2 && !first.wasKnown)
        guard case .refused(let refusal, mayBeRepeated: false) = verdicts[1] else {
            Issue.record("\(verdicts[1])")
            return
        }
        #expect(refusal.reason == "unknown_channel")
        let again = try await partner.tickets.push([ticket("crm/1")])
        guard case .pushed(let known) = again[0] else {
            Issue.record("\(again)")
            return
        }
        #expect(known.requestID == first.requestID && known.wasKnown)
        let reused = try await partner.tickets.push([ticket("crm/1", "It smokes")])
        guard case .refused(let reuse, _) = reused[0] else {
            Issue.record("\(reused)")
            return
        }
        #expect(reuse.reason == "key_reused")
        let page = try await partner.tickets.list(keyPrefix: "crm/", limit: 1)
        #expect(page.items.map(\.details.externalKey) == ["crm/1"])
        let next = try await partner.tickets.list(keyPrefix: "crm/", limit: 1, page: page.next)
        #expect(next.items.map(\.details.externalKey) == ["crm/3"] && next.next == nil)
    }

    @Test("Comments go both ways")
    func comments() async throws {
        let partner = try await scene.partner()
        let agent = try await scene.agent()
        guard case .pushed(let pushed) = try await partner.tickets.push([ticket("crm/1")])[0] else {
            Issue.record("the ticket was not taken")
            return
        }
        let request = try await partner.tickets.get(externalKey: "crm/1")
        #expect(request.id == pushed.requestID)
        #expect(try await partner.tickets.get(pushed.requestID) == request)
        let receipt = try await partner.tickets.comment("Once more", on: request.id)
        #expect(receipt.requestID == request.id && receipt.sequence == 2)
        _ = try await agent.requests.take(request.id)
        let messages = try await partner.tickets.messages(of: request.id).messages
        #expect(messages.map(\.sequence) == [1, 2])
        #expect(try await partner.tickets.messages(of: request.id, after: 1).messages.count == 1)
        let other = try await scene.partner("Other")
        let tickets = other.tickets
        let reason = await refusal { () async throws(DocketClientError) in
            try await tickets.get(request.id)
        }
        #expect(reason == "not_found")
    }
}
