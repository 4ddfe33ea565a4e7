import DocketDomain
import DocketPolicy
import DocketTestSupport
import Testing

@Suite("The policy document")
struct PolicyDocumentTests {
    @Test("The shipped policy is valid and has the statuses and channels it promises")
    func shipped() throws {
        let policy = try Policy.shippedDefault()
        #expect(
            policy.statuses.map(\.key) == [
                "new", "assigned", "in_progress", "waiting", "on_hold", "snoozed", "resolved",
                "closed", "merged", "deleted",
            ]
        )
        #expect(policy.rules(for: .chat)?.initialStatus == "new")
        #expect(policy.rules(for: .chat)?.finishStatus == "resolved")
        #expect(policy.rules(for: .ticket)?.initialStatus == "new")
        #expect(policy.rules(for: .task) == nil)
        #expect(policy.status("resolved")?.reply == .appendWithin(.seconds(7 * 86_400)))
        #expect(policy.channel("chat")?.inactiveAfter == .seconds(600))
        #expect(policy.channel("email")?.requiresTitle == true)
        #expect(policy.defaultPriority?.key == "normal")
    }

    @Test("A shipped policy written as a document reads back as the same policy")
    func roundTrip() throws {
        for preset in PolicyDocument.presets {
            let policy = try PolicyDocument.parse(preset.text)
            let text = PolicyDocument.text(of: policy)
            #expect(try PolicyDocument.parse(text) == policy, "\(preset.name)")
        }
    }

    @Test("Any policy written as a document reads back as the same policy")
    func randomRoundTrips() throws {
        let random = SeededRandom()
        var source = RandomPolicy(random: random)
        for _ in 0..<1_000 {
            let policy = try Policy(source.content())
            let text = PolicyDocument.text(of: policy)
            let result = Result { () throws(PolicyError) in try PolicyDocument.parse(text) }
            guard case .success(let read) = result else {
                Issue.record("\(random.replay) \(result)\n\(text)")
                return
            }
            let differences = PolicyDocument.differences(from: policy, to: read)
            try #require(read == policy, "\(random.replay) \(differences)\n\(text)")
            try #require(differences.isEmpty, "\(random.replay)")
        }
    }

    @Test(
        "A mistake is named with its place, the rule and what is allowed",
        arguments: [
            ("category: closed", "category: pending", "statuses[7].category"),
            ("finish_status: resolved", "finish_status: gone", "kinds[0].finish_status"),
            ("initial_status: new", "initial_status: assigned", "kinds[0].initial_status"),
            ("reopen_within: 7d", "reopen_within: 7y", "statuses[6].reopen_within"),
            ("    reopen_within: 7d\n", "", "statuses[6].reopen_within"),
            ("version: 2", "version: 1", "version"),
            ("waiting_for: time", "colour: red", "statuses[5].waiting_for"),
            (
                "on: woken\n    from: [snoozed]", "on: woken\n    from: [x]",
                "transitions[13].from[0]"
            ),
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
}
