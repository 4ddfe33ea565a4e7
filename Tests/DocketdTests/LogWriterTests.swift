import Foundation
import Logging
import Testing

@testable import docketd

@Suite("The log holds nobody up and ends nothing", .timeLimit(.minutes(5)))
struct LogWriterTests {
    @Test("A closed pipe costs lines, which are counted")
    func closedPipe() throws {
        let pipe = Pipe()
        let writer = LogWriter(to: pipe.fileHandleForWriting.fileDescriptor)
        try pipe.fileHandleForReading.close()
        var logger = Logger(label: "test") { JSONLogHandler(label: $0, writer: writer) }
        logger.logLevel = .trace
        for level in Logger.Level.allCases { logger.log(level: level, "nobody reads this") }
        writer.flush(atMost: .seconds(30))
        #expect(writer.droppedCount == UInt64(Logger.Level.allCases.count))
    }

    @Test("A full disk costs lines, which are counted")
    func fullDisk() throws {
        let file = try #require(FileHandle(forWritingAtPath: "/dev/full"))
        let writer = LogWriter(to: file.fileDescriptor)
        for _ in 0..<3 { writer.add(Data("a line\n".utf8)) }
        writer.flush(atMost: .seconds(30))
        #expect(writer.droppedCount == 3)
    }

    @Test("A pipe that nobody drains holds nobody up, and what was dropped is told afterwards")
    func stuckPipe() throws {
        let pipe = Pipe()
        // So much a pipe holds: with it there is no room for the first line yet.
        try pipe.fileHandleForWriting.write(contentsOf: Data(count: 65_536))
        let writer = LogWriter(
            to: pipe.fileHandleForWriting.fileDescriptor,
            longestQueue: 10_000
        )
        let line = Data((String(repeating: "x", count: 999) + "\n").utf8)
        let count = 1_000
        for _ in 0..<count { writer.add(line) }
        let dropped = Int(writer.droppedCount)
        #expect((count - 20...count - 10).contains(dropped))
        let notice = try #require(LogLine.dropped(UInt64(dropped)))
        let expected = 65_536 + (count - dropped) * line.count + notice.count
        var text = Data()
        while text.count < expected { text += pipe.fileHandleForReading.availableData }
        writer.flush(atMost: .seconds(30))
        #expect(writer.droppedCount == 0)
        let told = text.split(separator: UInt8(ascii: "\n")).compactMap {
            try? JSONDecoder().decode([String: String].self, from: $0)
        }
        #expect(told.map { $0["dropped"] } == ["\(dropped)"])
    }

    @Test("No line holds a control that a terminal would act on")
    func controls() throws {
        let harmful = "a\u{9B}b\u{7F}c\u{1B}[31m\u{202E}d\u{061C}\u{2028}e\nf"
        let line = try #require(LogLine.encode(["message": harmful]))
        let text = String(decoding: line.dropLast(), as: UTF8.self)
        #expect(
            text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.isASCII || $0 == "\u{FFFD}" }
        )
        let fields = try JSONDecoder().decode([String: String].self, from: line)
        #expect(fields["message"]?.hasSuffix("e\nf") == true)
    }

    @Test("A value is cut at its limit exactly")
    func cut() throws {
        for length in [LogLine.maximumValue, LogLine.maximumValue + 1] {
            let value = String(repeating: "x", count: length)
            let line = try #require(LogLine.encode(["message": value]))
            let fields = try JSONDecoder().decode([String: String].self, from: line)
            #expect(fields["message"]?.count == LogLine.maximumValue)
        }
    }
}
