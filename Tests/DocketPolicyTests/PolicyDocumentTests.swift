import DocketDomain
import DocketPolicy
import Testing

@Suite("The policy document")
struct PolicyDocumentTests {
    @Test("The shipped policy is valid and has the statuses and channels it promises")
    func shipped() throws {
        let policy = try Policy.shippedDefault()
        #expect(
            policy.statuses.map(\.key)
                == ["new", "assigned", "in_progress", "waiting", "resolved", "closed"]
        )
        #expect(policy.initialStatus.category == .new)
        #expect(policy.finishStatus.key == "resolved")
        #expect(policy.status("resolved")?.reply == .appendWithin(.seconds(7 * 86_400)))
        #expect(policy.channel("chat")?.inactiveAfter == .seconds(600))
    }

    @Test("A policy written as a document reads back as the same policy")
    func roundTrip() throws {
        let policy = try Policy.shippedDefault()
        #expect(try PolicyDocument.parse(PolicyDocument.text(of: policy)) == policy)
    }

    @Test(
        "A mistake is named with its place, the rule and what is allowed",
        arguments: [
            ("category: waiting", "category: pending", "statuses[3].category"),
            ("finish_status: resolved", "finish_status: gone", "finish_status"),
            ("initial_status: new", "initial_status: assigned", "initial_status"),
            ("reopen_within: 7d", "reopen_within: 7y", "statuses[4].reopen_within"),
            ("    reopen_within: 7d\n", "", "statuses[4].reopen_within"),
            ("version: 1", "version: 2", "version"),
            ("from: [waiting, resolved]", "from: [asleep]", "transitions[2].from[0]"),
            ("on: answered", "on: moonrise", "transitions[1].on"),
            ("- key: bridge", "- key: chat", "channels[1].key"),
            ("- key: bridge", "- key: Bridge", "channels[1].key"),
            ("name: Bridge", "name: \"\"", "channels[1].name"),
            ("name: Bridge", "colour: red", "channels[1].colour"),
            ("answering_takes: true", "answering_takes: perhaps", "answering_takes"),
            ("inactive_after: 600s", "inactive_after: -1s", "channels[0].inactive_after"),
        ]
    )
    func mistakes(original: String, mistake: String, path: String) throws {
        let text = PolicyDocument.defaultText.replacing(original, with: mistake)
        #expect(text != PolicyDocument.defaultText)
        let error = try #require(throws: PolicyError.self) { try PolicyDocument.parse(text) }
        #expect(error.problems.contains { $0.path == path }, "\(error)")
    }

    @Test(
        "What is no document is refused",
        arguments: ["", "- a list", "key: [unclosed", "just text", "&a [*a]"]
    )
    func noDocument(text: String) {
        #expect(throws: PolicyError.self) { try PolicyDocument.parse(text) }
    }

    @Test("A document beyond the size limit is refused before it is parsed")
    func tooLong() {
        let text = PolicyDocument.defaultText + String(repeating: "#", count: 256 * 1024)
        #expect(throws: PolicyError.self) { try PolicyDocument.parse(text) }
    }
}
