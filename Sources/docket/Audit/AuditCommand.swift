internal import ArgumentParser
internal import DocketCalls
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketMessages
internal import DocketRPC
internal import DocketTerminal
internal import FoundationEssentials
internal import SwiftProtobuf

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
        var call = Docket_V1_ListAuditCall()
        if let request { call.requestNumber = request.value }
        call.afterOffset = after
        var table = TextTable(columns: [
            .init("OFFSET", alignment: .trailing, importance: .key),
            .init("WHEN", isWhole: true, importance: .useful), .init("WHO"),
            .init("WAY", importance: .detail), .init("REQUEST", alignment: .trailing),
            .init("WHAT"), .init("CHANGES", importance: .useful),
        ])
        var count = 0
        var hasMore = true
        while hasMore, count < limit {
            let reply = try await page(call, atMost: limit - count, of: client)
            count += reply.entries.count
            for entry in reply.entries { try show(AuditLine(entry), in: &table) }
            call.afterOffset = reply.toOffset
            hasMore = reply.more
        }
        if !json { try write(table, isEmpty: count == 0, next: hasMore ? call.afterOffset : nil) }
        return .done
    }

    /// Entries of a page: as many as the server gives.
    private static let pageLimit = 200

    private func page(
        _ call: Docket_V1_ListAuditCall,
        atMost count: Int,
        of client: DocketClient
    ) async throws(DocketClientError) -> Docket_V1_ListAuditReply {
        var asked = call
        asked.limit = UInt32(clamping: min(Self.pageLimit, count))
        let made = asked
        return try await client.call { (channel, options) async throws(RPCError) in
            try await AuditCaller(channel: channel).list(made, options: options)
        }
    }

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

    /// How long a verification may take: some hundred million entries.
    private static let patience = Duration.seconds(3_600)

    @OptionGroup var signIn: SignInOptions

    @Flag(help: "Print one JSON object per line.")
    var json = false

    func act(with client: DocketClient) async throws -> ExitStatus {
        let conclusion = try await client.call(within: Self.patience) {
            (channel, options) async throws(RPCError) in
            var patient = options
            patient.timeout = Self.patience
            let steps = try AuditCaller(channel: channel)
                .verify(Docket_V1_VerifyAuditCall(), options: patient)
            return try await Self.read(steps)
        }
        for finding in conclusion.findings { try show(finding) }
        try show(conclusion.end)
        return conclusion.end.findings == 0 ? .done : .refused
    }

    private static func read(
        _ steps: MessageStream<Docket_V1_VerifyAuditStep>
    ) async throws(RPCError) -> (
        findings: [Docket_V1_AuditFinding], end: Docket_V1_AuditConclusion
    ) {
        var findings: [Docket_V1_AuditFinding] = []
        while let step = try await steps.next() {
            switch step.step {
            case .finding(let finding): findings.append(finding)
            case .conclusion(let conclusion): return (findings, conclusion)
            case .progress, nil: continue
            }
        }
        throw RPCError(.serverError, "the verification ended without a conclusion")
    }

    private func show(_ finding: Docket_V1_AuditFinding) throws {
        let line = AuditFindingLine(finding)
        guard !json else {
            return try OutputWriter.standard.write(JSONLine.text(of: line) + "\n")
        }
        let place = "\(line.finding.from) to \(line.finding.through)"
        try OutputWriter.standard.writeLine("\(line.finding.kind): entries \(place)")
    }

    private func show(_ conclusion: Docket_V1_AuditConclusion) throws {
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
