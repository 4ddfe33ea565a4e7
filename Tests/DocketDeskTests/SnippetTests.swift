import DocketStore
import Testing

@testable import DocketDesk

@Suite("The part of a text that shows why it was found")
struct SnippetTests {
    private func snippet(_ query: String, _ text: String) throws -> String {
        let match = try #require(try SearchQuery(query).firstMatch(in: text))
        return Snippet.of(text, around: match)
    }

    @Test("A text of exactly the limit is shown whole, and a longer one is cut", arguments: [0, 1])
    func limit(more: Int) throws {
        let text = "word " + String(repeating: "x", count: Snippet.bytes - 5 + more)
        let shown = try snippet("word", text)
        #expect(shown.utf8.count <= Snippet.bytes)
        #expect((shown == text) == (more == 0))
        #expect(shown.hasPrefix("word "))
        #expect(shown.hasSuffix("…") == (more == 1))
    }

    @Test("A match in the middle and at the end is shown with what surrounds it")
    func places() throws {
        let filler = String(repeating: "lorem ipsum ", count: 100)
        let middle = try snippet("needle", filler + "needle " + filler)
        #expect(middle.hasPrefix("…") && middle.hasSuffix("…") && middle.contains("needle"))
        #expect(middle.utf8.count > 200 && middle.utf8.count <= Snippet.bytes)
        let end = try snippet("needle", filler + "needle")
        #expect(end.hasPrefix("…") && end.hasSuffix("needle"))
        #expect(end.utf8.count > 200 && end.utf8.count <= Snippet.bytes)
    }

    @Test("No character is cut, however many bytes it has")
    func characters() throws {
        let family = "👩‍👩‍👧‍👦"
        let filler = String(repeating: family, count: 40)
        let shown = try snippet("needle", filler + " needle " + filler)
        #expect(shown.utf8.count <= Snippet.bytes)
        let others = shown.filter { $0 != "…" && $0 != " " && !$0.isASCII }
        #expect(others.allSatisfy { String($0) == family })
        #expect(shown.contains("needle"))
        let mountain = "a" + String(repeating: "\u{301}", count: 400)
        #expect(try snippet("a", mountain + " end").utf8.count <= Snippet.bytes)
    }
}
