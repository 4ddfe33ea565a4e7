internal import DocketClient
internal import FoundationEssentials

/// The fields of an order, as a line of JSON has them.
struct OrderFields: Sendable {
    /// The longest id of an order, in bytes.
    static let longestID = 256
    /// How much of a name that nobody knows is repeated, in characters.
    private static let longestEcho = 64

    /// What an order's field can be; anything else is of no use to any.
    private enum Value: Decodable, Sendable {
        case nothing
        case text(String)
        case number(Int)
        case texts([String])
        case other

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .nothing
            } else if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let number = try? container.decode(Int.self) {
                self = .number(number)
            } else if let texts = try? container.decode([String].self) {
                self = .texts(texts)
            } else {
                self = .other
            }
        }
    }

    /// What replies name.
    let id: String
    /// What to do.
    let command: String
    private let values: [String: Value]

    /// Reads a line.
    ///
    /// - Throws: `OrderFault` where it is not an object with an id and a command.
    init(_ line: String) throws(OrderFault) {
        let decoder = JSONDecoder()
        guard let all = try? decoder.decode([String: Value].self, from: Data(line.utf8)) else {
            throw OrderFault(
                .notAnObject,
                #"an order is one JSON object a line, as in {"id":"1","command":"condition"}"#
            )
        }
        guard case .text(let id)? = all["id"], (1...Self.longestID).contains(id.utf8.count) else {
            let limit = Self.longestID
            throw OrderFault(.noID, #"an order has an "id": a text of 1 to \#(limit) bytes"#)
        }
        guard case .text(let command)? = all["command"] else {
            throw OrderFault(.unknownCommand, #"an order has a "command", which is a text"#, in: id)
        }
        self.id = id
        self.command = command
        values = all.filter { $0.key != "id" && $0.key != "command" }
    }

    /// Checks that an order has no other fields than its command takes: one that is misspelled must
    /// not be left out in silence.
    ///
    /// - Parameter names: The fields that it takes.
    /// - Throws: `OrderFault` for the first that it does not take.
    func check(against names: [String]) throws(OrderFault) {
        guard let unknown = values.keys.sorted().first(where: { !names.contains($0) }) else {
            return
        }
        let list = names.isEmpty ? "no others" : names.joined(separator: ", ")
        throw OrderFault(
            .unknownField,
            #"\#(command) has no field "\#(unknown.prefix(Self.longestEcho))": it takes \#(list)"#,
            in: id
        )
    }

    /// A fault that names the commands that there are.
    func unknownCommand(among commands: [String]) -> OrderFault {
        let list = commands.joined(separator: ", ")
        return OrderFault(.unknownCommand, "the commands are: \(list)", in: id)
    }

    /// A fault of one field.
    func invalid(_ name: String, _ words: String) -> OrderFault {
        OrderFault(.invalidField, #""\#(name)" \#(words)"#, in: id)
    }

    // MARK: Values

    /// Whether a field is there.
    func has(_ name: String) -> Bool {
        switch values[name] {
        case nil, .nothing: false
        case .text, .number, .texts, .other: true
        }
    }

    /// A text, or nil where there is none.
    ///
    /// - Parameters:
    ///   - name: The field.
    ///   - bytes: How many bytes it may have.
    /// - Returns: The text.
    /// - Throws: `OrderFault` where it is something else.
    func text(_ name: String, _ bytes: ClosedRange<Int>) throws(OrderFault) -> String? {
        switch values[name] {
        case nil, .nothing: return nil
        case .text(let text) where bytes.contains(text.utf8.count): return text
        case .text, .number, .texts, .other:
            let (least, most) = (bytes.lowerBound, bytes.upperBound)
            throw invalid(name, "takes a text of \(least) to \(most) bytes")
        }
    }

    /// A text that must be there.
    func needed(_ name: String, _ bytes: ClosedRange<Int>) throws(OrderFault) -> String {
        try needed(try text(name, bytes), name)
    }

    /// An id of the desk's, or nil where there is none.
    func identifier<Subject>(
        _ name: String
    ) throws(OrderFault) -> Identifier<Subject>? {
        guard has(name) else { return nil }
        guard case .text(let text)? = values[name], let id = Identifier<Subject>(text) else {
            throw invalid(name, "takes an id, which is a UUID")
        }
        return id
    }

    /// An id of the desk's that must be there.
    func neededIdentifier<Subject>(
        _ name: String
    ) throws(OrderFault) -> Identifier<Subject> {
        let id: Identifier<Subject>? = try identifier(name)
        return try needed(id, name)
    }

    /// A whole number that must be there.
    func neededNumber(_ name: String, _ range: ClosedRange<Int>) throws(OrderFault) -> Int {
        guard has(name) else { return try needed(nil, name) }
        guard case .number(let number)? = values[name], range.contains(number) else {
            throw invalid(
                name,
                "takes a whole number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    /// Texts, or one text; none where the field is not there.
    ///
    /// - Parameters:
    ///   - name: The field.
    ///   - most: How many there may be.
    ///   - bytes: How many bytes each may have.
    /// - Returns: The texts.
    /// - Throws: `OrderFault` where it is something else.
    func texts(
        _ name: String,
        atMost most: Int,
        _ bytes: ClosedRange<Int>
    ) throws(OrderFault) -> [String] {
        let texts: [String]
        switch values[name] {
        case nil, .nothing: return []
        case .text(let text): texts = [text]
        // An empty list is one of texts to the decoder.
        case .texts(let list): texts = list
        case .number, .other: texts = [""]
        }
        guard texts.count <= most, texts.allSatisfy({ bytes.contains($0.utf8.count) }) else {
            let (least, longest) = (bytes.lowerBound, bytes.upperBound)
            throw invalid(name, "takes at most \(most) texts of \(least) to \(longest) bytes")
        }
        return texts
    }

    /// A moment such as `2025-03-04T14:03:20.456Z`, or nil where there is none.
    func moment(_ name: String) throws(OrderFault) -> Timestamp? {
        guard has(name) else { return nil }
        if case .text(let text)? = values[name] {
            for hasFraction in [true, false] {
                let style = Date.ISO8601FormatStyle(includingFractionalSeconds: hasFraction)
                guard let date = try? style.parse(text) else { continue }
                let milliseconds = (date.timeIntervalSince1970 * 1_000).rounded()
                guard let moment = UInt64(exactly: milliseconds) else { continue }
                return Timestamp(millisecondsSinceEpoch: moment)
            }
        }
        throw invalid(name, "takes a moment since 1970 as in 2025-03-04T14:03:20.456Z")
    }

    private func needed<Value>(_ value: Value?, _ name: String) throws(OrderFault) -> Value {
        guard let value else {
            throw OrderFault(.missingField, #"\#(command) takes "\#(name)""#, in: id)
        }
        return value
    }
}
