internal import ArgumentParser
internal import DocketClient
internal import Foundation

/// The demo: what it plays, and the customer's program that it starts for one of its scenes.
@main
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docket-demo",
        abstract: "Play live chats and mails, with a server and clients that are killed.",
        discussion: "Ends with status 1 when anything that was said is lost, doubled or misplaced.",
        subcommands: [Play.self, Customer.self],
        defaultSubcommand: Play.self
    )
}

/// Plays real dialogues as live chats, kills the server in the middle of the second, then a client
/// that is offline, and at last the program by which mails come in and go out.
struct Play: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Play all scenes.")

    @Option(help: "The server's program.")
    var docketd: String

    @Option(help: "The program of the mail channel.")
    var bridge: String

    @Option(help: "The dialogues, a JSON file.")
    var dialogues: String

    @Option(help: "An empty folder for the server and the customer's profile.")
    var folder: String

    func run() async throws {
        let server = ServerProcess(program: docketd, folder: folder)
        try await server.start(listen: "127.0.0.1:0")
        defer { server.stop() }
        let address = try server.address()
        let saved = try SavedCredentials(contentsOf: server.credentialsPath)
        guard let credential = saved.agent else {
            throw ValidationError("the credentials have no agent")
        }
        let agent = try await DocketClient.connect(to: saved.server, as: credential)
        defer { agent.close() }
        for (index, dialogue) in try Dialogue.read(dialogues).enumerated() {
            Output.line("Dialogue \(dialogue.number)")
            let chat = Chat(dialogue: dialogue, server: saved.server, agent: agent)
            try await chat.play {
                guard index == 1 else { return }
                Output.line("  ** the server is killed (SIGKILL) and started again")
                server.kill()
                try await server.start(listen: address)
            }
            Output.line("  ** the history is what was said\n")
        }
        try await Offline(server: server, agent: agent, folder: folder).play()
        try await MailScene(
            program: bridge,
            folder: folder,
            credentials: server.credentialsPath,
            saved: saved,
            agent: agent
        ).play()
        Output.line("Nothing lost, nothing doubled, everything in order.")
    }
}
