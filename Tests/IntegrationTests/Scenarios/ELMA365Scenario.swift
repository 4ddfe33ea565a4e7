import DocketClient
import Testing

extension IntegrationTests {
    /// Seven statuses, moved by a process (E1-E22).
    @Suite("The service desk with seven statuses", .serialized)
    struct ServiceDeskScenario {
        @Test("From the line to classification, into work, waiting, done and closed")
        func line() async throws {
            let desk = try await ScenarioDesk("elma365", changing: [("after: 3d", "after: 2s")])
            let customer = try await desk.customer("Ivan")
            let line = try await customer.openConversation(channel: "line")
            let number = try await line.say("The lamp is out")
            let classified = try await desk.request(number)
            #expect(classified.text("status") == "classification")
            #expect(classified.text("status_name") == "На классификации")
            let contact = try #require(classified["contact"]?.text("id"))
            try await desk.docket("company", "create", "Lamps Ltd")
            try await desk.docket("contact", "company", contact, "--to", "Lamps Ltd")
            let early = try await desk.refusal("request", "status", "\(number)", "accepted")
            #expect(early.contains("topic") && early.contains("type"), "\(early)")
            try await desk.docket(
                "request",
                "set",
                "\(number)",
                "--topic",
                "support",
                "--type",
                "incident"
            )
            try await desk.docket("request", "status", "\(number)", "accepted")
            try await desk.docket("take", "\(number)")
            try await desk.docket("request", "status", "\(number)", "in_work")
            try await desk.answer(number, "Which one?", "/status waiting")
            #expect(try await desk.request(number).text("status") == "waiting")
            #expect(try await line.say("It is the left one") == number)
            #expect(try await desk.request(number).text("status") == "in_work")
            #expect(
                try await line.said() == ["The lamp is out", "Which one?", "It is the left one"]
            )
            try await desk.docket("request", "status", "\(number)", "done")
            #expect(try await desk.request(number).text("category") == "resolved")
            try await eventually("what is done is closed after its time") {
                try await desk.request(number).text("status") == "closed"
            }
            #expect(try await line.say("And another lamp") == number + 1)
            let call = try await desk.docket(
                "request",
                "create",
                "--contact",
                contact,
                "--channel",
                "phone",
                "--text",
                "Called about the lamps"
            )
            let called = try #require(call.first?["request"]?.number("number"))
            let card = try await desk.card(of: called)
            #expect(card.contains("Lamps Ltd") && card.contains("Called about the lamps"))
            #expect(card.contains("\(number) closed, The lamp is out"), "\(card)")
            #expect(card.contains("\(number + 1) classification, And another lamp"), "\(card)")
        }

        @Test("What comes by the portal, a bot or by hand is accepted at once")
        func otherWays() async throws {
            let desk = try await ScenarioDesk("elma365")
            let customer = try await desk.customer("Ivan")
            let own = try await customer.requests.create(
                RequestDraft(channel: "portal", text: "I need a badge")
            )
            #expect(own.status == "accepted" && own.origin == .portal)
            let contact = try #require(own.contact?.id)
            let called = try await desk.docket(
                "request",
                "create",
                "--contact",
                "\(contact)",
                "--channel",
                "phone",
                "--text",
                "Called about the badge"
            )
            #expect(called.first?["request"]?.text("status") == "accepted")
            let bot = try await desk.integration(of: "line")
            let guest = try await bot.contacts.ensure(externalID: "77", name: "Olga")
            var draft = RequestDraft(channel: "line", text: "asked by the bot", contact: guest.id)
            draft.origin = .bot
            let asked = try await bot.requests.create(draft)
            #expect(asked.status == "accepted" && asked.origin == .bot)
        }
    }
}
