internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal

/// The files of the conversation.
struct FilesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "files",
        abstract: "List, get or put the files of your conversation.",
        subcommands: [FilesListCommand.self, FilesGetCommand.self, FilesPutCommand.self]
    )
}

/// Lists the files.
struct FilesListCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the files of your conversation, the newest first.",
        discussion: """
            They are looked for among the newest \(ConversationFiles.mostRead) events.

              docket-chat files list
            """
    )

    @OptionGroup var connection: ConnectionOptions

    func act() async throws -> ExitStatus {
        try await Customer.with(connection, known: true) { customer in
            let files = try await ConversationFiles(of: customer).all()
            let output = OutputWriter.standard
            guard !files.isEmpty else {
                try output.writeLine("No files.")
                return .done
            }
            let isTerminal = Terminal.isTerminal(1)
            let width = isTerminal ? Terminal.size(of: 1).columns : nil
            for line in Self.table(of: files).lines(width: width) {
                try output.writeLine(line, styled: isTerminal)
            }
            return .done
        }
    }

    private static func table(of files: [ConversationFiles.File]) -> TextTable {
        var table = TextTable(columns: [
            .init("ID", importance: .key), .init("SENT", importance: .detail),
            .init("FROM", importance: .useful), .init("SIZE", alignment: .trailing),
            .init("NAME"),
        ])
        for file in files {
            table.append([
                "\("\(file.attachment.id)")", "\(LocalCalendar.current.stamp(of: file.sentAt))",
                "\(file.sender ?? "-")", "\(TransferProgress.size(of: file.attachment))",
                "\(file.attachment.name)",
            ])
        }
        return table
    }
}

/// Downloads a file.
struct FilesGetCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Download a file of your conversation.",
        discussion: """
            FILE is an id of 'files list', or a name, of which the newest is taken. It is
            kept under its own name in this folder, or at PATH. A download that broke off
            goes on where it was when it is repeated.

              docket-chat files get photo.jpg
              docket-chat files get photo.jpg pictures/ --force
            """
    )

    @OptionGroup var connection: ConnectionOptions

    @Argument(help: "The id or the name of the file.")
    var file: String

    @Argument(help: "Where to keep it: a new file, or a folder.")
    var path: String?

    @Flag(help: "Replace a file that is there.")
    var force = false

    @Option(help: "Seconds to try.")
    var timeout = 1_800

    func validate() throws {
        guard (1...86_400).contains(timeout) else {
            throw ValidationError("--timeout takes 1 to 86400")
        }
    }

    func act() async throws -> ExitStatus {
        try await Customer.with(connection, known: true) { customer in
            let found = try await ConversationFiles(of: customer).file(file)
            let place = FilePlace(path ?? "", for: found).path
            let line = ProgressLine()
            do throws(DocketClientError) {
                try await customer.client.download(
                    found,
                    to: place,
                    replacing: force,
                    within: .seconds(timeout)
                ) { line.show($0, of: found.size) }
                line.end()
            } catch {
                line.end()
                throw failure(error, of: customer)
            }
            try OutputWriter.standard.writeLine("saved as \(place)")
            return .done
        }
    }

    private func failure(_ error: DocketClientError, of customer: Customer) -> CommandFailure {
        guard error.code == .invalidInput else { return customer.failure(error) }
        let advice = force ? "" : "Name another path, or replace what is there: --force"
        return CommandFailure(error.message, advice: advice, status: .localFile)
    }
}

/// Sends files.
struct FilesPutCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "put",
        abstract: "Send files as one message, and wait until it is stored.",
        discussion: """
            The files are copied into the profile first: without a server they wait there,
            and are sent by any later docket-chat. The exit status is that of 'send'.

              docket-chat files put photo.jpg invoice.pdf
              docket-chat files put photo.jpg --wait queued
            """
    )

    @OptionGroup var connection: ConnectionOptions

    @Argument(help: "The files, at most 10.")
    var paths: [String]

    @Option(help: "What to say with them.")
    var text = ""

    @Option(help: "Until when to wait: 'accepted' by the server, or 'queued' on this machine.")
    var wait = WaitArgument.accepted

    @Option(help: "Seconds to wait for confirmation.")
    var timeout = 1_800

    @Flag(help: "Write the verdict as JSON.")
    var json = false

    func validate() throws {
        guard (1...10).contains(paths.count) else {
            throw ValidationError("a message has at most 10 files")
        }
        guard (1...86_400).contains(timeout) else {
            throw ValidationError("--timeout takes 1 to 86400")
        }
    }

    func act() async throws -> ExitStatus {
        try await Customer.with(connection) { customer in
            let dispatch = MessageDispatch(
                id: MessageID(),
                text: text,
                title: nil,
                attachments: try paths.map { try TypedPath(verbatim: $0).attachment() },
                request: nil,
                wait: wait,
                limit: .seconds(timeout),
                json: json
            )
            return try await dispatch.send(for: customer)
        }
    }
}
