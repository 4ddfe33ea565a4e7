import DocketRPC
import Foundation
import Testing

/// An error without a description of its own, whose text would be Swift's.
private enum Silent: Error {
    case invalidServerName(String)
}

/// An error that describes itself.
private struct Spoken: Error, CustomStringConvertible {
    let description = "the door is shut"
}

@Suite("Errors of libraries reach people in words")
struct ErrorTextTests {
    private static let errors: [any Error] = [
        CocoaError(.fileWriteUnknown), CocoaError(.fileNoSuchFile),
        CocoaError(.fileWriteOutOfSpace),
        POSIXError(.ENOSPC), NSError(domain: NSCocoaErrorDomain, code: 512),
        NSError(domain: NSPOSIXErrorDomain, code: 28), Silent.invalidServerName("a b"),
        CancellationError(), URLError(.badURL),
        DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "x")),
    ]

    @Test("No text names a class, a domain or a case of somebody's source")
    func words() {
        for error in Self.errors {
            let text = ErrorText.words(for: error)
            for word in ["Error", "NS", "Domain", "(", "Code=", "invalidServerName"] {
                #expect(!text.contains(word), "\(text)")
            }
            #expect(!text.isEmpty)
        }
    }

    @Test("A file's failure names the file and what the system says of it")
    func files() throws {
        do {
            try FileManager.default.createDirectory(
                atPath: "/proc/none/folder",
                withIntermediateDirectories: false
            )
            Issue.record("a folder was made in /proc")
        } catch {
            let text = ErrorText.words(for: error)
            #expect(text.hasSuffix("no such file or directory"), "\(text)")
            #expect(text.hasPrefix("/proc/none"), "\(text)")
        }
    }

    @Test("An error of this project says what it says of itself")
    func own() {
        #expect(ErrorText.words(for: Spoken()) == "the door is shut")
        #expect(ErrorText.words(for: RPCError(.notFound, "not found")) == "not found")
    }
}
