import DocketClient
import Testing

extension IntegrationTests {
    /// Statuses that follow from what agents do (D1-D12).
    @Suite("The desk of automatic statuses", .serialized)
    struct AutomaticStatusScenario {
        @Test("Assigned when accepted, open when opened, pending with the first answer, closed")
        func life() async throws {
            let desk = try await ScenarioDesk("3dolphins")
            let customer = try await desk.customer("Sri")
            let chat = try await customer.openConversation(channel: "whatsapp")
            let number = try await chat.say("My warranty?")
            #expect(try await desk.request(number).text("status") == "unassigned")
            try await desk.docket("take", "\(number)")
            #expect(try await desk.request(number).text("status") == "assigned")
            let card = try await desk.card(of: number)
            #expect(card.contains("(open)"), "showing it is a look: \(card)")
            #expect(try await desk.request(number).text("status") == "open")
            try await desk.answer(number, "Until May")
            #expect(try await desk.request(number).text("status") == "pending")
            _ = try await chat.say("Thanks")
            #expect(try await desk.request(number).text("status") == "pending")
            try await desk.docket("finish", "\(number)")
            #expect(try await desk.request(number).text("category") == "closed")
            #expect(try await chat.said() == ["My warranty?", "Until May", "Thanks"])
        }
    }
}
