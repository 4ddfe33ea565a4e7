import DocketTestSupport
import Foundation
import Testing

@testable import docket_ticket_push

@Suite("Rows come from CSV and from lines of JSON")
struct RowReaderTests {
    private func rows(
        _ text: [UInt8],
        _ format: InputFormat? = nil,
        chunk: Int = .max
    ) throws(InputFault) -> [Row] {
        var reader = RowReader(format)
        var rows: [Row] = []
        var rest = text[...]
        while !rest.isEmpty {
            rows += try reader.read(Array(rest.prefix(chunk))).compactMap(\.row)
            rest = rest.dropFirst(chunk)
        }
        return rows + (try reader.finish()).compactMap(\.row)
    }

    private func rows(
        _ text: String,
        _ format: InputFormat? = nil,
        chunk: Int = .max
    ) throws(InputFault) -> [Row] {
        try rows(Array(text.utf8), format, chunk: chunk)
    }

    @Test(
        "A header names the columns, behind a byte order mark or not",
        arguments: ["", "\u{FEFF}"]
    )
    func header(_ mark: String) throws {
        let found = try rows(mark + "key, text \n1,\n,b\n")
        #expect(
            found.map(\.content) == [.success(["key": .text("1")]), .success(["text": .text("b")])]
        )
        #expect(found.map(\.line) == [2, 3])
    }

    @Test("Wherever the bytes are cut, the rows are the same", arguments: 1...5)
    func cut(_ chunk: Int) throws {
        for text in ["\u{FEFF}key\nä\n", "{\"key\":\"ä\"}\n\n{}", "a", "{", ""] {
            #expect(try rows(text, chunk: chunk) == rows(text))
        }
    }

    @Test("A row with another number of fields, or with bytes that are no text, is told")
    func badRows() throws {
        let found = try rows(
            Array("a,b\n1\n1,2,3\n".utf8) + [0xFF, 0x2C, 0x31, 0x0A] + Array("1,2".utf8)
        )
        #expect(
            found.map(\.content) == [
                .failure(.fieldCount(1, header: 2)), .failure(.fieldCount(3, header: 2)),
                .failure(.notUTF8(column: "a")), .success(["a": .text("1"), "b": .text("2")]),
            ]
        )
    }

    @Test("What has no usable header is refused as a whole")
    func badHeaders() {
        #expect(throws: InputFault.otherEncoding) { try rows([0xFF, 0xFE, 0x6B, 0x00]) }
        #expect(throws: InputFault.otherEncoding) { try rows([0x00, 0x00, 0xFE, 0xFF]) }
        #expect(throws: InputFault.sameColumn("a")) { try rows("a,b,a\n") }
        #expect(throws: InputFault.badHeader(.openQuote(line: 1))) { try rows("a,\"b\n") }
        #expect(throws: InputFault.badHeader(.strayQuote)) { try rows("a\"b\n1\n") }
        let wide = String(repeating: "x,", count: 99_999) + "x\n"
        #expect(throws: InputFault.tooManyColumns(100_000)) { try rows(wide) }
        let long = String(repeating: "x", count: Row.longest + 1)
        #expect(throws: InputFault.badHeader(.tooLong(quoteLine: nil))) { try rows(long + "\n") }
    }

    @Test("A line of JSON holds texts, numbers, flags and lists, and fields in an object")
    func json() throws {
        let line =
            #"{"key":8841,"text":"a\nb","none":null,"empty":"","fields":{"f":true,"w":["x"]}}"#
        let found = try rows(line + "\r\n")
        let cells: [String: Cell] = [
            "key": .integer(8841), "text": .text("a\nb"), "field.f": .flag(true),
            "field.w": .words(["x"]),
        ]
        #expect(found.map(\.content) == [.success(cells)])
        #expect(found[0].bytes == Array((line + "\r\n").utf8))
    }

    @Test(
        "A line that is no object spoils nothing but itself",
        arguments: [
            "[1]", "{", "7", #"{"a":1.5}"#, #"{"a":{"b":1}}"#, "{\"a\":\u{0}}", #"{"a":[1]}"#,
        ]
    )
    func badLines(_ line: String) throws {
        let found = try rows(line + "\n{}\n", .json)
        #expect(found.map(\.content) == [.failure(.notAnObject), .success([:])])
        #expect(found.map(\.line) == [1, 2])
    }

    @Test(
        "A line that names something twice is refused, since nobody can tell which is meant",
        arguments: [
            #"{"key":"k1","key":"k2"}"#, #"{"a":"x: \" :","a":null}"#,
            #"{"fields":{"f":1,"f":2}}"#,
        ]
    )
    func repeatedNames(_ line: String) throws {
        let found = try rows(line + "\n" + #"{"a\":b":"c: \\","d":["e:f"]}"# + "\n", .json)
        #expect(
            found.map(\.content) == [
                .failure(.repeatedName),
                .success(["a\":b": .text("c: \\"), "d": .words(["e:f"])]),
            ]
        )
    }

    @Test("A long line of JSON is passed over, and bytes that are no text are told")
    func longLines() throws {
        let long = Array("{\"a\":\"".utf8) + [UInt8](repeating: 0x78, count: 10_000_000)
        let found = try rows(long + [0x0A, 0xC3, 0x28, 0x0A] + Array("{}".utf8), .json)
        #expect(
            found.map(\.content) == [
                .failure(.tooLong(quoteLine: nil)), .failure(.notUTF8(column: "the line")),
                .success([:]),
            ]
        )
        #expect(found[0].bytes.isEmpty)
    }

    @Test("Random bytes are read to their end, whatever the chunks, and no row loses a byte")
    func random() throws {
        var random = SeededRandom()
        let alphabet = Array("\",\n\r\na{}:1 ".utf8) + [0, 0xC3, 0xA9, 0xFF]
        for _ in 0..<2_000 {
            let format = InputFormat.allCases.randomElement(using: &random)
            let count = Int.random(in: 0...60, using: &random)
            let bytes =
                Array("k\n".utf8)
                + (0..<count).compactMap { _ in alphabet.randomElement(using: &random) }
            let whole = try rows(bytes, format)
            let chunk = Int.random(in: 1...7, using: &random)
            #expect(try rows(bytes, format, chunk: chunk) == whole, "\(random.replay)")
            // What is between the rows is empty lines, and nothing else.
            var rest = bytes[...]
            for row in whole {
                let place = try #require(rest.firstRange(of: row.bytes), "\(random.replay)")
                rest = rest[place.upperBound...]
            }
        }
    }
}
