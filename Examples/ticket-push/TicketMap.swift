internal import DocketClient

/// Makes tickets of rows: which column fills which part.
struct TicketMap: Sendable {
    /// The longest external key, and the longest name for a contact, in bytes.
    static let longestKey = 256
    /// The longest name of a contact, in bytes.
    static let longestName = 128
    /// The longest description, in bytes.
    static let longestText = MessageLimits.largest.textBytes
    /// The longest title, in bytes.
    static let longestTitle = MessageLimits.largest.titleBytes
    /// The most columns that can be mapped.
    static let mostColumns = CSVReader.mostFields

    /// The parts that were given another column than the one of their name.
    private let columns: [TicketPart: String]
    private let mapped: Set<String>
    private let channel: String

    /// A map of columns.
    ///
    /// - Parameters:
    ///   - columns: The columns of the parts that have another one than their name.
    ///   - channel: The channel of the rows that name none.
    init(_ columns: [TicketPart: String] = [:], channel: String) {
        self.columns = columns
        self.mapped = Set(columns.values)
        self.channel = channel
    }

    /// The columns that fill no part, in their order; what they hold is not pushed.
    func unused(_ names: [String]) -> [String] {
        names.filter { !$0.isEmpty && !mapped.contains($0) && part(named: $0) == nil }
    }

    /// The columns that a ticket cannot do without and that are not there.
    func missing(in names: [String]) -> [String] {
        [TicketPart.key, .contact, .text].map(column).filter { !names.contains($0) }
    }

    /// Makes a ticket of what a row holds.
    ///
    /// - Parameter cells: What the row holds, by column.
    /// - Returns: The ticket, under a new id.
    /// - Throws: `RowFault` where it makes none.
    func ticket(_ cells: [String: Cell]) throws(RowFault) -> TicketDraft {
        let key = try required(.key, cells, Self.longestKey)
        let contact = try required(.contact, cells, Self.longestKey)
        var ticket = TicketDraft(
            key,
            of: contact,
            named: try text(.name, cells, Self.longestName)
                ?? Self.prefix(contact, ofBytes: Self.longestName),
            channel: try text(.channel, cells, Self.longestKey) ?? channel,
            text: try required(.text, cells, Self.longestText)
        )
        ticket.title = try text(.title, cells, Self.longestTitle)
        ticket.topic = try text(.topic, cells, Self.longestKey)
        ticket.type = try text(.type, cells, Self.longestKey)
        ticket.priority = try text(.priority, cells, Self.longestKey)
        ticket.kind = try kind(cells)
        ticket.fields = try fields(cells)
        return ticket
    }

    /// The external key of a row whose ticket may be no good; nil where it has none.
    func key(of cells: [String: Cell]) -> String? { cells[column(of: .key)]?.text }

    // MARK: Columns

    private func column(of part: TicketPart) -> String { columns[part] ?? part.columnName }

    /// The part that a column fills by its name; nil where the part has another column.
    private func part(named column: String) -> TicketPart? {
        guard let part = TicketPart(column), columns[part] == nil else { return nil }
        return part
    }

    private func required(
        _ part: TicketPart,
        _ cells: [String: Cell],
        _ limit: Int
    ) throws(RowFault) -> String {
        guard let text = try text(part, cells, limit) else {
            throw .missing(column: column(of: part))
        }
        return text
    }

    private func text(
        _ part: TicketPart,
        _ cells: [String: Cell],
        _ limit: Int
    ) throws(RowFault) -> String? {
        let column = column(of: part)
        guard let cell = cells[column] else { return nil }
        guard let text = cell.text else { throw .wrongValue(column: column, expected: "a text") }
        return try Self.checked(text, column, limit)
    }

    private static func checked(
        _ text: String,
        _ column: String,
        _ limit: Int
    ) throws(RowFault) -> String {
        guard text.utf8.count <= limit else { throw .longValue(column: column, limit: limit) }
        guard !text.utf8.contains(0) else { throw .unreadable(column: column) }
        return text
    }

    private func kind(_ cells: [String: Cell]) throws(RowFault) -> RequestKind? {
        guard let text = try text(.kind, cells, Self.longestKey) else { return nil }
        guard let kind = RequestKind(rawValue: text), kind != .unknown else {
            throw .wrongValue(column: column(of: .kind), expected: "chat, ticket or task")
        }
        return kind
    }

    /// The beginning of a text, of whole characters.
    private static func prefix(_ text: String, ofBytes limit: Int) -> String {
        var prefix = text[...]
        while prefix.utf8.count > limit { prefix.removeLast() }
        return String(prefix)
    }

    // MARK: Fields

    private func fields(_ cells: [String: Cell]) throws(RowFault) -> [String: FieldValue] {
        var fields: [String: FieldValue] = [:]
        for (part, column) in columns {
            guard case .field(let key, let form) = part, let cell = cells[column] else { continue }
            fields[key] = try Self.value(of: cell, form, column)
        }
        for (column, cell) in cells where !mapped.contains(column) {
            guard case .field(let key, let form) = part(named: column) else { continue }
            fields[key] = try Self.value(of: cell, form, column)
        }
        return fields
    }

    private static func value(
        of cell: Cell,
        _ form: TicketPart.FieldForm?,
        _ column: String
    ) throws(RowFault) -> FieldValue {
        switch (form, cell) {
        case (nil, .text(let text)): .text(try checked(text, column, Row.longest))
        case (nil, _), (.integer, .integer), (.flag, .flag), (.words, .words): cell.value
        case (.text, _): .text(try checked(try written(cell, column), column, Row.longest))
        case (.integer, _): .integer(try integer(try written(cell, column), column))
        case (.flag, _): .flag(try flag(try written(cell, column), column))
        case (.words, _): .words(words(try written(cell, column)))
        }
    }

    private static func written(_ cell: Cell, _ column: String) throws(RowFault) -> String {
        guard let text = cell.text else { throw .wrongValue(column: column, expected: "a text") }
        return text
    }

    private static func integer(_ text: String, _ column: String) throws(RowFault) -> Int64 {
        guard let number = Int64(text) else {
            throw .wrongValue(column: column, expected: "a whole number")
        }
        return number
    }

    private static func flag(_ text: String, _ column: String) throws(RowFault) -> Bool {
        switch text.lowercased() {
        case "true", "yes", "1": return true
        case "false", "no", "0": return false
        default: throw .wrongValue(column: column, expected: "yes or no")
        }
    }

    private static func words(_ text: String) -> [String] {
        text.split(separator: ";").map { word in
            var word = word.drop(while: \.isWhitespace)
            while word.last?.isWhitespace == true { word.removeLast() }
            return String(word)
        }
    }
}
