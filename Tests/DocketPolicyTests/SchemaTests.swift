import DocketDomain
import DocketPolicy
import DocketTestSupport
import Foundation
import Testing

@Suite("What is written down about the document")
struct SchemaTests {
    @Test("The JSON schema in the contract is the one that the reader follows")
    func schema() throws {
        let text = PolicyDocument.schema
        _ = try JSONSerialization.jsonObject(with: Data(text.utf8))
        try GoldenText("../../../Protocol/policy.schema.json").expect(text)
    }

    private static let documentation = "../../../Documentation/Policy.md"

    private func documentationText() throws -> String {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
            .appending(path: Self.documentation)
        return try String(contentsOf: file, encoding: .utf8)
    }

    @Test("The tables of fields in the documentation are those that the reader follows")
    func tables() throws {
        let text = try documentationText()
        let begin = try #require(text.range(of: "<!-- fields -->\n\n"))
        let end = try #require(text.range(of: "\n\n<!-- end of fields -->"))
        let expected =
            text[..<begin.upperBound] + PolicyDocument.fieldTables + text[end.lowerBound...]
        try GoldenText(Self.documentation).expect(String(expected))
    }

    @Test("The policy that the documentation walks through is one")
    func walkThrough() throws {
        let text = try documentationText()
        let begin = try #require(text.range(of: "```yaml\nversion: 2\n"))
        let rest = text[begin.lowerBound...].dropFirst("```yaml\n".count)
        let end = try #require(rest.range(of: "```"))
        let policy = try PolicyDocument.parse(String(rest[..<end.lowerBound]))
        #expect(policy.name == "Front desk")
        #expect(policy.transitions.contains { $0.trigger == .set } == false)
    }
}
