import DocketClient
import Testing

extension IntegrationTests {
    /// Live chats with three endings (O1-O21).
    @Suite("The live chats' desk", .serialized)
    struct LiveChatScenario {
        /// A chat that was taken, so that it can be finished.
        private func chat(
            at desk: ScenarioDesk
        ) async throws -> (chat: Conversation, number: UInt64) {
            let customer = try await desk.customer("Ira")
            let chat = try await customer.openConversation(channel: "telegram")
            let number = try await chat.say("Where is my order?")
            try await desk.docket("take", "\(number)")
            return (chat, number)
        }

        @Test("Finished as open or pending, the chat goes on with the next message, or is split")
        func openAndPending() async throws {
            let desk = try await ScenarioDesk("omnidesk")
            let (chat, number) = try await chat(at: desk)
            for status in ["open", "pending"] {
                try await desk.docket("finish", "\(number)", "--status", status)
                let finished = try await desk.request(number)
                #expect(finished.text("status") == status && finished.flag("is_live") == false)
                #expect(try await chat.say("One more thing, \(status)") == number)
                let again = try await desk.request(number)
                #expect(again.text("status") == "open" && again.flag("is_live") == true)
            }
            let split = try await desk.docket("request", "split", "\(number)")
            let other = try #require(split.first?["request"]?.number("number"))
            #expect(other == number + 1)
            #expect(try await desk.texts(of: other) == ["One more thing, pending"])
            let left = try await desk.request(number)
            #expect(left.text("status") == "pending" && left.flag("is_live") == false)
            let late = try await desk.refusal("request", "split", "\(number)")
            #expect(!late.isEmpty)
        }

        @Test("Finished as closed, the next message is a new chat, which can be merged back")
        func closed() async throws {
            let desk = try await ScenarioDesk("omnidesk")
            let (chat, number) = try await chat(at: desk)
            try await desk.docket("finish", "\(number)", "--status", "closed")
            let next = try await chat.say("It still has not come")
            #expect(next == number + 1)
            let chain = try await desk.docket("request", "chain", "\(next)")
            #expect(chain.first?["previous"]?.number("number") == number, "\(chain)")
            let both = try await desk.docket("show", "\(next)", "--previous")
            #expect(
                both.compactMap { $0["event"]?["message"]?.text("text") }
                    == ["Where is my order?", "It still has not come"]
            )
            // An older chat is a task: a note on it changes nothing for the next message.
            try await desk.docket("note", "\(number)", "ask the courier")
            #expect(try await chat.say("Hello?") == next)
            try await desk.docket("take", "\(next)")
            try await desk.docket("request", "merge", "\(next)")
            let survivor = try await desk.request(number)
            #expect(survivor.text("status") == "open" && survivor.flag("is_live") == true)
            #expect(
                try await desk.texts(of: number) == [
                    "Where is my order?", "It still has not come", "Hello?",
                ]
            )
            #expect(try await chat.say("Thank you") == number)
        }

        @Test("A silent chat ends by itself, by who wrote last, and never as closed")
        func silence() async throws {
            let desk = try await ScenarioDesk(
                "omnidesk",
                changing: [("inactive_after: 600s", "inactive_after: 2s")]
            )
            let (chat, number) = try await chat(at: desk)
            try await eventually("the chat falls silent after the customer") {
                try await desk.request(number).flag("is_live") == false
            }
            #expect(try await desk.request(number).text("status") == "open")
            _ = try await chat.say("Still there?")
            try await desk.answer(number, "It comes tomorrow")
            try await eventually("the chat falls silent after the agent") {
                try await desk.request(number).flag("is_live") == false
            }
            #expect(try await desk.request(number).text("status") == "pending")
        }

        @Test("An agent splits a customer's mail that asks two things, and says what it is about")
        func splitMail() async throws {
            let desk = try await ScenarioDesk("omnidesk")
            let mail = try await desk.integration(of: "email")
            let sender = try await mail.contacts.ensure(externalID: "ira@example.org", name: "Ira")
            let thread = try await mail.openConversation(channel: "email", for: sender.id)
            let number = try await thread.say("Invoice?", title: "Invoice")
            // The second mail answers the first; one that answered none would be a request.
            let request = try await desk.request(number).text("id")
            let again = try await thread.say(
                "And my address changed",
                continuing: RequestID(try #require(request))
            )
            #expect(again == number)
            #expect(try await thread.say("Something else", title: "Else") != number)
            try await desk.docket("take", "\(number)")
            let messages = try await desk.docket("request", "messages", "\(number)")
            let second = try #require(messages.last?["event"]?["message"]?.text("id"))
            let split = try await desk.docket("request", "split", "\(number)", "--message", second)
            let other = try #require(split.first?["request"]?.number("number"))
            #expect(try await desk.texts(of: other) == ["And my address changed"])
            try await desk.docket("request", "set", "\(other)", "--title", "New address")
            #expect(try await desk.request(other).text("title") == "New address")
        }
    }
}
