import ArgumentParser
import DocketDomain
import DocketPolicy
import Foundation
import Testing

@testable import docket
@testable import docket_chat
@testable import docket_ticket_push
@testable import docketd

/// A program and the command at its root.
private enum Program: String, CaseIterable {
    case docket
    case chat = "docket-chat"
    case push = "docket-ticket-push"
    case server = "docketd"

    var root: any ParsableCommand.Type {
        switch self {
        case .docket: DocketCommand.self
        case .chat: ChatCommand.self
        case .push: TicketPushCommand.self
        case .server: Docketd.self
        }
    }
}

/// A command line that a page shows.
private struct Example {
    /// What stands for something of the reader's, and what the reader might write there.
    private static let placeholders = [
        "HOST:PORT": "desk.example:7443", "CURSOR": "0102030405060708-12", "NUMBER": "12",
        "ID": "0195f3a0-0000-7000-8000-000000000000",
    ]

    let program: Program
    let arguments: [String]

    /// Finds the command in a line: behind a pipe, before a comment, without white space.
    init?(_ line: Substring) {
        let uncommented = line.components(separatedBy: " # ").first ?? ""
        let command = uncommented.components(separatedBy: "|").last ?? ""
        let words = Self.words(of: command)
        guard let first = words.first, let program = Program(rawValue: first) else { return nil }
        self.program = program
        arguments = words.dropFirst().map { Self.placeholders[$0] ?? $0 }
    }

    /// The words as a shell has them; a quoted text is one.
    private static func words(of command: String) -> [String] {
        let parts = command.components(separatedBy: "\"")
        return parts.enumerated().flatMap { index, part in
            index.isMultiple(of: 2) ? part.split(separator: " ").map(String.init) : [part]
        }
    }

    /// What stands behind an option.
    func value(of option: String) -> String? {
        let index = arguments.firstIndex(of: option)
        return index.flatMap { arguments.dropFirst($0 + 1).first }
    }
}

@Suite("What the helps and the pages show can be typed as it stands")
struct HelpTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private func page(_ path: String) throws -> String {
        try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
    }

    /// The help of a program and of all its commands.
    private func helps(of program: Program) -> [String] {
        let commands = program.root.configuration.subcommands.flatMap {
            [$0] + $0.configuration.subcommands
        }
        return ([program.root] + commands).map { $0.configuration.discussion }
    }

    private func examples(in text: String) -> [Example] {
        text.split(separator: "\n").compactMap(Example.init)
    }

    private func expectUsable(_ example: Example) throws {
        // Help ends the reading of a command line before it is complete.
        if example.arguments.contains("--help") { return }
        _ = try example.program.root.parseAsRoot(example.arguments)
        if let key = example.value(of: "--status") {
            let policy = try Policy.shippedDefault()
            #expect(policy.statuses.contains { $0.key == key }, "no status is '\(key)'")
        }
    }

    @Test("Every example of a help is a command line that the program takes")
    func helps() throws {
        var counts: [Program: Int] = [:]
        for program in Program.allCases {
            for example in helps(of: program).flatMap(examples) {
                counts[example.program, default: 0] += 1
                try expectUsable(example)
            }
        }
        #expect(counts[.docket, default: 0] >= 3)
        #expect(counts[.chat, default: 0] >= 3)
        #expect(counts[.push, default: 0] >= 3)
    }

    @Test("No help is wider than a terminal of eighty columns")
    func widths() {
        for line in Program.allCases.flatMap({ helps(of: $0) }).flatMap({
            $0.split(separator: "\n")
        }) {
            #expect(line.count <= 80, "\(line)")
        }
    }

    @Test("The help of the server names every setting")
    func settings() throws {
        var configuration = ServerConfiguration()
        do throws(ServerConfiguration.Fault) {
            try configuration.read(yaml: "none: 1", file: "docket.yaml")
            Issue.record("an unknown setting was taken")
        } catch {
            let names = error.description.components(separatedBy: "there are ").last ?? ""
            let help = ServeCommand.configuration.discussion
            for name in names.components(separatedBy: ", ") { #expect(help.contains(name)) }
        }
    }

    @Test("Every command of the README is one that the program takes")
    func readme() throws {
        let examples = examples(in: try page("README.md"))
        #expect(examples.count >= 6)
        for example in examples { try expectUsable(example) }
    }

    @Test("Where a port is shown, it is the one that the server listens on by default")
    func ports() throws {
        let listen = ServerConfiguration().listen
        let port = try #require(listen.split(separator: ":").last)
        var texts = Program.allCases.flatMap { helps(of: $0) }
        texts += [try page("README.md"), try page("ClientSDK/README.md")]
        var count = 0
        for text in texts {
            for match in text.matches(of: /(?:[a-z0-9]:|port: )([0-9]{4,5})\b/) {
                #expect(match.1 == port)
                count += 1
            }
        }
        #expect(count >= 3)
    }
}
