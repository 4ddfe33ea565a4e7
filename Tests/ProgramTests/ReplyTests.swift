import ArgumentParser
import DocketCommandLine
import Testing

@testable import docket

@Suite("What is sent at once is what was meant")
struct ReplyTests {
    @Test("A text that begins with a slash is never sent, neither typed nor piped")
    func slashes() async throws {
        for text in ["/nots she is a pain", "/note she is in a hurry", " /x", "/"] {
            await #expect(throws: CommandFailure.self) { try await TextInput.text(text) }
            await #expect(throws: CommandFailure.self) {
                try await withInput(text + "\n") { try await TextInput.text(nil, from: $0) }
            }
        }
        for (written, text) in [("//dev/sda1 is full", "/dev/sda1 is full"), ("a\n/b", "a\n/b")] {
            #expect(try await TextInput.text(written) == text)
            let piped = try await withInput(written + "\n") { input in
                try await TextInput.text(nil, from: input)
            }
            #expect(piped == text)
        }
    }

    @Test("The helps of what sends a text say how to begin it with a slash")
    func helps() {
        for help in [ReplyCommand.configuration, NoteCommand.configuration].map(\.discussion) {
            #expect(help.contains("//"))
        }
    }
}
