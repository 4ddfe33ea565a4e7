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

        @Test("What follows a switch to another conversation's request reaches its contact alone")
        func elsewhere() async throws {
            let (desk, chat, first, _) = try await desk(internally: false)
            let other = try await desk.customer("Petro")
            let number = try await other.openConversation(channel: "viber").say("Hello")
            try await desk.answer(first, "One moment", "/answer \(number)", "This is for Petro")
            #expect(try await chat.said() == ["The scales are wrong", "Scales 4", "One moment"])
            #expect(try await desk.texts(of: number) == ["Hello", "This is for Petro"])
            let refused = try await desk.refusal(
                ["answer", "\(first)"],
                input: "/answer 99\nThis is for nobody\n"
            )
            #expect(refused.contains("There is no request 99"), "\(refused)")
            #expect(try await desk.texts(of: first).last == "One moment")
        }

        @Test("A mistyped command is refused and never reaches the contact")
        func mistyped() async throws {
            let (desk, chat, first, _) = try await desk(internally: false)
            let said = try await chat.said()
            for line in ["/nots she is a pain", " /Note she is a pain", "/", "\u{FEFF}/nots x"] {
                let refused = try await desk.refusal(
                    ["answer", "\(first)"],
                    input: "\(line)\nnor this\n"
                )
                #expect(refused.contains("Nothing was sent"), "\(refused)")
            }
            #expect(try await chat.said() == said)
            try await desk.answer(first, "//dev/sda1 is full")
            #expect(try await chat.said() == said + ["/dev/sda1 is full"])
        }

        @Test("One command sends one reply, with its text, standard input or files")
        func reply() async throws {
            let (desk, chat, first, aside) = try await desk(internally: true)
            try await desk.docket("reply", "\(first)", "On its way")
            try await desk.docket(["reply", "\(first)"], input: "one\r\ntwo\r\n")
            #expect(
                try await chat.said() == ["The scales are wrong", "On its way", "one\ntwo"]
            )
            try await desk.docket("reply", "\(aside)", "Only for us")
            #expect(try await desk.texts(of: aside).last == "Only for us")
            #expect(try await chat.said().last == "one\ntwo")
            #expect(try await desk.refusal("reply", "99", "x").contains("not found"))
        }

        @Test("A script finishes one chat and goes on to the next who waits")
        func nextWaiting() async throws {
            let desk = try await ScenarioDesk("omnidesk")
            var chats: [(chat: Conversation, number: UInt64)] = []
            for name in ["Ira", "Olha", "Petro"] {
                let chat = try await desk.customer(name).openConversation(channel: "telegram")
                chats.append((chat, try await chat.say("I am \(name)")))
            }
            try await desk.answer(
                chats[2].number,
                "For Petro",
                "/tag vip late",
                "/tag -late",
                "/finish closed",
                "/next",
                "For the first",
                "/next",
                "For the second"
            )
            #expect(try await chats[0].chat.said().last == "For the first")
            #expect(try await chats[1].chat.said().last == "For the second")
            #expect(try await chats[2].chat.said().last == "For Petro")
            let card = try await desk.card(of: chats[2].number)
            #expect(card.contains("vip") && !card.contains("late,"))
        }

        @Test("Each of several requests has its own result")
        func several() async throws {
            let desk = try await ScenarioDesk("omnidesk")
            var numbers: [String] = []
            for name in ["Ira", "Olha"] {
                let chat = try await desk.customer(name).openConversation(channel: "telegram")
                numbers.append("\(try await chat.say("I am \(name)"))")
            }
            let taken = try await desk.docket(["take"] + numbers)
            #expect(taken.compactMap { $0["request"]?["assignee"]?.text("name") }.count == 2)
            let (lines, status) = try await desk.partly(["take", numbers[0], "99"])
            #expect(status == 1 || status == 5, "none of them was done")
            let (more, partly) = try await desk.partly(
                ["request", "set", numbers[0], "99", "--tag", "late"]
            )
            #expect(partly == 6)
            #expect(more.map { $0.text("type") } == ["request", "failure"])
            #expect(more.last?.number("number") == 99)
            #expect(more.last?.text("reason") == "not_found")
            #expect(lines.allSatisfy { $0.text("type") == "failure" })
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
