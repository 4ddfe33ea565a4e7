import Foundation
import Testing

@testable import docket_ticket_push

@Suite("CSV is read as RFC 4180 has it, and what is wrong stays in its row")
struct CSVReaderTests {
    private func records(_ text: [UInt8], chunk: Int = .max) -> [CSVReader.Record] {
        var reader = CSVReader()
        var records: [CSVReader.Record] = []
        var rest = text[...]
        while !rest.isEmpty {
            records += reader.read(rest.prefix(chunk)).compactMap(\.row)
            rest = rest.dropFirst(chunk)
        }
        if let last = reader.finish() { records.append(last) }
        return records
    }

    private func records(_ text: String, chunk: Int = .max) -> [CSVReader.Record] {
        records(Array(text.utf8), chunk: chunk)
    }

    private func texts(_ record: CSVReader.Record) throws -> [String] {
        try record.fields.get().map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("Quotes, separators and line ends stand in quoted fields")
    func quoted() throws {
        let found = records("a,\"b,\"\"c\"\"\r\nd\",\r\n\"\",e\n")
        #expect(try found.map(texts) == [["a", "b,\"c\"\r\nd", ""], ["", "e"]])
        #expect(found.map(\.line) == [1, 3])
        #expect(found.map(\.count) == [3, 2])
        #expect(found[1].bytes == Array("\"\",e\n".utf8))
    }

    @Test("Wherever the bytes are cut, the records are the same", arguments: 1...9)
    func cut(_ chunk: Int) {
        let text = "k,t\r\n1,\"a\"\"b\r\n,c\"\r\n\r\n2,\"open\" x\n3,é\n\"4\",last"
        #expect(records(text, chunk: chunk) == records(text))
        #expect(records(text).count == 5)
    }

    @Test("Empty lines are no records, and the last line needs no end")
    func blank() throws {
        #expect(try records("\n\r\na\n\n b").map(texts) == [["a"], [" b"]])
        #expect(records("\n\r\na\n\n b").map(\.line) == [3, 5])
        #expect(records("").isEmpty && records("\r\n").isEmpty)
        #expect(try records("\"\"\n").map(texts) == [[""]])
    }

    @Test("A stray quote spoils its row alone")
    func stray() throws {
        let found = records("a\"b,c\n\"d\"e,f\ng,h\n")
        #expect(found[0].fields == .failure(.strayQuote))
        #expect(found[1].fields == .failure(.strayQuote))
        #expect(try texts(found[2]) == ["g", "h"])
    }

    @Test("A quote that is never closed is told with the lines of its row, and its own")
    func open() {
        let found = records("a\n\"x\ny\",\"c\nd\ne\n")
        #expect(found.count == 2)
        #expect(found[1].line == 2 && found[1].lastLine == 5)
        #expect(found[1].fields == .failure(.openQuote(line: 3)))
    }

    @Test("A row of 10 MB is given away in pieces, and the next one is read")
    func long() throws {
        var reader = CSVReader()
        var portions = reader.read("a\nb,\"".utf8)
        let chunk = Array(repeatElement("x", count: 65_535).joined().utf8) + [UInt8(ascii: "\n")]
        for _ in 0..<160 { portions += reader.read(chunk) }
        #expect(portions.compactMap(\.row).count == 1 && reader.isInsideRecord)
        let largest = try #require(portions.compactMap(\.piece).map(\.count).max())
        #expect(largest <= Row.longest + chunk.count)
        portions += reader.read("\"\nb,c\n".utf8)
        let found = portions.compactMap(\.row)
        #expect(found[1].fields == .failure(.tooLong(quoteLine: 2)))
        #expect(found[1].bytes.isEmpty && found[1].line == 2 && found[1].lastLine == 162)
        #expect(try texts(found[2]) == ["b", "c"])
        #expect(found[2].line == 163)
        let row = Array("b,\"".utf8) + repeatElement(chunk, count: 160).joined()
        #expect(portions.compactMap(\.piece).flatMap(\.self) == row + Array("\"\n".utf8))
    }

    @Test("Rows that a quote has taken into its own are never taken for rows")
    func swallowed() throws {
        var text = "a,\"b\n"
        for number in 1...60_000 { text += "\(number),a row of some kind\n" }
        let found = records(text + "c,\"d\"\ne,f\n", chunk: 65_536)
        #expect(found.count == 2)
        #expect(found[0].fields == .failure(.tooLong(quoteLine: 1)))
        #expect(found[0].line == 1 && found[0].lastLine == 60_002)
        #expect(try texts(found[1]) == ["e", "f"])
    }

    @Test("Of 100,000 fields all are counted and few are kept")
    func wide() throws {
        let found = records(String(repeating: "x,", count: 99_999) + "x\n1\n")
        #expect(found.map(\.count) == [100_000, 1])
        #expect(try found[0].fields.get().count == CSVReader.mostFields)
    }
}

extension Portion {
    /// The row that has ended here; nil for a piece of one.
    var row: Content? {
        if case .row(let row) = self { row } else { nil }
    }

    /// The piece of a row; nil for one that has ended.
    var piece: [UInt8]? {
        if case .piece(let bytes) = self { bytes } else { nil }
    }
}
