internal import DocketCommandLine
internal import DocketTerminal

/// Tells a person how a push goes: a line for each row that is refused on standard output, and the
/// progress on standard error.
struct PushReport {
    /// How often a terminal's line is written anew.
    private static let redrawing = Duration.milliseconds(100)
    /// How often a line of progress is written where nobody watches.
    private static let telling = Duration.seconds(10)
    /// Puts the cursor at the beginning of the line and empties the line.
    private static let emptyLine = "\r\u{1B}[2K"

    private let output: OutputWriter
    private let errors: OutputWriter
    private let isLive: Bool
    private let width: Int
    private var lastMoment: Duration?
    private var isLineShown = false

    /// A report that has told nothing.
    ///
    /// - Parameters:
    ///   - output: Where the rows are told.
    ///   - errors: Where the progress is told.
    ///   - isLive: Whether the progress is one line that is written anew.
    ///   - width: The columns of that line.
    init(
        to output: OutputWriter = .standard,
        _ errors: OutputWriter = .standardError,
        isLive: Bool = Terminal.isTerminal(2) && !TerminalEnvironment.current.isDumb,
        width: Int = Terminal.size(of: 2).columns
    ) {
        self.output = output
        self.errors = errors
        self.isLive = isLive
        self.width = width
    }

    /// Tells why a row is not there.
    ///
    /// - Parameters:
    ///   - row: The row.
    ///   - key: What the partner calls the ticket, where that is known.
    ///   - reason: The stable word.
    ///   - words: The reason in words.
    /// - Throws: `OutputError` if nothing more can be written.
    mutating func refuse(
        _ row: Row,
        key: String?,
        reason: String,
        _ words: String
    ) throws(OutputError) {
        let key = key.map { "\(TerminalText(untrusted: $0, as: .field)): " as TerminalText } ?? ""
        let words = TerminalText(untrusted: words, as: .field)
        let place: TerminalText =
            row.lastLine == row.line
            ? "line \(row.line)" : "lines \(row.line) to \(row.lastLine)"
        try line("\(place): \(key)\(words) (\(reason))")
    }

    /// Tells something for which a line is due.
    mutating func line(_ text: TerminalText) throws(OutputError) {
        try clear()
        try output.writeLine(text)
    }

    /// Tells something beside the rows.
    mutating func remark(_ text: TerminalText) throws(OutputError) {
        try clear()
        try errors.writeLine(text)
    }

    /// Tells how far it is, if it is time to.
    ///
    /// - Parameters:
    ///   - progress: How far it is.
    ///   - refused: How many rows were refused.
    ///   - moment: The time since the beginning.
    /// - Throws: `OutputError` if nothing more can be written.
    mutating func show(
        _ progress: Progress,
        refused: Int,
        at moment: Duration
    ) throws(OutputError) {
        let pace = isLive ? Self.redrawing : Self.telling
        // Where nobody watches, the first line comes when there is something to tell.
        guard moment - (lastMoment ?? (isLive ? .zero - pace : .zero)) >= pace else { return }
        lastMoment = moment
        let text = progress.line(refused: refused)
        guard isLive else { return try errors.write(text + "\n") }
        try errors.write(Self.emptyLine + text.prefix(max(1, width - 1)))
        isLineShown = true
    }

    /// Removes the line of progress.
    mutating func clear() throws(OutputError) {
        guard isLineShown else { return }
        isLineShown = false
        try errors.write(Self.emptyLine)
    }
}
