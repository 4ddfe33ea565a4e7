import DocketClient
import DocketTesting
import Foundation
import Testing

@Suite("The README of the test kit tells the truth", .timeLimit(.minutes(5)))
struct ReadmeTests {
    @Test("Its listing runs")
    func listing() async throws {
        let server = ModelServer()
        let client = try server.client(as: .newGuest(name: "Ana"))
        let chat = try await client.openConversation(channel: "chat")
        server.network.loseReplies(of: .post)
        let outcome = try await server.clock.run { try await chat.post("It prints blank pages") }
        try server.answer("Have you tried another cable?", in: chat.id, as: "Bo")
        print(outcome, server.messages(of: chat.id))
        client.close()
        let texts = server.messages(of: chat.id).map(\.text)
        #expect(texts == ["It prints blank pages", "Have you tried another cable?"])
        #expect(server.callCount(of: .post) == 2)
    }

    @Test("Its listing is the one that runs here")
    func sameLines() throws {
        let here = URL(filePath: #filePath)
        let root = here.deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let readme = try String(
            contentsOf: root.appending(path: "ClientSDK/Testing/README.md"),
            encoding: .utf8
        )
        let source = try String(contentsOf: here, encoding: .utf8)
        let blocks = readme.components(separatedBy: "```swift\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
        let lines = blocks.flatMap { $0.split(separator: "\n") }
        #expect(lines.count == 8)
        for line in lines { #expect(source.contains("        \(line)\n"), "\(line)") }
    }
}
