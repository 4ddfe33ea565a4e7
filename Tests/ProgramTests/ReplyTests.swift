import ArgumentParser
import DocketClient
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

    @Test("An id that was used before may be that of the message itself")
    func reusedID() throws {
        let refusal = Refusal(reason: "key_reused", message: "", particulars: "")
        let error = DocketClientError(.refused, "", refusal: refusal)
        let id = MessageID()
        let signIn = ["--credentials", "FILE"]
        let again = try #require(
            try DocketCommand.parseAsRoot(["reply", "12", "Hi", "--id", "\(id)"] + signIn)
                as? ReplyCommand
        )
        let advice = try #require(again.advice(after: error, id))
        #expect(advice.contains("may be stored already"))
        #expect(advice.contains("docket show 12"))
        let first = try #require(
            try DocketCommand.parseAsRoot(["reply", "12", "Hi"] + signIn) as? ReplyCommand
        )
        #expect(first.advice(after: error, id) == nil)
        let unknown = DocketClientError(.outcomeUnknown, "")
        #expect(first.advice(after: unknown, id)?.contains("--id \(id)") == true)
    }
}
