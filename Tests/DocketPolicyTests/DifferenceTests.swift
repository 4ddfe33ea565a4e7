import DocketDomain
import DocketPolicy
import Testing

@Suite("What differs between two policies")
struct DifferenceTests {
    private func differences(_ changes: (String, String)...) throws -> [String] {
        var text = PolicyDocument.defaultText
        for (original, change) in changes {
            #expect(text.contains(original))
            text.replace(original, with: change)
        }
        let policy = try PolicyDocument.parse(text)
        return PolicyDocument.differences(from: try .shippedDefault(), to: policy)
            .map(\.description)
    }

    @Test("Equal policies differ in nothing")
    func equal() throws {
        #expect(try differences() == [])
        #expect(try differences(("name: Bridge", "name: \"Bridge\"")) == [])
    }

    @Test("A changed field is named with what it was and what it is")
    func fields() throws {
        #expect(
            try differences(("name: Bridge", "name: Gate"))
                == ["channels[bridge].name: \"Bridge\" -> \"Gate\""]
        )
        #expect(
            try differences(("    contact_name: Waiting for you\n", ""))
                == ["statuses[waiting].contact_name: without \"Waiting for you\""]
        )
        #expect(
            try differences(
                ("version: 2", "version: 2\npermissions: {take: [supervisor]}"),
                ("timers_may_close: false", "timers_may_close: true")
            ) == ["timers_may_close: false -> true", "permissions: with {take: [supervisor]}"]
        )
    }

    @Test("What has a key is found again where it moved, went or came")
    func keys() throws {
        #expect(
            try differences(
                (
                    "  - key: incident\n    name: Incident\n",
                    "  - key: wish\n    name: Wish\n"
                )
            ) == [
                "types[incident]: without {key: incident, name: \"Incident\"}",
                "types[wish]: with {key: wish, name: \"Wish\"}",
            ]
        )
        #expect(
            try differences(
                (
                    "  - key: question\n    name: Question\n  - key: incident\n    name: Incident\n",
                    "  - key: incident\n    name: Incident\n  - key: question\n    name: Question\n"
                )
            ) == ["types: [question, incident, complaint] -> [incident, question, complaint]"]
        )
    }

    @Test("A changed transition is the one that went and the one that came")
    func transitions() throws {
        #expect(
            try differences(
                ("  - on: assigned\n    from: [new]\n", "  - on: assigned\n    from: any\n")
            )
                == [
                    "transitions[0]: without {on: assigned, from: [new], to: assigned}",
                    "transitions[0]: with {on: assigned, from: any, to: assigned}",
                ]
        )
    }
}
