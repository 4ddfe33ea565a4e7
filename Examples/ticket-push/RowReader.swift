internal import FoundationEssentials

/// How the rows of an input are written.
enum InputFormat: String, Hashable, Sendable, CaseIterable {
    /// RFC 4180, with the names of the columns in the first record.
    case csv
    /// A JSON object on each line.
    case json
}

/// Why nothing of an input can be read.
enum InputFault: Error, Hashable, Sendable {
    /// It begins as text in UTF-16 or UTF-32 does.
    case otherEncoding
    /// Its first record does not name the columns: it has another fault.
    case badHeader(RowFault)
    /// The header names more columns than can be read.
    case tooManyColumns(Int)
    /// The header names a column twice.
    case sameColumn(String)
}

/// Makes rows of the bytes of an input, a chunk at a time.
///
/// It holds no more than a row of `Row.longest` bytes.
struct RowReader: Sendable {
    /// How many bytes the beginning of an input needs to have, if it has as many.
    private static let markLength = 4

    private enum Form {
        case csv(CSVReader, header: [String]?)
        case json(LineReader)
    }

    private let separator: UInt8
    private var format: InputFormat?
    private var beginning: [UInt8]? = []
    private var form = Form.json(LineReader())

    /// The names of the columns, once a CSV's header is read.
    private(set) var columns: [String] = []
    /// The bytes of a CSV's header, once it is read.
    private(set) var header: [UInt8] = []

    /// A reader at the beginning of an input.
    ///
    /// - Parameters:
    ///   - format: How the rows are written; nil to go by the first byte, `{` for JSON.
    ///   - separator: The byte between two fields of CSV.
    init(_ format: InputFormat? = nil, separator: UInt8 = UInt8(ascii: ",")) {
        self.format = format
        self.separator = separator
    }

    /// Whether the input would end inside a row if it ended here.
    var isInsideRow: Bool {
        switch form {
        case .csv(let reader, _): reader.isInsideRecord
        case .json(let reader): reader.isInsideLine || beginning?.isEmpty == false
        }
    }

    /// Takes the next bytes, and gives the rows that end in them, and what they have of a row that
    /// is too long.
    mutating func read(_ chunk: [UInt8]) throws(InputFault) -> [Portion<Row>] {
        guard var first = beginning else { return try rows(of: chunk) }
        first += chunk
        beginning = first
        guard first.count >= Self.markLength else { return [] }
        return try begin()
    }

    /// Ends the input, and gives the rows that were not ended.
    mutating func finish() throws(InputFault) -> [Portion<Row>] {
        var rows = beginning == nil ? [] : try begin()
        switch form {
        case .csv(var reader, let header):
            let last = reader.finish()
            form = .csv(reader, header: header)
            if let last, let row = try row(of: last) { rows.append(.row(row)) }
        case .json(var reader):
            let last = reader.finish()
            form = .json(reader)
            if let last { rows.append(.row(Self.row(of: last))) }
        }
        return rows
    }

    /// Looks at the beginning, and reads it.
    private mutating func begin() throws(InputFault) -> [Portion<Row>] {
        var first = (beginning ?? [])[...]
        beginning = nil
        if first.starts(with: [0xFF, 0xFE]) || first.starts(with: [0xFE, 0xFF])
            || first.starts(with: [0, 0, 0xFE, 0xFF])
        {
            throw .otherEncoding
        }
        if first.starts(with: [0xEF, 0xBB, 0xBF]) { first = first.dropFirst(3) }
        let isObject = first.first {
            ![" ", "\t", "\r", "\n"].map(UInt8.init(ascii:)).contains($0)
        }
        let found = format ?? (isObject == UInt8(ascii: "{") ? .json : .csv)
        if found == .csv { form = .csv(CSVReader(separator: separator), header: nil) }
        return try rows(of: first)
    }

    private mutating func rows(
        of chunk: some Sequence<UInt8>
    ) throws(InputFault) -> [Portion<Row>] {
        var rows: [Portion<Row>] = []
        switch form {
        case .csv(var reader, let header):
            let records = reader.read(chunk)
            form = .csv(reader, header: header)
            for record in records {
                switch record {
                // A header that is too long is no row that could be mended.
                case .piece(let bytes): if !self.header.isEmpty { rows.append(.piece(bytes)) }
                case .row(let record):
                    if let row = try row(of: record) { rows.append(.row(row)) }
                }
            }
        case .json(var reader):
            let lines = reader.read(chunk)
            form = .json(reader)
            for line in lines {
                switch line {
                case .piece(let bytes): rows.append(.piece(bytes))
                case .row(let line): rows.append(.row(Self.row(of: line)))
                }
            }
        }
        return rows
    }

    // MARK: CSV

    /// The row of a record; nil for the header.
    private mutating func row(of record: CSVReader.Record) throws(InputFault) -> Row? {
        guard case .csv(let reader, let header) = form else { return nil }
        guard let header else {
            columns = try Self.names(record)
            self.header = record.bytes
            form = .csv(reader, header: columns)
            return nil
        }
        return Row(
            line: record.line,
            lastLine: record.lastLine,
            bytes: record.bytes,
            content: record.fields.flatMap { fields in
                guard record.count == header.count else {
                    return .failure(.fieldCount(record.count, header: header.count))
                }
                return Self.cells(fields, header)
            }
        )
    }

    private static func names(_ record: CSVReader.Record) throws(InputFault) -> [String] {
        let fields: [[UInt8]]
        do throws(RowFault) {
            fields = try record.fields.get()
        } catch {
            throw .badHeader(error)
        }
        guard record.count <= CSVReader.mostFields else { throw .tooManyColumns(record.count) }
        var names: [String] = []
        for (index, field) in fields.enumerated() {
            guard let name = String(validating: field, as: UTF8.self) else {
                throw .badHeader(.notUTF8(column: "column \(index + 1)"))
            }
            let trimmed = String(name.drop(while: \.isWhitespace)).trimmedEnd
            if !trimmed.isEmpty, names.contains(trimmed) { throw .sameColumn(trimmed) }
            names.append(trimmed)
        }
        return names
    }

    /// The cells by their columns; empty ones are left out.
    private static func cells(
        _ fields: [[UInt8]],
        _ header: [String]
    ) -> Result<[String: Cell], RowFault> {
        var cells: [String: Cell] = [:]
        for (name, field) in zip(header, fields) where !field.isEmpty && !name.isEmpty {
            guard let text = String(validating: field, as: UTF8.self) else {
                return .failure(.notUTF8(column: name))
            }
            cells[name] = .text(text)
        }
        return .success(cells)
    }

    // MARK: JSON

    private static func row(of line: LineReader.Line) -> Row {
        let content: Result<[String: Cell], RowFault>
        if line.isTooLong {
            content = .failure(.tooLong(quoteLine: nil))
        } else if String(validating: line.bytes, as: UTF8.self) == nil {
            content = .failure(.notUTF8(column: "the line"))
        } else if let object = try? JSONDecoder().decode(JSONRow.self, from: Data(line.bytes)) {
            let isClear = !object.repeatsNames(in: Array(line.bytes))
            content = isClear ? .success(object.cells) : .failure(.repeatedName)
        } else {
            content = .failure(.notAnObject)
        }
        return Row(
            line: line.number,
            lastLine: line.number,
            bytes: line.bytes,
            content: content
        )
    }
}

extension String {
    /// The text without white space at its end.
    fileprivate var trimmedEnd: String {
        var text = self[...]
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
