/// A JSON object as a row: texts, whole numbers, flags and lists of texts by their names.
///
/// `null` is as if the name were not there. The members of an object `fields` are the columns
/// `field.NAME`.
struct JSONRow: Decodable {
    /// The object that holds a ticket's fields.
    private static let fields = "fields"

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// What it holds, by the names.
    let cells: [String: Cell]
    /// How many names it has, each counted once.
    private let nameCount: Int

    /// Whether the line that it was read from names something twice: which of the two is meant,
    /// nobody can tell.
    ///
    /// - Parameter line: The bytes of the line, a JSON object of the kind that makes a row.
    /// - Returns: Whether it does.
    func repeatsNames(in line: [UInt8]) -> Bool {
        var (count, isInText, isEscaped) = (0, false, false)
        for byte in line {
            switch byte {
            case _ where isEscaped: isEscaped = false
            case UInt8(ascii: "\\") where isInText: isEscaped = true
            case UInt8(ascii: "\""): isInText.toggle()
            case UInt8(ascii: ":") where !isInText: count += 1
            default: break
            }
        }
        return count != nameCount
    }

    init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: Name.self)
        var cells: [String: Cell] = [:]
        var nameCount = object.allKeys.count
        for name in object.allKeys {
            if name.stringValue == Self.fields,
                let members = try? object.nestedContainer(keyedBy: Name.self, forKey: name)
            {
                nameCount += members.allKeys.count
                for member in members.allKeys {
                    let column = TicketPart.fieldPrefix + member.stringValue
                    cells[column] = try Self.cell(member, of: members)
                }
            } else {
                cells[name.stringValue] = try Self.cell(name, of: object)
            }
        }
        self.cells = cells
        self.nameCount = nameCount
    }

    private static func cell(
        _ name: Name,
        of object: KeyedDecodingContainer<Name>
    ) throws -> Cell? {
        if let text = try? object.decode(String.self, forKey: name) {
            return text.isEmpty ? nil : .text(text)
        }
        if try object.decodeNil(forKey: name) { return nil }
        if let flag = try? object.decode(Bool.self, forKey: name) { return .flag(flag) }
        if let number = try? object.decode(Int64.self, forKey: name) { return .integer(number) }
        return .words(try object.decode([String].self, forKey: name))
    }
}
