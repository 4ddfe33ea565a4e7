import DocketClient
import Foundation
import Testing

@Suite("The README tells the truth")
struct ReadmeTests {
    /// The example as the README has it: that this compiles is half of the test.
    private func example(server: Server) async throws {
        let client = try await DocketClient.connect(to: server, as: .newGuest(name: "Ana"))
        let chat = try await client.openConversation(channel: "chat")
        let outcome = try await chat.post("It prints blank pages")
        print(outcome)
        for try await update in chat.updates() { print(update.content) }
    }

    @Test("The example of the README is the one that compiles here")
    func sameLines() throws {
        let here = URL(filePath: #filePath)
        let root = here.deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let readme = try String(
            contentsOf: root.appending(path: "ClientSDK/README.md"),
            encoding: .utf8
        )
        let source = try String(contentsOf: here, encoding: .utf8)
        let block = try #require(
            readme.components(separatedBy: "```swift\n").last?
                .components(separatedBy: "```").first
        )
        let lines = block.split(separator: "\n")
        #expect(lines.count == 5)
        for line in lines { #expect(source.contains("        \(line)\n"), "\(line)") }
    }
}
