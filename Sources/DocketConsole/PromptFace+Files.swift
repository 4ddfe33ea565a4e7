internal import DocketClient
internal import DocketCommandLine
internal import DocketTerminal

extension PromptFace {
    /// What may be typed to send and keep files; the session does it, which a command of a program
    /// does not know.
    static let fileCommands = [
        PromptCommand("/attach", help: "PATH sends a file") { _ in .tell([]) },
        PromptCommand("/save", help: "NUMBER [PATH] saves a file of the chat") { _ in .tell([]) },
    ]

    /// Does what a command asks to do with files; gives false where it is about something else.
    ///
    /// The prompt goes on meanwhile: a large file takes its time.
    func handleFiles(
        _ command: PromptCommand,
        _ argument: String,
        in session: ConversationSession
    ) throws -> Bool {
        guard Self.fileCommands.contains(where: { $0.name == command.name }) else { return false }
        guard !argument.isEmpty else {
            try tell(["Type: \(command.name) \(command.help.plainText)"])
            return true
        }
        if command.name == "/attach" {
            try tell(["Sending \(argument) …"])
            Task { await attach(argument, in: session) }
        } else {
            try save(argument, in: session)
        }
        return true
    }

    private func attach(_ path: String, in session: ConversationSession) async {
        do throws(CommandFailure) {
            // Success needs no words: the feed tells the message.
            try await session.attach(fileAt: path)
        } catch {
            tellLate(error.lines(program: "/attach"))
        }
    }

    private func save(_ argument: String, in session: ConversationSession) throws {
        let words = argument.split(separator: " ", maxSplits: 1)
        guard let number = words.first.flatMap({ Int($0) }), let file = file(number: number) else {
            return try tell(["There is no file with that number here."])
        }
        let path = words.count > 1 ? String(words[1]) : ""
        Task { await save(file, to: path, in: session) }
    }

    private func save(
        _ file: Message.Attachment,
        to path: String,
        in session: ConversationSession
    ) async {
        do throws(CommandFailure) {
            let place = try await session.save(file, to: path)
            tellLate(["Saved as \(place)"])
        } catch {
            tellLate(error.lines(program: "/save"))
        }
    }

    /// Tells what came of something that went on beside the prompt, unless the terminal is gone,
    /// which whoever reads it notices.
    private func tellLate(_ lines: [TerminalText]) {
        try? tell(lines)
    }
}
