internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole

/// An entry of the log as a line of JSON: who did what, when, by which way, before and after.
struct AuditLine: Encodable {
    /// Who did it.
    struct Actor: Encodable {
        let kind: String
        let id: String?
        let name: String

        /// The actor in a cell of a table.
        var text: String { name.isEmpty ? kind : name }
    }

    /// The fields of the entry; what does not apply is left out.
    struct Fields: Encodable {
        let offset: UInt64
        var at: String?
        var actor: Actor?
        var way: String?
        var request: UInt64?
        var fact = "erased"
        var changes: [FactChange] = []
    }

    let v = JSONLine.version
    let type = "audit"
    private(set) var entry: Fields

    init(_ entry: AuditEntry) {
        self.entry = Fields(offset: entry.offset)
        guard let event = entry.event else { return }
        self.entry.at = LocalCalendar.rfc3339(event.at)
        self.entry.actor = Actor(
            kind: (event.actor?.kind ?? .unknown).rawValue,
            id: event.actor?.id.map { "\($0)" },
            name: event.actor?.name ?? ""
        )
        self.entry.way = event.way.rawValue
        self.entry.request = event.request.flatMap { $0.number == 0 ? nil : $0.number }
        self.entry.fact = Self.word(for: event.fact)
        self.entry.changes = event.fact.changes
    }

    /// The word for a fact; of what was administered, what was done to whom.
    private static func word(for fact: Event.Fact) -> String {
        guard case .administered(let change) = fact else { return fact.word }
        return "\(change.subject.rawValue)_\(change.action.rawValue)"
    }
}

extension FactChange {
    /// The change in a cell of a table.
    var text: String {
        before.isEmpty ? "\(field): \(after)" : "\(field): \(before) -> \(after)"
    }
}
