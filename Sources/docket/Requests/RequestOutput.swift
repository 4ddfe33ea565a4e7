internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal

/// How requests are shown: as a table for people, as JSON for programs.
struct RequestOutput: ParsableArguments {
    @Flag(help: "Write one JSON object a line.")
    var json = false

    /// Shows a list.
    func show(_ requests: [SupportRequest], at now: Timestamp) throws {
        let output = OutputWriter.standard
        guard !json else {
            for request in requests { try output.write(JSONLine(request).text() + "\n") }
            return
        }
        guard !requests.isEmpty else { return try output.writeLine("No requests.") }
        try Self.show(RequestTable(requests, at: now).table)
    }

    /// Shows a table, as wide as the terminal or as it needs to be elsewhere.
    static func show(_ table: TextTable) throws {
        let isTerminal = Terminal.isTerminal(1)
        let width = isTerminal ? Terminal.size(of: 1).columns : nil
        for line in table.lines(width: width) {
            try OutputWriter.standard.writeLine(line, styled: isTerminal)
        }
    }

    /// Shows paragraphs, wrapped at a terminal.
    static func show(_ paragraphs: [Paragraph]) throws {
        let isTerminal = Terminal.isTerminal(1)
        let width = isTerminal ? Terminal.size(of: 1).columns : nil
        for paragraph in paragraphs {
            let rows = width.map { paragraph.rows(columns: $0) } ?? paragraph.unwrappedRows
            for row in rows { try OutputWriter.standard.writeLine(row, styled: isTerminal) }
        }
    }

    /// How long ago a moment is, in its largest unit.
    static func age(_ moment: Timestamp, at now: Timestamp) -> TerminalText {
        let earlier = min(moment.millisecondsSinceEpoch, now.millisecondsSinceEpoch)
        let seconds = (now.millisecondsSinceEpoch - earlier) / 1_000
        switch seconds {
        case ..<60: return "\(seconds) s"
        case ..<3_600: return "\(seconds / 60) min"
        case ..<86_400: return "\(seconds / 3_600) h"
        default: return "\(seconds / 86_400) d"
        }
    }

    /// Tells why nothing became of one of several requests.
    func tell(_ failure: CommandFailure, about number: UInt64) throws(CommandFailure) {
        do {
            if json {
                let line = JSONLine(failure: failure, ofRequest: number)
                try OutputWriter.standard.write(line.text() + "\n")
            }
            let lines = failure.lines(program: "docket: request \(number)")
            for line in lines { try OutputWriter.standardError.writeLine(line) }
        } catch {
            throw CommandFailure(endingWith: error)
                ?? CommandFailure("nobody reads the output", status: .localFile)
        }
    }

    /// Tells what became of a request: in a sentence of the command's, or by its state.
    func tell(_ request: SupportRequest, saying sentence: TerminalText? = nil) throws {
        guard !json else {
            return try OutputWriter.standard.write(JSONLine(request).text() + "\n")
        }
        let state: TerminalText =
            "request \(request.number): \(request.status), \(request.assignee?.name ?? "nobody")"
        try OutputWriter.standard.writeLine(sentence ?? state)
    }
}
