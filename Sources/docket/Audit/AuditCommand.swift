internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal

/// Shows who did what, and whether that is what was written.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Show who did what, and verify that the log was not altered.",
        discussion: """
              docket audit list --request 12 --credentials dev-credentials.json
              docket audit verify --credentials dev-credentials.json
            """,
        subcommands: [AuditListCommand.self, AuditVerifyCommand.self]
    )
}

/// Lists entries of the log.
struct AuditListCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List who did what, oldest first."
    )
    static let usualAccount = DeskOptions.Account.administrator

    @OptionGroup var signIn: SignInOptions

    @Option(help: "Only events of the request with this number.")
    var request: RequestNumber?

    @Option(help: "Only events after this offset of the log.")
    var after: UInt64 = 0

    @Option(help: "How many events to list at most.")
    var limit = 50

    @Flag(help: "Print one JSON object per line.")
    var json = false

    func validate() throws {
        guard limit >= 1 else { throw ValidationError("--limit takes 1 or more") }
    }

    func act(with client: DocketClient) async throws -> ExitStatus {
        var table = TextTable(columns: [
            .init("OFFSET", alignment: .trailing, importance: .key),
            .init("WHEN", isWhole: true, importance: .useful), .init("WHO"),
            .init("WAY", importance: .detail), .init("REQUEST", alignment: .trailing),
            .init("WHAT"), .init("CHANGES", importance: .useful),
        ])
        var (count, place, hasMore) = (0, after, true)
        while hasMore, count < limit {
            let page = try await client.audit.list(
                requestNumber: request?.value,
                after: place,
                limit: min(Self.pageLimit, limit - count)
            )
            count += page.entries.count
            for entry in page.entries { try show(AuditLine(entry), in: &table) }
            (place, hasMore) = (page.upTo, page.hasMore)
        }
        if !json { try write(table, isEmpty: count == 0, next: hasMore ? place : nil) }
        return .done
    }

    /// Entries of a page: as many as the server gives.
    private static let pageLimit = 200

    private func show(_ line: AuditLine, in table: inout TextTable) throws {
        guard !json else {
            return try OutputWriter.standard.write(JSONLine.text(of: line) + "\n")
        }
        let entry = line.entry
        table.append([
            "\(entry.offset)", "\(entry.at ?? "")", "\(entry.actor?.text ?? "")",
            "\(entry.way ?? "")", "\(entry.request.map { "\($0)" } ?? "")", "\(entry.fact)",
            "\(entry.changes.map(\.text).joined(separator: "; "))",
        ])
    }

    private func write(_ table: TextTable, isEmpty: Bool, next: UInt64?) throws {
        let output = OutputWriter.standard
        guard !isEmpty else { return try output.writeLine("There is nothing.") }
        try RequestOutput.show(table)
        if let next { try output.writeLine("There are more: --after \(next)") }
    }
}

/// Verifies the log.
struct AuditVerifyCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check the whole log for alterations.",
        discussion: """
            The last line is a checksum over the log (the value of its chain). Keep it
            somewhere else: it proves later that nothing before it was altered.

            Exit status: 0 unaltered, 1 altered.
            """
    )
    static let usualAccount = DeskOptions.Account.administrator

    @OptionGroup var signIn: SignInOptions

    @Flag(help: "Print one JSON object per line.")
    var json = false

    func act(with client: DocketClient) async throws -> ExitStatus {
        for try await step in client.audit.verify() {
            switch step {
            case .checked: continue
            case .found(let finding): try show(finding)
            case .concluded(let conclusion):
                try show(conclusion)
                return conclusion.findings == 0 ? .done : .refused
            }
        }
        throw CommandFailure("the verification ended without a conclusion", status: .unconfirmed)
    }

    private func show(_ finding: AuditFinding) throws {
        let line = AuditFindingLine(finding)
        guard !json else {
            return try OutputWriter.standard.write(JSONLine.text(of: line) + "\n")
        }
        let place = "\(line.finding.from) to \(line.finding.through)"
        try OutputWriter.standard.writeLine("\(line.finding.kind): entries \(place)")
    }

    private func show(_ conclusion: AuditConclusion) throws {
        let line = AuditConclusionLine(conclusion)
        guard !json else {
            return try OutputWriter.standard.write(JSONLine.text(of: line) + "\n")
        }
        let end = line.conclusion
        let verdict = end.findings == 0 ? "nothing was altered" : "\(end.findings) findings"
        try OutputWriter.standard.writeLine(
            "\(end.entries) entries, \(end.erased) of them erased: \(verdict)"
        )
        try OutputWriter.standard.writeLine("the chain at \(end.head): \(end.value)")
    }
}
