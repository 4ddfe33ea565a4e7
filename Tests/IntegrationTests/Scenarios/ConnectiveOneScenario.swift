import DocketClient
import Testing

extension IntegrationTests {
    /// A chain of supermarkets: chats about products, tickets about what is broken (C1-C38).
    @Suite("The supermarket's desk", .serialized)
    struct SupermarketScenario {
        @Test("A customer asks for a product; the answer and the end come in one chat")
        func productChat() async throws {
            let desk = try await ScenarioDesk("connectiveone")
            let customer = try await desk.customer("Olena")
            let chat = try await customer.openConversation(channel: "telegram")
            let number = try await chat.say("Is the lactose-free milk in stock again?")
            let opened = try await desk.request(number)
            #expect(opened.text("kind") == "chat" && opened.text("status") == "open")
            #expect(opened.text("title") == "Is the lactose-free milk in stock again?")
            try await desk.docket("note", "\(number)", "asked the store: from Friday")
            try await desk.answer(number, "From Friday on. Shall I keep one for you?")
            #expect(try await desk.request(number)["assignee"] != nil)
            #expect(try await chat.say("Yes, please") == number)
            try await desk.docket("request", "set", "\(number)", "--topic", "products")
            try await desk.docket("finish", "\(number)", "--status", "closed")
            let closed = try await desk.request(number)
            #expect(closed.text("category") == "closed")
            let said = try await chat.said()
            #expect(
                said == [
                    "Is the lactose-free milk in stock again?",
                    "From Friday on. Shall I keep one for you?", "Yes, please",
                    "Your request has been closed. Thank you for writing to us.",
                ],
                "a note stays inside"
            )
        }

        @Test("A broken checkout becomes a ticket that moves only forward, with all it has to say")
        func brokenCheckout() async throws {
            let desk = try await ScenarioDesk("connectiveone")
            let customer = try await desk.customer("Store 12")
            let chat = try await customer.openConversation(channel: "mobile")
            let source = try await chat.say("The checkout does not print")
            let contact = try #require(try await desk.request(source)["contact"]?.text("id"))
            let create = [
                "request", "create", "--contact", contact, "--channel", "mobile",
                "--kind", "ticket", "--topic", "equipment", "--title", "Checkout 3",
                "--text", "The checkout does not print", "--from", "\(source)",
            ]
            let missing = try await desk.refusal(create)
            #expect(missing.contains("store") && missing.contains("device"), "\(missing)")
            let made = try await desk.docket(
                create + ["--field", "store=12", "--field", "device=checkout"]
            )
            let ticket = try #require(made.first?["request"]?.number("number"))
            #expect(made.first?["request"]?.text("status") == "new")
            try await desk.docket("take", "\(ticket)")
            #expect(try await desk.request(ticket).text("status") == "diagnosing")
            try await desk.answer(ticket, "A technician comes at noon")
            #expect(try await chat.said().last == "A technician comes at noon")
            try await desk.docket("request", "status", "\(ticket)", "resolving")
            let back = try await desk.refusal("request", "status", "\(ticket)", "diagnosing")
            #expect(back.contains("closed"), "what is allowed is told: \(back)")
            let unfilled = try await desk.refusal("request", "status", "\(ticket)", "closed")
            #expect(unfilled.contains("cause") && unfilled.contains("outcome"), "\(unfilled)")
            try await desk.docket(
                "request",
                "set",
                "\(ticket)",
                "--field",
                "cause=paper jam",
                "--field",
                "outcome=repaired"
            )
            try await desk.docket("request", "status", "\(ticket)", "closed")
            #expect(try await desk.request(ticket).text("category") == "closed")
            #expect(try await chat.say("and the scales?") == source, "the chat is still there")
        }

        @Test("A task is known, and answered kind_disabled")
        func task() async throws {
            let desk = try await ScenarioDesk("connectiveone")
            let customer = try await desk.customer("Olena")
            let chat = try await customer.openConversation(channel: "telegram")
            let number = try await chat.say("hello")
            let contact = try #require(try await desk.request(number)["contact"]?.text("id"))
            let refused = try await desk.refusal(
                "request",
                "create",
                "--contact",
                contact,
                "--channel",
                "telegram",
                "--kind",
                "task",
                "--text",
                "repaint the shelves"
            )
            #expect(refused.contains("task"), "\(refused)")
        }
    }
}
