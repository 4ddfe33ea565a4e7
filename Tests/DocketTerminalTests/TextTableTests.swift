import Testing

@testable import DocketTerminal

@Suite("Tables")
struct TextTableTests {
    private func table() -> TextTable {
        var table = TextTable(columns: [
            .init("No.", alignment: .trailing), .init("Contact"), .init("Subject"),
        ])
        table.append(["7", "Ana 漢字", "The printer prints blank pages"])
        table.append(["1042", "Bob", "Hello\nmore"])
        table.append(["3"])
        return table
    }

    @Test("Columns stand below each other, numbers to the right")
    func aligns() {
        let expected = [
            " No.  Contact   Subject",
            "   7  Ana 漢字  The printer prints blank pages",
            "1042  Bob       Hello…",
            "   3            ",
        ]
        #expect(table().lines(width: nil).map(\.plainText) == expected)
        #expect(table().lines(width: 200).map(\.plainText) == expected)
    }

    @Test("The widest column gives way first")
    func narrows() {
        let expected = [
            " No.  Contact   Subject",
            "   7  Ana 漢字  The print…",
            "1042  Bob       Hello…",
            "   3            ",
        ]
        #expect(table().lines(width: 26).map(\.plainText) == expected)
    }

    private let id = "0195f3a0-0000-7000-8000-000000000000"

    /// A table with something of every importance.
    private func keys() -> TextTable {
        var table = TextTable(columns: [
            .init("NAME"), .init("KIND", importance: .useful),
            .init("KEY ID", isWhole: true, importance: .key),
            .init("CREATED", isWhole: true, importance: .detail),
            .init("OWNER ID", isWhole: true),
        ])
        table.append([
            "The web shop of Blank", "integration (chat)", "f6e6bc14a0b1c2d3",
            "2026-11-28T10:00:00.000Z", "\(id)",
        ])
        return table
    }

    @Test(
        "What has to be typed is whole on any terminal",
        arguments: [1, 10, 16, 20, 40, 60, 80, 100, 200]
    )
    func keepsIDs(width: Int) {
        let lines = keys().lines(width: width).map(\.plainText)
        #expect(lines.allSatisfy { $0.contains("KEY ID") || $0.contains("f6e6bc14a0b1c2d3") })
        for words in lines.map({ $0.split(separator: " ") }) {
            #expect(!words.contains { $0.hasPrefix("0195") && $0 != id }, "\(words)")
            #expect(!words.contains { $0.hasPrefix("2026") && $0.hasSuffix("…") }, "\(words)")
        }
    }

    @Test("The least important columns are left out first, and text is shortened")
    func drops() {
        let titles = [200, 80, 60, 40, 10].map { keys().lines(width: $0)[0].plainText }
        let columns = titles.map {
            $0.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        }
        #expect(
            columns == [
                "NAME KIND KEY ID CREATED OWNER ID", "NAME KIND KEY ID OWNER ID",
                "NAME KEY ID OWNER ID", "NAME KEY ID", "KEY ID",
            ]
        )
        #expect(keys().lines(width: 60)[1].plainText.hasPrefix("T…") == false)
        #expect(keys().lines(width: 40)[1].plainText.hasPrefix("The web shop of Bla"))
    }

    @Test("No line of numbers and text is wider than the terminal", arguments: [5, 10, 16, 20, 40])
    func fits(width: Int) {
        #expect(table().lines(width: width).allSatisfy { $0.width <= width })
    }

    @Test("A table without columns or rows has one line of titles")
    func showsEmptyTables() {
        #expect(TextTable(columns: []).lines(width: 80).map(\.plainText) == [""])
        #expect(TextTable(columns: [.init("A")]).lines(width: 80).map(\.plainText) == ["A"])
    }
}
