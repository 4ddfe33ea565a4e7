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

    @Test("The tables of fields in the documentation are those that the reader follows")
    func documentation() throws {
        let name = "../../../Documentation/Policy.md"
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
            .appending(path: name)
        let text = try String(contentsOf: file, encoding: .utf8)
        let begin = try #require(text.range(of: "<!-- fields -->\n\n"))
        let end = try #require(text.range(of: "\n\n<!-- end of fields -->"))
        let expected =
            text[..<begin.upperBound] + PolicyDocument.fieldTables + text[end.lowerBound...]
        try GoldenText(name).expect(String(expected))
    }
}
