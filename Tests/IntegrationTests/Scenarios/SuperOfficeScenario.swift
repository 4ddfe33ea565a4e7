import DocketClient
import Testing

extension IntegrationTests {
    /// A support team with mail, portal and telephone (S1-S27).
    @Suite("The support team's desk", .serialized)
    struct SupportTeamScenario {
        @Test(
            "A mail is confirmed, read, answered, postponed, woken and closed; a reply reopens it"
        )
        func mail() async throws {
            let desk = try await ScenarioDesk("superoffice")
            let mail = try await desk.integration(of: "email")
            let sender = try await mail.contacts.ensure(externalID: "ana@example.org", name: "Ana")
            let thread = try await mail.openConversation(channel: "email", for: sender.id)
            let number = try await thread.say("It prints blank pages", title: "Printer")
            #expect(
                try await thread.said() == [
                    "It prints blank pages",
                    "We have received your request and will answer as soon as we can.",
                ]
            )
            #expect(try await desk.request(number).text("status") == "in_queue")
            try await desk.docket("take", "\(number)")
            #expect(try await desk.request(number).text("status") == "active")
            try await desk.docket("request", "view", "\(number)")
            try await desk.answer(number, "Is there paper in it?")
            #expect(try await thread.said().last == "Is there paper in it?")
            try await desk.docket("request", "postpone", "\(number)", "--until", "2s")
            #expect(try await desk.request(number).text("category") == "waiting")
            try await eventually("the request wakes") {
                try await desk.request(number).text("status") == "active"
            }
            try await desk.docket("finish", "\(number)")
            #expect(try await desk.request(number).text("category") == "closed")
            let request = try #require(try await desk.request(number).text("id"))
            let reply = try await thread.say("Blank again", continuing: RequestID(request))
            #expect(reply == number)
            #expect(try await desk.request(number).text("status") == "active")
        }

        @Test("A mail without a subject is refused, and says what is missing")
        func title() async throws {
            let desk = try await ScenarioDesk("superoffice")
            let mail = try await desk.integration(of: "email")
            let sender = try await mail.contacts.ensure(externalID: "ana@example.org", name: "Ana")
            let thread = try await mail.openConversation(channel: "email", for: sender.id)
            guard case .refused(let refusal) = try await thread.post("no subject") else {
                Issue.record("a mail without a subject was taken")
                return
            }
            #expect(refusal.reason == "missing_fields" && refusal.particulars.contains("title"))
        }

        @Test("A handler registers a call, answers, merges the call that repeats it, and closes")
        func phoneCall() async throws {
            let desk = try await ScenarioDesk("superoffice")
            try await desk.docket("company", "create", "Blank Ltd")
            let made = try await desk.docket(
                "contact",
                "create",
                "Bo",
                "--phone",
                "+4712345678",
                "--company",
                "Blank Ltd"
            )
            let contact = try #require(made.first?["contact"]?.text("id"), "\(made)")
            let first = try await desk.docket(
                "request",
                "create",
                "--contact",
                contact,
                "--channel",
                "phone",
                "--title",
                "No toner",
                "--text",
                "Called: no toner",
                "--priority",
                "high"
            )
            let older = try #require(first.first?["request"]?.number("number"))
            #expect(first.first?["request"]?.text("origin") == "manual")
            let second = try await desk.docket(
                "request",
                "create",
                "--contact",
                contact,
                "--channel",
                "phone",
                "--title",
                "Toner again",
                "--text",
                "Called again"
            )
            let newer = try #require(second.first?["request"]?.number("number"))
            try await desk.answer(older, "Toner is on its way")
            try await desk.docket("take", "\(newer)")
            let card = try await desk.card(of: newer)
            #expect(
                card.contains("Blank Ltd"),
                "a request has a contact, a contact a company: \(card)"
            )
            try await desk.docket("request", "link", "\(newer)", "duplicate", "\(older)")
            let merged = try await desk.docket("request", "merge", "\(newer)", "\(older)")
            #expect(merged.first?["request"]?.number("number") == older, "the older survives")
            #expect(try await desk.request(newer).text("category") == "merged")
            let texts = try await desk.texts(of: older)
            #expect(
                texts == ["Called: no toner", "Called again", "Toner is on its way"],
                "merged, they stand in the order in which they were said"
            )
            try await desk.docket("request", "set", "\(older)", "--tag", "toner", "--tag", "vip")
            try await desk.docket("finish", "\(older)")
            try await desk.docket("request", "delete", "\(older)")
            #expect(try await desk.request(older).text("category") == "deleted")
            try await desk.docket("request", "restore", "\(older)")
            #expect(try await desk.request(older).text("status") == "closed")
        }
    }
}
