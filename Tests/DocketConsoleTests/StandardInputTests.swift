import Foundation
import Testing

@testable import DocketConsole

@Suite("Lines come one by one", .timeLimit(.minutes(5)))
struct StandardInputTests {
    private func lines(of bytes: [UInt8]) async throws -> [String] {
        let pipe = Pipe()
        let writing = pipe.fileHandleForWriting
        let feeding = Task.detached {
            try writing.write(contentsOf: Data(bytes))
            try writing.close()
        }
        let input = StandardInput(descriptor: pipe.fileHandleForReading.fileDescriptor)
        var lines: [String] = []
        while let line = try await input.line() { lines.append(line) }
        try await feeding.value
        return lines
    }

    @Test("The last line may lack its end, and ends of both kinds are taken off")
    func ends() async throws {
        #expect(try await lines(of: Array("a\r\n\nb\nc".utf8)) == ["a", "", "b", "c"])
        #expect(try await lines(of: []) == [])
        #expect(try await lines(of: Array("a\n".utf8)) == ["a"])
    }

    @Test("The first line ends with LF and with nothing else")
    func firstLine() {
        for (text, line) in [
            ("a\r\nb", "a"), ("a\nb", "a"), ("\na", ""), ("", ""), ("\r\na", ""), ("a\rb", "a\rb"),
            ("a\u{85}b\n", "a\u{85}b"), ("a\u{2028}b", "a\u{2028}b"),
            ("a\u{B}\u{C}", "a\u{B}\u{C}"),
        ] {
            let bytes = StandardInput.firstLine(of: Array(text.utf8)[...])
            #expect(Array(bytes) == Array(line.utf8), "\(text)")
        }
    }

    @Test("A whole input has line ends of one kind, and none behind its last line")
    func whole() async throws {
        for (bytes, text) in [
            ("hi\r\n", "hi"), ("hi\n", "hi"), ("hi", "hi"), ("a\r\nb\r\n", "a\nb"),
            ("a\n\n", "a\n"), ("a\rb", "a\rb"), ("", ""), ("é\r\n", "é"),
        ] {
            let pipe = Pipe()
            try pipe.fileHandleForWriting.write(contentsOf: Data(bytes.utf8))
            try pipe.fileHandleForWriting.close()
            let input = StandardInput(descriptor: pipe.fileHandleForReading.fileDescriptor)
            #expect(try await input.rest() == text)
        }
    }

    @Test(
        "Bytes that are not UTF-8 are refused and never replaced",
        arguments: [
            [0x70, 0xE4, 0x73, 0x73], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x80],
            [0xF4, 0x90, 0x80, 0x80],
        ] as [[UInt8]]
    )
    func encoding(_ bytes: [UInt8]) async throws {
        await #expect(throws: StandardInput.Fault.notUTF8) {
            try await lines(of: bytes + [UInt8(ascii: "\n")])
        }
        await #expect(throws: StandardInput.Fault.notUTF8) { try await lines(of: bytes) }
    }

    @Test("A line of the longest length is taken, one more byte is refused")
    func longest() async throws {
        let longest = [UInt8](repeating: UInt8(ascii: "x"), count: StandardInput.longestLine)
        #expect(try await lines(of: longest + Array("\ny".utf8)).count == 2)
        await #expect(throws: StandardInput.Fault.lineTooLong) {
            _ = try await lines(of: longest + Array("x\n".utf8))
        }
    }

    @Test("Whoever goes on behind a line that cannot be taken gets the next one")
    func passedOver() async throws {
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: 3 * StandardInput.longestLine)
        let pipe = Pipe()
        let writing = pipe.fileHandleForWriting
        let feeding = Task.detached {
            let bytes =
                Array("a\n".utf8) + long + Array("\nb\n".utf8) + [0xFF] + Array("\nc\n".utf8)
            try writing.write(contentsOf: Data(bytes + long))
            try writing.close()
        }
        let input = StandardInput(descriptor: pipe.fileHandleForReading.fileDescriptor)
        var read: [String] = []
        while true {
            do throws(StandardInput.Fault) {
                guard let line = try await input.line() else { break }
                read.append(line)
            } catch {
                read.append("\(error)")
            }
        }
        try await feeding.value
        #expect(read == ["a", "lineTooLong", "b", "notUTF8", "c", "lineTooLong"])
    }

    @Test("A cancelled reader gets the end though nothing comes")
    func cancelled() async throws {
        let pipe = Pipe()
        let input = StandardInput(descriptor: pipe.fileHandleForReading.fileDescriptor)
        let reading = Task { try await input.line() }
        reading.cancel()
        #expect(try await reading.value == nil)
        try pipe.fileHandleForWriting.close()
    }
}
