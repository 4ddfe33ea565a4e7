import DocketClient
import DocketTestSupport
import Foundation
import Testing

/// A desk, an agent at it, and a customer whose terminal a test looks at.
final class ChatStage {
    private static let profile = ".local/state/docket-chat/profiles/default"

    let folder: TestFolder
    let columns: Int
    private(set) var server: TestServer

    /// Starts a desk.
    ///
    /// - Parameter columns: How wide the customer's terminal is.
    /// - Throws: Where the server does not start.
    init(columns: Int) async throws {
        folder = try TestFolder()
        self.columns = columns
        server = try await TestServer.start(in: folder)
    }

    var credentials: String { folder("data/dev-credentials.json") }

    /// What the customer's profile keeps of what is being written; nil for nothing.
    var draft: String? {
        let drafts = folder("\(Self.profile)/drafts")
        let names = try? FileManager.default.contentsOfDirectory(atPath: drafts)
        return names?.first.flatMap { name in
            try? String(contentsOfFile: "\(drafts)/\(name)", encoding: .utf8)
        }
    }

    // MARK: The customer

    /// Signs the customer in as Ana.
    ///
    /// - Parameter address: Where the server is reached; nil for where it is.
    /// - Throws: Where the program cannot be run.
    func login(at address: String? = nil) async throws {
        let login = try await run(
            "login",
            "--credentials",
            credentials,
            "--server",
            address ?? server.address,
            "--name",
            "Ana"
        )
        #expect(login.status == 0, "\(login.log)")
    }

    /// Starts the customer's program at a terminal.
    func chat(
        _ arguments: [String] = [],
        environment: [String: String] = [:]
    ) async throws -> TerminalWindow {
        try await TerminalWindow(
            Program.built("docket-chat"),
            arguments,
            columns: columns,
            environment: environment,
            in: folder
        )
    }

    /// Runs the customer's program without a terminal.
    @discardableResult
    func run(
        _ arguments: String...,
        input: String = ""
    ) async throws -> (status: Int32, output: String, log: String) {
        let program = try Program(
            Program.built("docket-chat"),
            arguments,
            input: input,
            in: folder
        )
        let status = try await program.ended()
        return (status, program.output, program.log)
    }

    // MARK: The desk

    /// Ends the server as an operator does.
    func stop() async throws {
        #expect(try await server.stop() == 0)
    }

    /// Starts the server again where it was.
    func restart() async throws {
        server = try await TestServer.start(in: folder, listen: server.address)
    }

    /// Starts another desk where this one was, which knows nobody.
    func beginAnew() async throws {
        try await stop()
        for name in try FileManager.default.contentsOfDirectory(atPath: folder("data"))
        where name.hasPrefix("docket.") {
            folder.remove("data/\(name)")
        }
        try await restart()
    }

    /// Does something as an agent of the desk.
    func agent<Value>(
        _ body: (DocketClient) async throws -> Value
    ) async throws -> Value {
        let saved = try SavedCredentials(contentsOf: credentials)
        return try await DocketClient.withClient(
            to: saved.server,
            as: try #require(saved.agent),
            body
        )
    }

    /// The conversation of the customer's first request, as an agent has it.
    func conversation(of agent: DocketClient) async throws -> Conversation {
        agent.conversation(try await agent.requests.get(number: 1).conversationID)
    }

    // MARK: What is seen

    /// Compares a screen with the one under review for this width.
    func expect(
        _ name: String,
        _ shown: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let text = ScreenText(shown).text
        #expect(text.split(separator: "\n").count <= 24, sourceLocation: sourceLocation)
        try GoldenText("\(name)-\(columns).txt").expect(text, sourceLocation: sourceLocation)
    }
}
