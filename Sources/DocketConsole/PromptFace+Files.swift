internal import DocketClient
internal import DocketCommandLine
internal import DocketTerminal

extension PromptFace {
    /// What may be typed to send and keep files; the session does it, which a command of a program
    /// does not know.
    static let fileCommands = [
        PromptCommand("/file", help: "PATH sends a file") { _ in .tell([]) },
        PromptCommand("/save", help: "NUMBER [PATH] saves a file of the chat") { _ in .tell([]) },
    ]

    /// Does what a command asks to do with files; gives false where it is about something else.
    ///
    /// The prompt goes on meanwhile: a large file takes its time.
    func handleFiles(
        _ command: PromptCommand,
        _ argument: String,
        in session: ConversationSession
    ) async throws -> Bool {
        guard Self.fileCommands.contains(where: { $0.name == command.name }) else { return false }
        guard !argument.isEmpty else {
            try tell(["Type: \(command.name) \(command.help.plainText)"])
            return true
        }
        if command.name == "/file" {
            try await attach(argument, in: session)
        } else {
            try save(argument, in: session)
        }
        return true
    }

    private func attach(_ path: String, in session: ConversationSession) async throws {
        let file: AttachmentDraft
        do throws(CommandFailure) {
            file = try TypedPath(path).attachment()
        } catch {
            return try tell(error.lines(program: "/file"))
        }
        try await session.say("", attachments: [file])
    }

    private func save(_ argument: String, in session: ConversationSession) throws {
        let words = argument.split(separator: " ", maxSplits: 1)
        guard let number = words.first.flatMap({ Int($0) }), let file = file(number: number) else {
            return try tell(["There is no file with that number here."])
        }
        let path = words.count > 1 ? TypedPath(String(words[1])).path : ""
        Task { await save(file, to: path, in: session) }
    }

    private func save(
        _ file: Message.Attachment,
        to path: String,
        in session: ConversationSession
    ) async {
        begin(download: file)
        do throws(CommandFailure) {
            let place = try await session.save(file, to: path) { received in
                Task { await self.show(received, of: file) }
            }
            end(download: file)
            tellLate(["Saved as \(place)"])
        } catch {
            end(download: file)
            tellLate(error.lines(program: "/save"))
        }
    }

    /// Tells what came of something that went on beside the prompt, unless the terminal is gone,
    /// which whoever reads it notices.
    private func tellLate(_ lines: [TerminalText]) {
        try? tell(lines)
    }
}
