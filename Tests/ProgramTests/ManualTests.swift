import ArgumentParser
import Foundation
import Testing

@testable import docket
@testable import docket_channel_bridge
@testable import docket_chat
@testable import docket_ticket_push

@Suite("The manual and the completions know every command")
struct ManualTests {
    /// A program whose pages are in the manual.
    enum Program: String, CaseIterable {
        case docket
        case chat = "docket-chat"
        case push = "docket-ticket-push"
        case bridge = "docket-channel-bridge"

        var root: any ParsableCommand.Type {
            switch self {
            case .docket: DocketCommand.self
            case .chat: ChatCommand.self
            case .push: TicketPushCommand.self
            case .bridge: BridgeCommand.self
            }
        }
    }

    private struct Help: Decodable {
        struct Command: Decodable {
            let commandName: String
            let subcommands: [Command]?
            let arguments: [Argument]?
        }
        struct Argument: Decodable {
            let names: [Name]?
            let shouldDisplay: Bool
        }
        struct Name: Decodable {
            let kind: String
            let name: String
        }
        let command: Command
    }

    private static let pages = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Documentation/man")

    private func page(_ name: String) throws -> String {
        try String(contentsOf: Self.pages.appending(path: name), encoding: .utf8)
    }

    /// The lines that a command and those below it have in the page.
    private func expected(_ command: Help.Command, path: String) -> [String] {
        var lines: [String] = []
        for argument in command.arguments ?? [] where argument.shouldDisplay {
            for name in argument.names ?? [] where name.kind == "long" && name.name != "help" {
                lines.append("\\fB\(Self.escaped("--" + name.name))\\fR")
            }
        }
        for child in command.subcommands ?? [] where child.commandName != "help" {
            let words = "\(path) \(child.commandName)"
            lines.append(".SS \"\(Self.escaped(words))\"")
            lines += expected(child, path: words)
        }
        return lines
    }

    /// A text as troff takes it.
    private static func escaped(_ text: String) -> String { text.replacing("-", with: "\\-") }

    @Test("A page names every command and every option", arguments: Program.allCases)
    func commands(of program: Program) throws {
        let told = Data(program.root._dumpHelp().utf8)
        let help = try JSONDecoder().decode(Help.self, from: told)
        let lines = expected(help.command, path: program.rawValue)
        #expect(lines.count > 20)
        let page = try page("\(program.rawValue).1")
        let missing = lines.filter { !page.contains($0) }
        #expect(missing.isEmpty, "make it anew: /usr/bin/python3 Scripts/make_man_pages.py")
    }

    @Test("The page of profiles names the files that there are")
    func profile() throws {
        let page = try page("docket-profile.5").replacing("\\-", with: "-")
        for name in [
            "account.json", "state.sqlite", "drafts/", "engine.lock", "engine.sock", "default",
            "DOCKET_PROFILE", "XDG_STATE_HOME", "--profile",
        ] {
            #expect(page.contains(name), "\(name)")
        }
    }

    @Test("There are completions for three shells", arguments: Program.allCases)
    func completions(of program: Program) {
        for shell in [CompletionShell.bash, .zsh, .fish] {
            let script = program.root.completionScript(for: shell)
            for command in program.root.configuration.subcommands {
                #expect(script.contains(command._commandName), "\(shell): \(command)")
            }
        }
    }
}
