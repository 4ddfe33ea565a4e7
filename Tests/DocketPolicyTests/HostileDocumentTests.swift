import DocketDomain
import DocketPolicy
import DocketTestSupport
import Testing

@Suite("Documents that mean harm")
struct HostileDocumentTests {
    private static let limit = 256 * 1_024

    private func problems(in text: String) -> [String] {
        do {
            _ = try PolicyDocument.parse(text)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test("A document of 256 KiB is read, and one of a byte more is refused before it is parsed")
    func size() throws {
        let text = PolicyDocument.defaultText
        let room = Self.limit - text.utf8.count
        let full = text + String(repeating: "#", count: room)
        #expect(try PolicyDocument.parse(full) == Policy.shippedDefault())
        #expect(problems(in: full + "#") == ["document: a policy has at most 262144 bytes"])
        #expect(throws: PolicyError.self) {
            try PolicyDocument.parse(bytes: Array((full + "#").utf8))
        }
    }

    @Test("Bytes that are no UTF-8 are refused")
    func encoding() throws {
        let good = Array(PolicyDocument.defaultText.utf8)
        #expect(try PolicyDocument.parse(bytes: good) == Policy.shippedDefault())
        for bad: [UInt8] in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82]] {
            let error = try #require(throws: PolicyError.self) {
                try PolicyDocument.parse(bytes: good + bad)
            }
            #expect(error.description == "document: a policy is text in UTF-8")
        }
    }

    @Test(
        "Anchors are refused wherever a node may begin",
        arguments: [
            "&a x", "a: &b x", "- &a", "[&a x]", "{&a x: y}", "? &a x", "a: [x, &b y]",
            "a: !!str &b x", "a:\n  &b\n  c: d", "\u{FEFF}&a x", "--- &a x", "a: x\r&b y",
            "a: x\u{85}&b c", "a: x\u{2028}&b c",
        ]
    )
    func anchors(text: String) {
        #expect(problems(in: text).first?.hasPrefix("document: a policy has no anchors") == true)
    }

    @Test(
        "A mark within a text is no anchor",
        arguments: ["Research & development", "Q&A", "you &me", "\\\"x\\\" & y", "Fish &\u{301}"]
    )
    func noAnchors(name: String) throws {
        let text = PolicyDocument.defaultText.replacing("name: Bridge", with: "name: \"\(name)\"")
        #expect(problems(in: text) == [])
    }

    @Test("A few bytes that stand for more than a machine holds are refused")
    func bomb() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...30 {
            let parts = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(parts)]\n"
        }
        #expect(problems(in: text) == ["document: a policy has no anchors and aliases: line 1"])
        #expect(problems(in: "kinds: *a").first?.contains("undefined alias") == true)
    }

    @Test(
        "Deep nesting is refused",
        arguments: [
            String(repeating: "[", count: 200_000),
            String(repeating: "{a: ", count: 60_000),
            String(repeating: "- ", count: 120_000),
            String(repeating: "? ", count: 120_000),
            String(repeating: "[", count: 900) + String(repeating: "]", count: 900),
            (0..<600).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n"),
        ]
    )
    func depth(text: String) {
        #expect(!problems(in: text).isEmpty)
    }

    @Test("A condition of 8 levels is read, and one of 9 is refused")
    func conditions() {
        let condition = { (levels: Int) in
            let inner =
                String(repeating: "{all: [", count: levels - 1)
                + "{field: kind, is: chat}" + String(repeating: "]}", count: levels - 1)
            return PolicyDocument.defaultText.replacing(
                "  - on: assigned\n",
                with: "  - on: assigned\n    when: \(inner)\n"
            )
        }
        #expect(problems(in: condition(8)) == [])
        let path = "transitions[0].when" + String(repeating: ".all[0]", count: 8)
        #expect(problems(in: condition(9)) == ["\(path): is deeper than 8"])
        #expect(problems(in: condition(300)) == ["\(path): is deeper than 8"])
    }

    @Test("A field that is given twice is refused with its line")
    func duplicates() {
        let text = PolicyDocument.defaultText.replacing("name: Bridge", with: "key: bridge")
        #expect(problems(in: text).count == 1)
        #expect(problems(in: text).first?.hasSuffix("given twice: key") == true)
        let quoted = PolicyDocument.defaultText.replacing("name: Bridge", with: "\"key\": bridge")
        #expect(!problems(in: quoted).isEmpty)
    }

    @Test("Lists and texts are read at their limits, and refused one beyond")
    func limits() {
        let text = PolicyDocument.defaultText
        let named = { (count: Int) in
            text.replacing("name: Bridge", with: "name: " + String(repeating: "é", count: count))
        }
        #expect(problems(in: named(64)) == [])
        #expect(
            problems(in: named(65)) == [
                "channels[1].name: must be a text; allowed: 1 to 128 bytes without control characters"
            ]
        )
        let prioritised = { (count: Int) in
            let extra = (0..<count - 4).map { "  - {key: p\($0), name: p}\n" }.joined()
            return text.hasSuffix("\n") ? text + extra : text + "\n" + extra
        }
        #expect(problems(in: prioritised(64)) == [])
        #expect(problems(in: prioritised(65)) == ["priorities: must have 0 to 64 elements"])
    }

    @Test("Whatever bytes a document is changed in, it is read or refused")
    func mutations() throws {
        var random = SeededRandom()
        let documents = PolicyDocument.presets.map { Array($0.text.utf8) }
        for _ in 0..<600 {
            var bytes = documents.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = .random(in: .min ... .max, using: &random)
                case 1: bytes.remove(at: place)
                default:
                    bytes.insert(
                        contentsOf: Array("&*[]{}:-?!|>'\"#%@\n\t ".utf8)
                            .shuffled(using: &random).prefix(2),
                        at: place
                    )
                }
            }
            guard let policy = try? PolicyDocument.parse(bytes: bytes) else { continue }
            let again = try PolicyDocument.parse(PolicyDocument.text(of: policy))
            #expect(again == policy, "\(random.replay)")
        }
    }
}
