internal import DocketDomain

/// The shape of a value of the policy document.
enum ValueShape: Hashable, Sendable {
    /// The one number that says in which format the document is.
    case version(Int64)
    /// What commands and other parts of the document name something by.
    case key
    /// Text of one line and at most so many bytes.
    case line(bytes: Int)
    /// Text of at most so many bytes.
    case text(bytes: Int)
    /// One of several words.
    case word([String])
    /// A truth value.
    case flag
    /// A whole number.
    case number(ClosedRange<Int64>)
    /// A time span.
    case span
    /// A list of values of one shape.
    indirect case list(of: ValueShape, count: ClosedRange<Int>)
    /// A mapping.
    case record(RecordName)
    /// A plain value of the first shape, or a list or mapping of the second.
    indirect case either(ValueShape, ValueShape)
}

/// Whether a field has to be there.
enum FieldNeed: Hashable, Sendable {
    /// It has to.
    case required
    /// It need not; what holds without it.
    case optional(String)
    /// It may be there only where another field has one of these values, or any where there are
    /// none; and perhaps has to.
    case onlyWith(field: String, words: [String], isRequired: Bool)
}

/// One field of a mapping.
struct FieldShape: Hashable, Sendable {
    /// What the document calls it.
    let name: String
    /// What it holds.
    let value: ValueShape
    /// Whether it has to be there.
    let need: FieldNeed
    /// What it means, as one line.
    let meaning: String

    init(_ name: String, _ value: ValueShape, _ need: FieldNeed, _ meaning: String) {
        self.name = name
        self.value = value
        self.need = need
        self.meaning = meaning
    }
}

/// The mappings of a document.
enum RecordName: String, CaseIterable, Sendable {
    case document
    case kind
    case status
    case transition
    case condition
    case effect
    case channel
    case topic
    case type
    case priority
    case field
    case fieldSet = "field_set"
    case group
    case permissions
    case attachments
}

/// A mapping of the document.
///
/// The shapes of all mappings are what the reader accepts, what the writer's order follows, and
/// what the JSON schema and the tables of the documentation are made of.
struct RecordShape: Hashable, Sendable {
    /// Which mapping it is.
    let name: RecordName
    /// What it describes, as one line.
    let meaning: String
    /// Its fields, in the order in which documents give them.
    let fields: [FieldShape]
    /// The fields of which exactly one is given; none where there is no such choice.
    var alternatives: [String] = []

    /// The names of its fields.
    var fieldNames: [String] { fields.map(\.name) }

    /// What tells its elements apart in a list, where something does.
    var identity: String? {
        switch name {
        case .kind: "kind"
        case .status, .channel, .topic, .type, .priority, .field, .group: "key"
        case .document, .transition, .condition, .effect, .fieldSet, .permissions, .attachments: nil
        }
    }
}
