import DocketClient
import DocketTransport
import Foundation
import Testing

/// A running server with a shipped policy in force, its command line, and clients of the library.
///
/// Everything goes the way that it goes for the people of the story: agents use `docket`, customers
/// and channels the client library, and all of it travels over TLS.
final class ScenarioDesk {
    private let folder: TestFolder
    private let server: TestServer
    private var clients: [DocketClient] = []

    /// Starts a server and applies a preset, with some of its words changed.
    init(_ preset: String, changing words: [(String, String)] = []) async throws {
        folder = try TestFolder()
        server = try await TestServer.start(in: folder)
        var text = try await Self.output(of: "policy", "show", "--preset", preset, in: folder)
        for (word, other) in words {
            try #require(text.contains(word), "the preset says: \(word)")
            text = text.replacingOccurrences(of: word, with: other)
        }
        try await docket("policy", "apply", folder.write(text, to: "policy.yaml"))
    }

    deinit {
        for client in clients { client.close() }
    }

    // MARK: Agents

    /// What `docket` prints for a command that has to succeed.
    private static func output(
        of arguments: String...,
        in folder: TestFolder
    ) async throws -> String {
        let program = try Program(Program.built("docket"), arguments, in: folder)
        let status = try await program.ended()
        guard status == 0 else {
            throw Program.Fault(description: "docket \(arguments): \(program.log)")
        }
        return program.output
    }

    private func run(
        _ arguments: [String],
        input: String = "",
        asJSON: Bool = true
    ) throws -> Program {
        let credentials = ["--credentials", folder("data/dev-credentials.json")]
        let all = arguments + (asJSON ? ["--json"] : []) + credentials
        return try Program(Program.built("docket"), all, input: input, in: folder)
    }

    /// Runs `docket` as an agent or administrator, and gives the JSON it prints.
    @discardableResult
    func docket(_ arguments: String...) async throws -> [JSONLine] {
        try await docket(arguments)
    }

    /// Runs `docket` as an agent or administrator, and gives the JSON it prints.
    @discardableResult
    func docket(_ arguments: [String], input: String = "") async throws -> [JSONLine] {
        let program = try run(arguments, input: input)
        let status = try await program.ended()
        guard status == 0 else {
            throw Program.Fault(description: "docket \(arguments): \(program.log)")
        }
        return try program.output.split(separator: "\n").map { try JSONLine(String($0)) }
    }

    /// Runs `docket` for a command that has to be refused, and gives what it says.
    func refusal(_ arguments: String...) async throws -> String {
        try await refusal(arguments)
    }

    /// Runs `docket` for a command that has to be refused, and gives what it says.
    func refusal(_ arguments: [String], input: String = "") async throws -> String {
        let program = try run(arguments, input: input)
        let status = try await program.ended()
        guard status != 0 else {
            throw Program.Fault(description: "docket \(arguments) was not refused")
        }
        return program.output + program.log
    }

    /// Runs `docket` for a command that may be done in part, and gives its JSON and its status.
    func partly(_ arguments: [String]) async throws -> (lines: [JSONLine], status: Int32) {
        let program = try run(arguments)
        let status = try await program.ended()
        let lines = try program.output.split(separator: "\n").map { try JSONLine(String($0)) }
        return (lines, status)
    }

    /// Says lines to the contact of a request, as an agent who answers it.
    func answer(_ number: UInt64, _ lines: String...) async throws {
        let input = lines.map { $0 + "\n" }.joined()
        try await docket(["answer", "\(number)"], input: input)
    }

    /// A request as `docket` shows it.
    func request(_ number: UInt64) async throws -> JSONLine {
        let shown = try await docket("show", "\(number)")
        return try #require(shown.first?["request"])
    }

    /// The card of a request and what was said, as a person reads them.
    func card(of number: UInt64) async throws -> String {
        let program = try run(["show", "\(number)"], asJSON: false)
        let status = try await program.ended()
        guard status == 0 else { throw Program.Fault(description: program.log) }
        return program.output
    }

    /// What was said in a request, in its order.
    func texts(of number: UInt64) async throws -> [String] {
        try await docket("request", "messages", "\(number)").compactMap { line in
            line["event"]?["message"]?.text("text")
        }
    }

    // MARK: Customers and channels

    /// Signs somebody in with the library.
    func client(as credential: Credential) async throws -> DocketClient {
        let saved = try SavedCredentials(contentsOf: folder("data/dev-credentials.json"))
        let client = try await DocketClient.connect(to: saved.server, as: credential)
        clients.append(client)
        return client
    }

    /// A customer with the chat client.
    func customer(_ name: String) async throws -> DocketClient {
        try await client(as: .newGuest(name: name))
    }

    /// The integration of a channel.
    func integration(of channel: String) async throws -> DocketClient {
        let made = try await docket("key", "create", channel, "--channel", channel)
        let key = try #require(made.first?.text("key"))
        return try await client(as: .apiKey(key))
    }
}

/// A JSON object that `docket` printed.
struct JSONLine: CustomStringConvertible {
    private let object: [String: Any]

    init(_ text: String) throws {
        let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
        object = try #require(value as? [String: Any])
    }

    private init(_ object: [String: Any]) { self.object = object }

    /// The object in a field.
    subscript(_ key: String) -> JSONLine? {
        (object[key] as? [String: Any]).map { JSONLine($0) }
    }

    /// The text in a field.
    func text(_ key: String) -> String? { object[key] as? String }
    /// The number in a field.
    func number(_ key: String) -> UInt64? { (object[key] as? NSNumber)?.uint64Value }
    /// The truth value in a field.
    func flag(_ key: String) -> Bool? { object[key] as? Bool }

    var description: String { "\(object)" }
}

extension Conversation {
    /// Says something that has to be stored, and gives the number of the request it went to.
    func say(
        _ text: String,
        continuing request: RequestID? = nil,
        title: String? = nil
    ) async throws -> UInt64 {
        switch try await post(text, continuing: request, title: title) {
        case .posted(let receipt): return receipt.requestNumber
        case .refused(let refusal): throw Program.Fault(description: "\(refusal)")
        }
    }

    /// What the contact finds in the conversation's history.
    func said() async throws -> [String] {
        try await history(.newest, limit: 200).events.compactMap { event in
            if case .messagePosted(let message) = event.fact { message.text } else { nil }
        }
    }
}
