import DocketCommandLine
import Testing

@testable import DocketClient
@testable import docket

@Suite("People are named as people name them")
struct DirectoryTests {
    private func contact(_ name: String, email: String = "") -> Contact {
        var contact = Contact(id: PartyID(), name: name)
        if !email.isEmpty { contact.emails = [email] }
        return contact
    }

    @Test("A contact is named by what one alone has, and candidates are listed")
    func contacts() throws {
        let ana = contact("Ana")
        let anabel = contact("Anabel")
        #expect(try Directory.pick("ana", from: []) == nil)
        #expect(try Directory.pick("An", from: [ana]) == ana)
        #expect(try Directory.pick("ana", from: [anabel, ana]) == ana)
        let twins = [
            contact("Ana", email: "a@example.com"), contact("Ana", email: "b@example.com"),
        ]
        do {
            _ = try Directory.pick("Ana", from: twins)
            Issue.record("one of two was taken")
        } catch {
            #expect(error.status == .usage)
            for twin in twins {
                #expect(error.advice.contains("\(twin.id)"))
                #expect(error.advice.contains(twin.emails[0]))
            }
        }
        let many = (0..<11).map { contact("Ana \($0)") }
        #expect(throws: CommandFailure.self) { try Directory.pick("Ana", from: many) }
    }

    /// The criteria by which a search asks a server that knows nobody, and refuses some.
    private func asked(
        for name: String,
        refusing refused: Set<String> = [],
        because reason: String = "invalid_argument"
    ) async throws -> [String] {
        var asked: [String] = []
        let found = try await Directory.contact(name) { criterion in
            asked.append(word(for: criterion))
            guard !refused.contains(word(for: criterion)) else {
                let refusal = Refusal(reason: reason, message: reason, particulars: "")
                throw DocketClientError(.refused, reason, refusal: refusal)
            }
            return []
        }
        #expect(found == nil)
        return asked
    }

    private func word(for criterion: ContactCriterion) -> String {
        switch criterion {
        case .email: "email"
        case .phone: "phone"
        case .externalID: "external"
        case .namePrefix: "name"
        case .company: "company"
        }
    }

    @Test(
        "A contact is looked for by nothing that its name cannot be",
        arguments: [
            ("3M Support", ["external", "name"]), ("42", ["external", "name"]),
            ("@ana:example.org", ["external", "name"]), ("ana@", ["external", "name"]),
            ("ana@example.org", ["email", "external", "name"]),
            ("+380 44 123-45-67", ["phone", "external", "name"]),
            ("(044) 123-45-67", ["phone", "external", "name"]), ("Ana", ["external", "name"]),
        ]
    )
    func criteria(name: String, expected: [String]) async throws {
        #expect(try await asked(for: name) == expected)
    }

    @Test(
        "A criterion that the server refuses for its form does not end the search",
        arguments: ["invalid_argument", "field_too_long"]
    )
    func refusedCriterion(reason: String) async throws {
        let asked = try await asked(
            for: "12345",
            refusing: ["phone", "external"],
            because: reason
        )
        #expect(asked == ["phone", "external", "name"])
    }

    @Test("Any other refusal ends the search")
    func otherRefusal() async throws {
        await #expect(throws: DocketClientError.self) {
            try await asked(for: "12345", refusing: ["phone"], because: "not_found")
        }
    }

    @Test("The first criterion that finds somebody decides")
    func firstCriterion() async throws {
        let support = contact("3M Support")
        let found = try await Directory.contact("42") { criterion in
            word(for: criterion) == "external" ? [support] : [contact("42nd Street")]
        }
        #expect(found == support)
    }
}
