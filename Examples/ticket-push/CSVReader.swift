/// Takes CSV apart as RFC 4180 has it, a chunk at a time, and keeps one record in memory.
///
/// Records end with LF or CR LF; a quoted field may have both in it. A record that is not well
/// formed is given with what is wrong with it, and the next begins behind the next line end that
/// does not stand between quotes. So a quote that is not closed takes all rows up to the next one
/// into its record: nothing of what somebody has quoted is ever taken for rows.
struct CSVReader: Sendable {
    /// The most fields of a record that are kept; further ones are counted.
    static let mostFields = 1_000

    /// One record.
    struct Record: Equatable, Sendable {
        /// The line on which it begins, from 1.
        let line: Int
        /// The line on which it ends.
        let lastLine: Int
        /// Its bytes with its line end; empty for one that is too long.
        let bytes: [UInt8]
        /// Its fields without their quotes, or what is wrong with it.
        let fields: Result<[[UInt8]], RowFault>
        /// How many fields it has, kept or not.
        let count: Int
    }

    private enum State {
        /// Before the first byte of a field.
        case beginning
        /// In a field without quotes.
        case plain
        /// Between the quotes of a field.
        case quoted
        /// Behind a quote that closes the field, unless another quote follows.
        case closed
    }

    private let separator: UInt8
    private var state = State.beginning
    private var line = 1
    private var firstLine = 1
    /// The line of the last byte.
    private var lastLine = 1
    /// The line on which the last quoted field of the record begins.
    private var quoteLine: Int?
    private var bytes = RowBytes()
    private var fields: [[UInt8]] = []
    private var field: [UInt8] = []
    private var count = 0
    private var fault: RowFault?

    /// A reader at the beginning of the first record.
    ///
    /// - Parameter separator: The byte between two fields.
    init(separator: UInt8 = UInt8(ascii: ",")) {
        self.separator = separator
    }

    /// Whether the input would end inside a record if it ended here.
    var isInsideRecord: Bool { !isEmpty }

    private var isEmpty: Bool {
        bytes.isEmpty && fault == nil && count == 0 && field.isEmpty
    }

    /// Takes the next bytes.
    ///
    /// - Parameter chunk: The bytes.
    /// - Returns: The records that end in them; empty lines are none.
    mutating func read(_ chunk: some Sequence<UInt8>) -> [Portion<Record>] {
        var portions: [Portion<Record>] = []
        for byte in chunk {
            keep(byte)
            let isEnd = take(byte)
            if byte == UInt8(ascii: "\n") { line += 1 }
            guard isEnd else { continue }
            if let piece = bytes.takePiece() { portions.append(.piece(piece)) }
            if let record = record() { portions.append(.row(record)) }
        }
        if let piece = bytes.takePiece() { portions.append(.piece(piece)) }
        return portions
    }

    /// Ends the input.
    ///
    /// - Returns: The last record, where its line had no end.
    mutating func finish() -> Record? {
        guard !isEmpty else { return nil }
        if state == .quoted, let quoteLine { fault = .openQuote(line: quoteLine) }
        return record()
    }

    private mutating func keep(_ byte: UInt8) {
        lastLine = line
        let wasTooLong = bytes.isTooLong
        bytes.append(byte)
        guard bytes.isTooLong, !wasTooLong else { return }
        fault = .tooLong(quoteLine: state == .quoted ? quoteLine : nil)
        fields = []
        field = []
    }

    /// Goes on by one byte; true at the end of a record.
    private mutating func take(_ byte: UInt8) -> Bool {
        switch (state, byte) {
        case (.quoted, UInt8(ascii: "\"")): state = .closed
        case (.quoted, _): append(byte)
        case (.beginning, UInt8(ascii: "\"")):
            state = .quoted
            quoteLine = line
        case (.closed, UInt8(ascii: "\"")):
            append(byte)
            state = .quoted
        case (_, UInt8(ascii: "\n")):
            endField(isLast: true)
            return true
        case (_, separator): endField(isLast: false)
        case (.closed, UInt8(ascii: "\r")): break
        case (.closed, _), (.plain, UInt8(ascii: "\"")):
            fault = fault ?? .strayQuote
            state = .plain
        case (.beginning, _), (.plain, _):
            append(byte)
            state = .plain
        }
        return false
    }

    private mutating func append(_ byte: UInt8) {
        if !bytes.isTooLong, count < Self.mostFields { field.append(byte) }
    }

    private mutating func endField(isLast: Bool) {
        // The CR of a line end; behind a quoted field it was passed over already.
        if isLast, state == .plain, field.last == UInt8(ascii: "\r") { field.removeLast() }
        let isBlankLine = isLast && count == 0 && field.isEmpty && state != .closed
        if !isBlankLine {
            if !bytes.isTooLong, count < Self.mostFields { fields.append(field) }
            count += 1
        }
        field = []
        state = .beginning
    }

    /// The record that ends here; nil for an empty line.
    private mutating func record() -> Record? {
        if state != .beginning || !field.isEmpty { endField(isLast: true) }
        defer { begin() }
        guard count > 0 || fault != nil else { return nil }
        return Record(
            line: firstLine,
            lastLine: lastLine,
            bytes: bytes.end(),
            fields: fault.map(Result.failure) ?? .success(fields),
            count: count
        )
    }

    private mutating func begin() {
        firstLine = line
        quoteLine = nil
        bytes = RowBytes()
        fields = []
        field = []
        count = 0
        fault = nil
        state = .beginning
    }
}
