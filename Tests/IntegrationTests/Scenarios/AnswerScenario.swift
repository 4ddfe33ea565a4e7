import DocketClient
import Testing

extension IntegrationTests {
    /// Whom `docket answer` reaches, where a contact has more than one request.
    @Suite("An agent answers the request that it names", .serialized)
    struct AnswerScenario {
        /// A desk with a customer's chat, and a ticket about the same that is aside.
        private func desk(
            internally: Bool
        ) async throws -> (desk: ScenarioDesk, chat: Conversation, first: UInt64, aside: UInt64) {
            let desk = try await ScenarioDesk("connectiveone")
            let customer = try await desk.customer("Olena")
            let chat = try await customer.openConversation(channel: "telegram")
            let first = try await chat.say("The scales are wrong")
            let contact = try #require(try await desk.request(first)["contact"]?.text("id"))
            let made = try await desk.docket(
                [
                    "request", "create", "--contact", contact, "--channel", "telegram",
                    "--kind", "ticket", "--text", "Scales 4", "--from", "\(first)",
                ] + (internally ? ["--internal"] : [])
            )
            let aside = try #require(made.first?["request"]?.number("number"))
            return (desk, chat, first, aside)
        }

        @Test("What is said in an internal request never reaches the contact")
        func internalRequest() async throws {
            let (desk, chat, first, aside) = try await desk(internally: true)
            try await desk.answer(aside, "She complains every week", "Is it true?")
            #expect(
                try await desk.texts(of: aside)
                    == ["Scales 4", "She complains every week", "Is it true?"]
            )
            #expect(try await desk.request(aside)["assignee"] != nil)
            #expect(try await chat.said() == ["The scales are wrong"])
            #expect(try await desk.request(first)["assignee"] == nil, "nobody answered the chat")
        }

        @Test("An answer to a ticket that was made from a chat belongs to the ticket")
        func aside() async throws {
            let (desk, chat, first, aside) = try await desk(internally: false)
            try await desk.answer(aside, "A technician comes on Friday")
            #expect(
                try await desk.texts(of: aside) == ["Scales 4", "A technician comes on Friday"]
            )
            #expect(try await desk.texts(of: first) == ["The scales are wrong"])
            #expect(try await chat.said().last == "A technician comes on Friday")
            #expect(try await desk.request(first)["assignee"] == nil)
            try await desk.answer(aside, "On Friday", "/answer \(first)", "Is it urgent?")
            #expect(try await desk.texts(of: aside).last == "On Friday")
            #expect(try await desk.texts(of: first).last == "Is it urgent?")
        }

        @Test("To turn to a request of another conversation ends a script before it says more")
        func elsewhere() async throws {
            let (desk, chat, first, _) = try await desk(internally: false)
            let other = try await desk.customer("Petro")
            let number = try await other.openConversation(channel: "viber").say("Hello")
            let refused = try await desk.refusal(
                ["answer", "\(first)"],
                input: "/answer \(number)\nThis is for Petro\n"
            )
            #expect(refused.contains("another conversation"), "\(refused)")
            #expect(try await chat.said() == ["The scales are wrong", "Scales 4"])
            #expect(try await desk.texts(of: number) == ["Hello"])
        }

        @Test("After a merge the answers belong to the request that has the content")
        func merged() async throws {
            let desk = try await ScenarioDesk("omnidesk")
            let customer = try await desk.customer("Ira")
            let chat = try await customer.openConversation(channel: "telegram")
            let number = try await chat.say("Where is my order?")
            try await desk.answer(number, "I will ask", "/finish closed")
            let next = try await chat.say("Hello?")
            try await desk.answer(next, "One moment", "/merge", "It is on its way")
            let texts = [
                "Where is my order?", "I will ask", "Hello?", "One moment", "It is on its way",
            ]
            #expect(try await desk.texts(of: number) == texts)
            try await desk.answer(next, "Anything else?")
            #expect(try await desk.texts(of: number) == texts + ["Anything else?"])
            #expect(try await desk.texts(of: next).isEmpty)
        }

        @Test("An answer to what has ended is refused, and opens nothing")
        func ended() async throws {
            let desk = try await ScenarioDesk("connectiveone")
            let customer = try await desk.customer("Olena")
            let chat = try await customer.openConversation(channel: "telegram")
            let first = try await chat.say("Hello")
            try await desk.answer(first, "Good morning", "/finish")
            let second = try await chat.say("Are you open?")
            #expect(second == first + 1)
            let refused = try await desk.refusal(["answer", "\(first)"], input: "Until nine\n")
            #expect(refused.contains("request_not_open"), "\(refused)")
            #expect(try await desk.texts(of: second) == ["Are you open?"])
        }
    }
}
