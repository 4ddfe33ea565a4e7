import DeskSupport
import DocketCalls
import DocketMessages
import DocketRPC
import DocketServices
import Foundation
import SwiftProtobuf
import Testing

@Suite("Tickets that another company's system pushes")
struct TicketTests {
    @Test(
        "Each ticket has a verdict of its own, and a refused one stops nothing",
        arguments: StoreKind.allCases
    )
    func verdicts(_ keeping: StoreKind) async throws {
        let partner = try await ServiceFixture(keeping).keyHolder("Partner", channel: nil)
        let verdicts = try await partner.push([
            partner.ticket("crm/1"),
            partner.ticket("crm/2") { $0.channel = "chat" },
            partner.ticket("crm/3") { $0.text = "" },
            partner.ticket("crm/4") { $0.id = Data([1]) },
            partner.ticket("crm/5", of: "crm/8"),
        ])
        #expect(
            verdicts.map(\.error?.reason) == [
                nil, .unknownChannel, .fieldMissing, .invalidIdentifier, nil,
            ]
        )
        #expect(verdicts.map(\.pushed.number) == [1, 0, 0, 0, 2])
        #expect(try await partner.ticketKeys() == ["crm/1", "crm/5"])
        let request = try await partner.ticket(.externalKey("crm/1"))
        #expect(request.id == verdicts[0].pushed.requestID)
        #expect(request.details.origin == .partner)
        #expect(request.details.externalKey == "crm/1")
        #expect(request.description_p == "It does not print")
    }

    @Test(
        "The same key with the same content is the same request, whatever id comes with it",
        arguments: StoreKind.allCases
    )
    func repetition(_ keeping: StoreKind) async throws {
        let partner = try await ServiceFixture(keeping).keyHolder("Partner", channel: nil)
        let ticket = partner.ticket("crm/1")
        let first = try await partner.pushed(ticket)
        #expect(!first.wasKnown)
        let same = try await partner.pushed(ticket)
        let other = try await partner.pushed(partner.ticket("crm/1"))
        var known = first
        known.wasKnown = true
        #expect(same == known && other == known)
        let changed = try await partner.push([partner.ticket("crm/1", "It smokes")])
        #expect(changed[0].error?.reason == .keyReused)
        let reused = try await partner.push([partner.ticket("crm/2") { $0.id = ticket.id }])
        #expect(reused[0].error?.reason == .keyReused)
        #expect(try await partner.ticketKeys() == ["crm/1"])
        #expect(try await partner.ticketTexts(of: first.requestID) == ["It does not print"])
    }

    @Test("Twice in one call, a ticket is one request")
    func twice() async throws {
        let partner = try await ServiceFixture().keyHolder("Partner", channel: nil)
        let verdicts = try await partner.push([partner.ticket("crm/1"), partner.ticket("crm/1")])
        #expect(verdicts.map(\.pushed.number) == [1, 1])
        #expect(verdicts.map(\.pushed.wasKnown) == [false, true])
    }

    @Test("A ticket that was refused may be corrected under its key", arguments: StoreKind.allCases)
    func corrected(_ keeping: StoreKind) async throws {
        let partner = try await ServiceFixture(keeping).keyHolder("Partner", channel: nil)
        let wrong = try await partner.push([partner.ticket("crm/1") { $0.topic = "nothing" }])
        #expect(wrong[0].error?.reason == .invalidValue)
        #expect(wrong[0].error?.isFinal == true)
        #expect(try await partner.pushed(partner.ticket("crm/1")).number == 1)
    }

    @Test(
        "A contact is made with the first ticket that names it, and not by one that is refused",
        arguments: StoreKind.allCases
    )
    func contacts(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let partner = try await fixture.keyHolder("Partner", channel: nil)
        let agent = try await fixture.agent("agent")
        _ = try await partner.push([partner.ticket("crm/1") { $0.channel = "chat" }])
        #expect(try await agent.find(.externalID("crm/7")).contacts.isEmpty)
        _ = try await partner.pushed(partner.ticket("crm/1"))
        _ = try await partner.pushed(partner.ticket("crm/2") { $0.contact.name = "Eve" })
        let contacts = try await agent.find(.externalID("crm/7")).contacts
        #expect(contacts.map(\.name) == ["Ada"])
        let first = try await partner.ticket(.externalKey("crm/1"))
        let second = try await partner.ticket(.externalKey("crm/2"))
        #expect(first.contact.id == contacts[0].id && second.contact == first.contact)
        #expect(first.conversationID == second.conversationID)
    }

    @Test("Two partners may use the same keys, and see nothing of each other")
    func partners() async throws {
        let fixture = try ServiceFixture()
        let partner = try await fixture.keyHolder("Partner", channel: nil)
        let other = try await fixture.keyHolder("Other", channel: nil)
        let own = try await partner.pushed(partner.ticket("crm/1"))
        let theirs = try await other.pushed(other.ticket("crm/1", "It smokes"))
        #expect(own.requestID != theirs.requestID)
        #expect(try await other.ticketTexts(of: theirs.requestID) == ["It smokes"])
        let errors = [
            await refusal { () async throws(RPCError) in
                try await other.ticket(.id(own.requestID))
            },
            await refusal { () async throws(RPCError) in
                try await other.ticketTexts(of: own.requestID)
            },
            await refusal { () async throws(RPCError) in
                try await other.comment("x", on: own.requestID)
            },
            await refusal { () async throws(RPCError) in
                try await other.ticket(.externalKey("crm/2"))
            },
        ]
        #expect(errors.map(\.?.reason) == Array(repeating: .notFound, count: 4))
    }

    @Test("Comments go both ways, and notes stay inside", arguments: StoreKind.allCases)
    func comments(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let partner = try await fixture.keyHolder("Partner", channel: nil)
        let agent = try await fixture.agent("agent")
        let pushed = try await partner.pushed(partner.ticket("crm/1"))
        try await agent.take(pushed.requestID)
        try await agent.note("He is always like this", on: pushed.requestID)
        let request = try await partner.ticket(.id(pushed.requestID))
        try await agent.post("Is it plugged in?", in: request.conversationID)
        let id = fixture.newID
        let comment = try await partner.comment("It is", on: pushed.requestID, id: id)
        #expect(comment.requestID == pushed.requestID && comment.sequence == 3)
        #expect(try await partner.comment("It is", on: pushed.requestID, id: id) == comment)
        let texts = ["It does not print", "Is it plugged in?", "It is"]
        #expect(try await partner.ticketTexts(of: pushed.requestID) == texts)
        let history = try await agent.history(of: request.conversationID)
        let authors = history.entries.filter { $0.event.messagePosted.sequence > 0 }
            .map(\.event.actor.kind)
        #expect(authors == [.principalContact, .principalAgent, .principalContact])
    }

    @Test("A comment on a ticket that is over for good opens another, which is the partner's too")
    func followUp() async throws {
        let fixture = try ServiceFixture()
        let partner = try await fixture.keyHolder("Partner", channel: nil)
        let agent = try await fixture.agent("agent")
        let pushed = try await partner.pushed(partner.ticket("crm/1"))
        try await agent.take(pushed.requestID)
        try await agent.set(pushed.requestID, to: "closed")
        let comment = try await partner.comment("Once more", on: pushed.requestID)
        #expect(comment.requestID != pushed.requestID)
        let follower = try await partner.ticket(.id(comment.requestID))
        #expect(follower.details.origin == .partner)
        #expect(follower.details.externalKey.isEmpty)
        #expect(try await partner.ticketTexts(of: comment.requestID) == ["Once more"])
    }

    @Test(
        "A partner's feed tells what happens to what it pushed, and nothing else",
        arguments: StoreKind.allCases
    )
    func feed(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let partner = try await fixture.keyHolder("Partner", channel: nil)
        let other = try await fixture.keyHolder("Other", channel: nil)
        let agent = try await fixture.agent("agent")
        let live = try partner.subscribe(.fromBeginning(true))
        let pushed = try await partner.pushed(partner.ticket("crm/1"))
        _ = try await other.pushed(other.ticket("crm/1"))
        let request = try await partner.ticket(.id(pushed.requestID))
        // An agent's own request for the same contact is no matter of the partner's.
        _ = try await agent.create(for: request.contact.id) { $0.channel = "api" }
        try await agent.take(pushed.requestID)
        try await agent.note("a note", on: pushed.requestID)
        var answer = Docket_V1_PostCall()
        answer.header = agent.header()
        answer.conversationID = request.conversationID
        answer.requestID = pushed.requestID
        answer.text = "We look into it"
        let last = try await agent.conversations.post(answer).offset
        let later = try partner.subscribe(.fromBeginning(true))
        for feed in [live, later] {
            let events = try await feed.events(through: last).map(\.event)
            #expect(events.allSatisfy { $0.requestID == pushed.requestID })
            #expect(events.contains { $0.requestOpened.externalKey == "crm/1" })
            let texts = events.map(\.messagePosted.text).filter { !$0.isEmpty }
            #expect(texts == ["It does not print", "We look into it"])
        }
    }

    @Test(
        "Tickets are listed by the bytes of their keys, a page at a time",
        arguments: StoreKind.allCases
    )
    func list(_ keeping: StoreKind) async throws {
        let partner = try await ServiceFixture(keeping).keyHolder("Partner", channel: nil)
        let keys = ["erp/1", "crm/10", "crm/9", "crm", "crm/é", "crm/e\u{301}", "crn"]
        for key in keys { _ = try await partner.pushed(partner.ticket(key)) }
        let sorted = keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        for limit in [1, 2, 7, 200] as [UInt32] {
            #expect(
                try await partner.ticketKeys(limit: limit).map { Array($0.utf8) }
                    == sorted.map { Array($0.utf8) }
            )
        }
        let some = try await partner.ticketKeys(prefix: "crm/", limit: 2)
        #expect(some.count == 4 && some.allSatisfy { $0.hasPrefix("crm/") })
        #expect(try await partner.ticketKeys(prefix: "x").isEmpty)
    }

    @Test("A call has 1 to 100 tickets")
    func limits() async throws {
        let partner = try await ServiceFixture().keyHolder("Partner", channel: nil)
        let none = await refusal { () async throws(RPCError) in try await partner.push([]) }
        #expect(none?.reason == .fieldMissing)
        let tickets = (0...TicketsHandler.ticketsInCall).map { partner.ticket("crm/\($0)") }
        let beyond = await refusal { () async throws(RPCError) in try await partner.push(tickets) }
        #expect(beyond?.reason == .tooMany)
        #expect(try await partner.ticketKeys().isEmpty)
        let verdicts = try await partner.push(tickets.dropLast())
        #expect(verdicts.map(\.pushed.number) == Array(1...100))
    }

    @Test("A blocked contact's tickets are refused")
    func blocked() async throws {
        let fixture = try ServiceFixture()
        let partner = try await fixture.keyHolder("Partner", channel: nil)
        let agent = try await fixture.agent("agent")
        let first = try await partner.pushed(partner.ticket("crm/1"))
        let contact = try await partner.ticket(.id(first.requestID)).contact.id
        try await agent.update(contact) { $0.blocked = true }
        let verdicts = try await partner.push([partner.ticket("crm/2")])
        #expect(verdicts[0].error?.reason == .contactBlocked)
    }
}
