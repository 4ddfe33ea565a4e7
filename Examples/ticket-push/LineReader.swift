/// Takes text apart into lines, a chunk at a time, and keeps one line in memory.
struct LineReader: Sendable {
    /// One line.
    struct Line: Equatable, Sendable {
        /// Its number, from 1.
        let number: Int
        /// Its bytes with its end; empty for one that is too long.
        let bytes: [UInt8]
        /// Whether it has more bytes than `Row.longest`.
        let isTooLong: Bool
    }

    private var number = 1
    private var bytes = RowBytes()

    /// Whether the input would end inside a line if it ended here.
    var isInsideLine: Bool { !bytes.isEmpty || bytes.isTooLong }

    /// Takes the next bytes.
    ///
    /// - Parameter chunk: The bytes.
    /// - Returns: The lines that end in them; blank ones are left out.
    mutating func read(_ chunk: some Sequence<UInt8>) -> [Portion<Line>] {
        var portions: [Portion<Line>] = []
        for byte in chunk {
            bytes.append(byte)
            guard byte == UInt8(ascii: "\n") else { continue }
            if let piece = bytes.takePiece() { portions.append(.piece(piece)) }
            if let line = finish() { portions.append(.row(line)) }
            number += 1
        }
        if let piece = bytes.takePiece() { portions.append(.piece(piece)) }
        return portions
    }

    /// Ends the line; nil for a blank one.
    mutating func finish() -> Line? {
        let isTooLong = bytes.isTooLong
        let isBlank = !isTooLong && bytes.areAll(of: Self.blanks)
        let bytes = bytes.end()
        return isBlank ? nil : Line(number: number, bytes: bytes, isTooLong: isTooLong)
    }

    private static let blanks = [" ", "\t", "\r", "\n"].map(UInt8.init(ascii:))
}
