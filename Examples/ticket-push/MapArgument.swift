internal import ArgumentParser

/// `PART=COLUMN`, as it is written on a command line.
struct MapArgument: ExpressibleByArgument {
    /// The part of a ticket.
    let part: TicketPart
    /// The column that fills it.
    let column: String

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, let part = TicketPart(String(parts[0])) else { return nil }
        self.part = part
        column = String(parts[1])
    }
}

/// The byte between two fields, as it is written on a command line.
struct SeparatorArgument: ExpressibleByArgument {
    /// The byte.
    let byte: UInt8

    /// The comma of RFC 4180.
    static let comma = SeparatorArgument(byte: UInt8(ascii: ","))

    private init(byte: UInt8) { self.byte = byte }

    init?(argument: String) {
        let bytes = argument == "tab" ? [UInt8(ascii: "\t")] : Array(argument.utf8)
        guard bytes.count == 1, (0x20..<0x7F).contains(bytes[0]) || bytes[0] == 9,
            bytes[0] != UInt8(ascii: "\"")
        else { return nil }
        byte = bytes[0]
    }

    /// The byte as it is written on a command line.
    var defaultValueDescription: String {
        byte == UInt8(ascii: "\t") ? "tab" : String(UnicodeScalar(byte))
    }
}

extension InputFormat: ExpressibleByArgument {}
