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

    init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: Name.self)
        var cells: [String: Cell] = [:]
        for name in object.allKeys {
            if name.stringValue == Self.fields,
                let members = try? object.nestedContainer(keyedBy: Name.self, forKey: name)
            {
                for member in members.allKeys {
                    let column = TicketPart.fieldPrefix + member.stringValue
                    cells[column] = try Self.cell(member, of: members)
                }
            } else {
                cells[name.stringValue] = try Self.cell(name, of: object)
            }
        }
        self.cells = cells
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
