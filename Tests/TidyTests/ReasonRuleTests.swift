import Testing

@Suite("What the compiler cannot check is explained")
struct ReasonRuleTests {
    private func lines(_ text: String) -> [Int] {
        let file = TextFile(path: "Sources/Hall/Sample.swift", text: text)
        return ReasonRule.unexplained(in: file).map(\.line)
    }

    @Test("The repository explains itself")
    func repository() throws {
        try expectEveryFileKeeps(ReasonRule.unexplained)
    }

    @Test("A reason right above is enough, with an attribute between or without")
    func explained() {
        #expect(lines("/// Confined to its event loop.\nclass A: @unchecked Sendable {}\n") == [])
        #expect(lines("// Set once.\n@safe\nnonisolated(unsafe) let a = 1\n") == [])
    }

    @Test("A mark without a comment, with an empty phrase, or with one further up is found")
    func unexplained() {
        #expect(lines("class A: @unchecked Sendable {}\n") == [1])
        #expect(lines("/// A class.\nclass A: @unchecked Sendable {}\n") == [2])
        #expect(lines("// Under a lock.\n\nclass A: @unchecked Sendable {}\n") == [3])
        #expect(lines("// A lock.\nlet b = { 1 }\nnonisolated(unsafe) let a = 1\n") == [3])
        #expect(lines("@preconcurrency import Glibc\n") == [1])
    }

    @Test("A mark in a comment or a text is none")
    func mentioned() {
        #expect(lines("// @unchecked Sendable\nlet a = \"nonisolated(unsafe)\"\n") == [])
    }
}
