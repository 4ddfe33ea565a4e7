import Foundation
import Testing

@testable import DocketCommandLine

@Suite("Files that a command line names are text, or refused by name")
struct LocalFileTests {
    private func text(of bytes: [UInt8]) throws -> String {
        let path = NSTemporaryDirectory() + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(bytes).write(to: URL(filePath: path))
        return try LocalFile.text(of: path, atMost: 64)
    }

    @Test("A byte order mark before the text is no part of it, and later ones are")
    func byteOrderMark() throws {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        #expect(try text(of: mark + Array("data: x".utf8)) == "data: x")
        #expect(try text(of: mark) == "")
        #expect(try text(of: Array("a".utf8) + mark).unicodeScalars.count == 2)
        #expect(try text(of: mark + mark).unicodeScalars.count == 1)
    }

    @Test("A file that is not UTF-8 is refused")
    func encoding() {
        for bytes in [[0x70, 0xE4], [0xFF, 0xFE, 0x61, 0x00]] as [[UInt8]] {
            do {
                _ = try text(of: bytes)
                Issue.record("\(bytes) was taken")
            } catch {
                #expect("\(error)".contains("is not UTF-8 text"))
            }
        }
    }

    @Test("A file that cannot be read is a failure of the file before anything is done")
    func unreadable() throws {
        let failure = try #require(throws: CommandFailure.self) {
            try LocalFile.check("/none/invoice.pdf")
        }
        #expect(failure.message == "cannot read /none/invoice.pdf: No such file or directory")
        #expect(failure.status == .localFile)
        try LocalFile.check("/dev/null")
    }
}
