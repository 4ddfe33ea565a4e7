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
    private var bytes: [UInt8] = []
    private var isTooLong = false

    /// Whether the input would end inside a line if it ended here.
    var isInsideLine: Bool { !bytes.isEmpty || isTooLong }

    /// Takes the next bytes.
    ///
    /// - Parameter chunk: The bytes.
    /// - Returns: The lines that end in them; blank ones are left out.
    mutating func read(_ chunk: some Sequence<UInt8>) -> [Line] {
        var lines: [Line] = []
        for byte in chunk {
            if bytes.count == Row.longest {
                isTooLong = true
                bytes = []
            }
            if !isTooLong { bytes.append(byte) }
            if byte == UInt8(ascii: "\n") {
                if let line = finish() { lines.append(line) }
                number += 1
            }
        }
        return lines
    }

    /// Ends the line; nil for a blank one.
    mutating func finish() -> Line? {
        defer {
            bytes = []
            isTooLong = false
        }
        guard isTooLong || bytes.contains(where: { !Self.blanks.contains($0) }) else { return nil }
        return Line(number: number, bytes: bytes, isTooLong: isTooLong)
    }

    private static let blanks = [" ", "\t", "\r", "\n"].map(UInt8.init(ascii:))
}
