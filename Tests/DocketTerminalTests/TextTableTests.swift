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

    @Test("No line is wider than the terminal", arguments: [1, 5, 10, 16, 20, 40, 80, 400])
    func fits(width: Int) {
        #expect(table().lines(width: width).allSatisfy { $0.width <= width })
    }

    @Test("A table without columns or rows has one line of titles")
    func showsEmptyTables() {
        #expect(TextTable(columns: []).lines(width: 80).map(\.plainText) == [""])
        #expect(TextTable(columns: [.init("A")]).lines(width: 80).map(\.plainText) == ["A"])
    }
}
