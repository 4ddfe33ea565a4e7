import DocketCommandLine
import Foundation
import Testing

@testable import docket

@Suite("A password is taken by one rule, wherever it comes from")
struct PasswordFileTests {
    /// Gives bytes as a file, for as long as something is read.
    private func withFile<Result>(
        _ text: String,
        _ read: (String) async throws -> Result
    ) async throws -> Result {
        let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try Data(text.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try await read(file.path)
    }

    @Test(
        "A password is the first line up to LF, of a file as of standard input",
        arguments: [
            ("secret99\n", "secret99"), ("secret99", "secret99"), ("secret99\r\nb", "secret99"),
            ("a\u{85}b\nc", "a\u{85}b"), ("a\u{2028}b\n", "a\u{2028}b"),
            ("a\rb\n", "a\rb"), (" secret99 \n", " secret99 "), ("\u{FEFF}secret99\n", "secret99"),
        ]
    )
    func password(text: String, password: String) async throws {
        let typed = try await withInput(text) { try await PasswordFile.read("-", from: $0) }
        let stored = try await withFile(text) { try await PasswordFile.read($0) }
        #expect(Array(typed.utf8) == Array(password.utf8))
        #expect(Array(stored.utf8) == Array(password.utf8))
    }

    @Test(
        "An empty first line is no password, whatever follows",
        arguments: ["", "\n", "\nsecret99\n", "\r\nsecret99", "\u{FEFF}\nsecret99"]
    )
    func noPassword(text: String) async throws {
        await #expect(throws: CommandFailure.self) {
            try await withInput(text) { try await PasswordFile.read("-", from: $0) }
        }
        await #expect(throws: CommandFailure.self) {
            try await withFile(text) { try await PasswordFile.read($0) }
        }
    }
}
