import DeskSupport
import DocketDomain
import DocketMessages
import Foundation
import Testing

@Suite("Nothing tells a contact or a channel that notes exist", .timeLimit(.minutes(5)))
struct NoteTests {
    @Test(
        "Notes are in no history and no feed but the staff's",
        arguments: StoreKind.allCases
    )
    func secrecy(_ keeping: StoreKind) async throws {
        let fixture = try ServiceFixture(keeping)
        let guest = try await fixture.guest()
        let integration = try await fixture.keyHolder("Chat", channel: "chat")
        let agent = try await fixture.agent("agent")
        let live = [try guest.subscribe(), try integration.subscribe()]
        for feed in live { _ = try await feed.eventsUntilCaughtUp() }
        let conversation = try await guest.open()
        let first = try await guest.post("one", in: conversation)
        #expect(try await agent.note("secret", on: first.requestID).sequence == 1)
        #expect(try await agent.note("secret", on: first.requestID).sequence == 2)
        let second = try await guest.post("two", in: conversation)
        #expect(second.sequence == 2, "notes have a sequence of their own")
        #expect(first.requestID == second.requestID)

        for person in [guest, integration] {
            let history = try await person.history(of: conversation)
            #expect(history.entries.allSatisfy { !Self.isNote($0.event) })
            let past = try await person.subscribe(.fromBeginning(true)).eventsUntilCaughtUp()
            #expect(past.allSatisfy { !Self.isNote($0.event) })
        }
        for feed in live {
            let told = try await feed.events(through: second.offset)
            #expect(told.map(\.offset).last == second.offset)
            #expect(told.allSatisfy { !Self.isNote($0.event) })
        }
        let staff = try await agent.subscribe(.fromBeginning(true)).eventsUntilCaughtUp()
        #expect(staff.count { Self.isNote($0.event) } == 2)
        let history = try await agent.history(of: conversation)
        #expect(history.entries.count { Self.isNote($0.event) } == 2)
    }

    @Test("A note does not change the version that a contact's event carries")
    func versions() async throws {
        let fixture = try ServiceFixture()
        let guest = try await fixture.guest()
        let agent = try await fixture.agent("agent")
        let conversation = try await guest.open()
        let request = try await guest.post("one", in: conversation).requestID
        let before = try await agent.get(request).version
        try await agent.note("secret", on: request)
        #expect(try await agent.get(request).version == before)
    }

    private static func isNote(_ event: Docket_V1_Event) -> Bool {
        if case .notePosted? = event.fact { true } else { false }
    }
}
