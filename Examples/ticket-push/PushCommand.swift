internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketTerminal

/// Pushes the rows of a file as tickets.
struct PushCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "push",
        abstract: "Push each row of a file as a ticket.",
        discussion: """
            FILE is CSV with the names of its columns in the first row, or a JSON object on
            each line; - is standard input. The columns key, contact and text must be
            there; name, channel, title, topic, type, priority, kind and field.KEY may be.
            Other names are mapped: --map text=Description. What a field's text means is
            said behind its key: field.floor:integer, :flag, or :words.

            The key names one ticket for ever. Push the same file again after anything that
            went wrong: what is there already is not opened twice.

              docket-ticket-push push sample.csv --key-file key
              docket-ticket-push push export.csv --map key=ID --map text=Body --check
              docket-ticket-push push - --rejects refused.jsonl --follow --key-file key
            """
    )

    @OptionGroup var connection: ConnectionOptions

    @Argument(help: "The file, or - for standard input.")
    var file: String

    @Option(help: "The channel of the rows that name none, by key.")
    var channel = "api"

    @Option(help: "The column that fills a part of the ticket, as PART=COLUMN. May be repeated.")
    var map: [MapArgument] = []

    @Option(help: "What the file is: csv or json. Default: told by its first character.")
    var format: InputFormat?

    @Option(help: "The character between two fields of CSV; 'tab' for a tabulator.")
    var separator = SeparatorArgument.comma

    @Option(help: "A new file for the refused rows, to be mended and pushed again.")
    var rejects: String?

    @Option(help: "Seconds to try until the server answers.")
    var timeout = 60

    @Flag(help: "Read the whole file and tell what is wrong with it; push nothing.")
    var check = false

    @Flag(help: "Tell what becomes of the tickets, until all are closed or you press Ctrl-C.")
    var follow = false

    func validate() throws {
        if check, follow {
            throw ValidationError("--check pushes nothing that --follow could tell")
        }
        guard (1...86_400).contains(timeout) else {
            throw ValidationError("--timeout takes 1 to 86400")
        }
        var parts: Set<TicketPart> = []
        for argument in map where !parts.insert(argument.part).inserted {
            throw ValidationError("--map names '\(argument.part.columnName)' twice")
        }
    }

    func act() async throws -> ExitStatus {
        let input = try InputBytes(file)
        let rejects = try rejects.map { path throws(CommandFailure) in try RejectsFile(path) }
        guard !check else {
            var run = run(input, nil as Pusher<PartnerDesk>?, rejects, nil)
            return try await run.run()
        }
        return try await connection.withPartner { client in
            let place = follow ? try await Follower.place(of: client) : nil
            let desk = PartnerDesk(tickets: client.tickets, limit: .seconds(timeout))
            let pusher = Pusher(to: desk) { try await Task.sleep(for: $0) }
            var run = run(input, pusher, rejects, follow ? Following() : nil)
            let status = try await run.run()
            if let following = run.following { try await tell(following, client, from: place) }
            return status
        }
    }

    private func run<Desk: TicketDesk>(
        _ input: InputBytes,
        _ pusher: Pusher<Desk>?,
        _ rejects: RejectsFile?,
        _ following: Following?
    ) -> PushRun<Desk> {
        let begun = ContinuousClock.now
        let columns = Dictionary(map.map { ($0.part, $0.column) }) { first, _ in first }
        return PushRun(
            over: input,
            RowReader(format, separator: separator.byte),
            TicketMap(columns, channel: channel),
            pusher,
            rejects: rejects,
            following: following,
            report: PushReport(),
            elapsed: { ContinuousClock.now - begun }
        )
    }

    private func tell(
        _ following: Following,
        _ client: DocketClient,
        from place: Cursor?
    ) async throws {
        if following.isFull {
            try OutputWriter.standardError.writeLine(
                """
                only the first \(Following.mostTickets) tickets are followed; see the others: \
                docket-ticket-push status --open
                """
            )
        }
        var follower = Follower(client, following)
        try await follower.run(from: place)
    }
}
