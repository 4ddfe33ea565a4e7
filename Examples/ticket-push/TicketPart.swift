/// A part of a ticket that a column fills.
enum TicketPart: Hashable, Sendable {
    /// What the text of a field's column means.
    enum FieldForm: String, Hashable, Sendable, CaseIterable {
        /// Text; also a decimal number, a day or a word.
        case text
        /// A whole number.
        case integer
        /// `true`, `false`, `yes`, `no`, `1` or `0`.
        case flag
        /// Words between semicolons.
        case words
    }

    /// What the partner calls the request: the idempotency key.
    case key
    /// What the partner calls the contact.
    case contact
    /// The contact's name.
    case name
    /// The key of the channel.
    case channel
    /// The description.
    case text
    /// The title.
    case title
    /// The key of the topic.
    case topic
    /// The key of the type.
    case type
    /// The key of the priority.
    case priority
    /// The kind of request.
    case kind
    /// A field of the desk's policy; in the form that the cell has itself where none is named.
    case field(String, FieldForm?)

    /// How the names of columns for fields begin.
    static let fieldPrefix = "field."

    /// The parts with names of their own.
    static let named: [TicketPart] = [
        .key, .contact, .name, .channel, .text, .title, .topic, .type, .priority, .kind,
    ]

    /// Reads the name of a part; nil for any other text.
    ///
    /// A field is `field.KEY`, or `field.KEY:FORM`.
    init?(_ text: String) {
        if let part = Self.named.first(where: { $0.columnName == text }) {
            self = part
            return
        }
        guard text.hasPrefix(Self.fieldPrefix) else { return nil }
        let parts = text.dropFirst(Self.fieldPrefix.count)
            .split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let key = parts.first, !key.isEmpty else { return nil }
        guard parts.count == 2 else {
            self = .field(String(key), nil)
            return
        }
        guard let form = FieldForm(rawValue: String(parts[1])) else { return nil }
        self = .field(String(key), form)
    }

    /// The name of the column where no other is mapped.
    var columnName: String {
        switch self {
        case .key: "key"
        case .contact: "contact"
        case .name: "name"
        case .channel: "channel"
        case .text: "text"
        case .title: "title"
        case .topic: "topic"
        case .type: "type"
        case .priority: "priority"
        case .kind: "kind"
        case .field(let key, let form):
            Self.fieldPrefix + key + (form.map { ":\($0.rawValue)" } ?? "")
        }
    }
}
