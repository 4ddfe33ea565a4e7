internal import DocketClient
internal import DocketCommandLine
internal import DocketTerminal

/// One run over an input: reads it, pushes what it holds, and tells what does not go.
struct PushRun<Desk: TicketDesk> {
    private let input: InputBytes
    private let map: TicketMap
    /// Who takes the tickets; nil where nothing is to be pushed.
    private let pusher: Pusher<Desk>?
    private let rejects: RejectsFile?
    private let elapsed: () -> Duration
    private var report: PushReport
    private var reader: RowReader
    private var batch = Batch()
    private var duplicates = DuplicateWatch()
    private var progress: Progress
    private var byteCount = 0
    private var hasBegun = false
    private(set) var tally = Tally()
    /// What was pushed, for whoever follows it.
    private(set) var following: Following?

    /// A run that has not begun.
    ///
    /// - Parameters:
    ///   - input: The rows.
    ///   - reader: Reads them.
    ///   - map: Makes tickets of them.
    ///   - pusher: Pushes them; nil to check them only.
    ///   - rejects: Gets those that are refused.
    ///   - following: Gets those that are pushed.
    ///   - report: Tells how it goes.
    ///   - elapsed: The time since the beginning.
    init(
        over input: InputBytes,
        _ reader: RowReader,
        _ map: TicketMap,
        _ pusher: Pusher<Desk>?,
        rejects: RejectsFile?,
        following: Following?,
        report: PushReport,
        elapsed: @escaping () -> Duration
    ) {
        self.input = input
        self.reader = reader
        self.map = map
        self.pusher = pusher
        self.rejects = rejects
        self.following = following
        self.report = report
        self.elapsed = elapsed
        progress = Progress(of: input.size)
    }

    /// Goes through the whole input.
    ///
    /// - Returns: How the program ends.
    /// - Throws: What ends it before its end; what was pushed until then is there.
    mutating func run() async throws -> ExitStatus {
        do {
            try await readAll()
        } catch let fault as InputFault {
            throw failure(fault)
        } catch let error as DocketClientError {
            throw unfinished(error)
        }
        try report.line(tally.summary(isCheck: pusher == nil))
        if let rejects, try rejects.finish() {
            try report.remark("the refused rows are in \(rejects.path): mend and push them")
        }
        guard !reader.isInsideRow else {
            throw CommandFailure(
                "\(input.name) grew while it was read, and ended inside a row",
                advice: "Push it again when it is complete: what is there is not opened twice.",
                status: .tryAgainLater
            )
        }
        return tally.status
    }

    private mutating func readAll() async throws {
        while true {
            if !batch.isEmpty, !input.isReady { try await push(batch.take()) }
            let chunk = try await input.chunk()
            byteCount += chunk.count
            guard !chunk.isEmpty else { break }
            try await take(try reader.read(chunk))
        }
        // What somebody is still writing is not whole, and its beginning would be taken for it.
        if !(input.hasChanged && reader.isInsideRow) { try await take(try reader.finish()) }
        try await push(batch.take())
        try report.clear()
    }

    private mutating func take(_ portions: [Portion<Row>]) async throws {
        try begin()
        for portion in portions {
            let row: Row
            switch portion {
            case .piece(let bytes):
                // No refusal of an earlier row's may come between the pieces of one.
                try await push(batch.take())
                try rejects?.addPiece(bytes, after: reader.header)
                continue
            case .row(let ended): row = ended
            }
            let candidate: Candidate
            do throws(RowFault) {
                candidate = try self.candidate(row)
            } catch {
                try refuse(row, error)
                continue
            }
            try await push(batch.add(candidate))
        }
        try show()
    }

    private mutating func candidate(_ row: Row) throws(RowFault) -> Candidate {
        let cells = try row.content.get()
        let ticket = try map.ticket(cells)
        if pusher == nil, duplicates.isReused(ticket.externalKey, for: cells) { throw .reusedKey }
        return Candidate(row: row, ticket: ticket)
    }

    /// Looks at the header, once there is one.
    private mutating func begin() throws {
        guard !hasBegun, !reader.columns.isEmpty else { return }
        hasBegun = true
        let missing = map.missing(in: reader.columns)
        guard missing.isEmpty else {
            throw CommandFailure(
                "\(input.name) has no column '\(missing.joined(separator: "', '"))'",
                advice: "Its columns are: \(reader.columns.joined(separator: ", "))\n"
                    + "Say which one to take, for instance: --map \(missing[0])=COLUMN",
                status: .usage
            )
        }
        let unused = map.unused(reader.columns)
        guard !unused.isEmpty else { return }
        let names = TerminalText(untrusted: unused.joined(separator: ", "), as: .field)
        try report.remark("not pushed, since no part of a ticket has this name: \(names)")
    }

    private mutating func refuse(_ row: Row, _ fault: RowFault) throws {
        tally.refused += 1
        let key = try? map.key(of: row.content.get())
        try report.refuse(row, key: key, reason: fault.reason, "\(fault)")
        try rejects?.add(row.bytes, after: reader.header)
    }

    // MARK: Pushing

    private mutating func push(_ candidates: [Candidate]) async throws {
        guard !candidates.isEmpty else { return }
        guard let pusher else {
            tally.opened += candidates.count
            return
        }
        let outcomes = try await pusher.push(candidates.map(\.ticket))
        for (candidate, outcome) in zip(candidates, outcomes) { try note(outcome, of: candidate) }
        try show()
    }

    private mutating func note(
        _ outcome: Pusher<Desk>.Outcome,
        of candidate: Candidate
    ) throws {
        let refusal: Refusal
        switch outcome {
        case .pushed(let pushed):
            if pushed.wasKnown { tally.known += 1 } else { tally.opened += 1 }
            following?.add(pushed, key: candidate.ticket.externalKey)
            return
        case .refused(let reason):
            tally.refused += 1
            refusal = reason
        case .unsettled(let reason):
            tally.unsettled += 1
            refusal = reason
        }
        let key = candidate.ticket.externalKey
        try report.refuse(
            candidate.row,
            key: key,
            reason: refusal.reason,
            refusal.wordsForPartner
        )
        try rejects?.add(candidate.row.bytes, after: reader.header)
    }

    private mutating func show() throws {
        let moment = elapsed()
        progress.note(rows: tally.rows, bytes: byteCount, at: moment)
        try report.show(progress, refused: tally.refused, at: moment)
    }

    // MARK: Failures

    private func failure(_ fault: InputFault) -> CommandFailure {
        let convert = "Convert it first, for instance: iconv -f utf-16 -t utf-8"
        let (words, advice) =
            switch fault {
            case .otherEncoding: ("is not UTF-8 text", convert)
            case .badHeader(let fault):
                ("has no header with the names of its columns: \(fault)", "")
            case .tooManyColumns(let count):
                ("has \(count) columns, and \(TicketMap.mostColumns) can be read", "")
            case .sameColumn(let name): ("has two columns '\(name)'", "Give one another name.")
            }
        return CommandFailure("\(input.name) \(words)", advice: advice, status: .localFile)
    }

    /// The end of a push before its end.
    private func unfinished(_ error: DocketClientError) -> CommandFailure {
        let failure = CommandFailure(endingWith: error)
        return CommandFailure(
            error.message,
            advice: "\(Tally.grouped(tally.opened + tally.known)) tickets are there. "
                + "Push the same again: it goes on, and opens nothing twice.",
            status: failure?.status ?? .unconfirmed,
            reason: failure?.reason
        )
    }
}
