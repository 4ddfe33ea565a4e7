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

    /// Something that changed.
    struct Change: Encodable {
        let field: String
        let before: String
        let after: String

        /// The change in a cell of a table.
        var text: String {
            before.isEmpty ? "\(field): \(after)" : "\(field): \(before) -> \(after)"
        }
    }

    /// The fields of the entry; what does not apply is left out.
    struct Fields: Encodable {
        let offset: UInt64
        var at: String?
        var actor: Actor?
        var way: String?
        var request: UInt64?
        var fact = "erased"
        var changes: [Change] = []
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
        (self.entry.fact, self.entry.changes) = Self.describe(event.fact)
    }

    private static func describe(_ fact: Event.Fact) -> (fact: String, changes: [Change]) {
        switch fact {
        case .conversationOpened(_, let channel):
            ("conversation_opened", [Change("channel", "", channel)])
        case .requestOpened(let opened): ("request_opened", [Change("status", "", opened.status)])
        case .messagePosted(let posted): ("message_posted", [Change("text", "", posted.text)])
        case .notePosted(let posted): ("note_posted", [Change("text", "", posted.text)])
        case .statusChanged(let changed):
            ("status_changed", [Change("status", changed.from, changed.to)])
        case .requestAssigned(let assignee, let before):
            ("request_assigned", [Change("assignee", before?.name ?? "", assignee?.name ?? "")])
        case .titleChanged(let before, let after):
            ("title_changed", [Change("title", before ?? "", after ?? "")])
        case .detailsChanged(let changes): ("details_changed", changes.map(Change.init))
        case .administered(let change): describe(change)
        case .policyApplied(let version, _):
            ("policy_applied", [Change("version", "", "\(version)")])
        case .readMarked: ("read_marked", [])
        case .receivedMarked: ("received_marked", [])
        case .requestViewed: ("request_viewed", [])
        case .linked: ("linked", [])
        case .unlinked: ("unlinked", [])
        case .messagesGiven: ("messages_given", [])
        case .messagesTaken: ("messages_taken", [])
        case .merged: ("merged", [])
        case .mergeTaken: ("merge_taken", [])
        case .unknown: ("unknown", [])
        }
    }

    private static func describe(
        _ change: AdministrativeChange
    ) -> (fact: String, changes: [Change]) {
        let subject = change.subject.rawValue
        let named = Change(subject, "", change.name)
        let fields = change.fields.map { Change($0.name, $0.before, $0.after) }
        return ("\(subject)_\(change.action.rawValue)", [named] + fields)
    }
}

extension AuditLine.Change {
    fileprivate init(_ field: String, _ before: String, _ after: String) {
        self.init(field: field, before: before, after: after)
    }

    fileprivate init(_ change: DetailChange) {
        switch change {
        case .topic(let before, let after, _): self.init("topic", before ?? "", after ?? "")
        case .type(let before, let after): self.init("type", before ?? "", after ?? "")
        case .priority(let before, let after): self.init("priority", before ?? "", after ?? "")
        case .field(let key, let before, let after):
            self.init(key, Self.text(before), Self.text(after))
        case .tagAdded(let tag): self.init("tag", "", tag)
        case .tagRemoved(let tag): self.init("tag", tag, "")
        case .watcherAdded(let party): self.init("watcher", "", party.name)
        case .watcherRemoved(let party): self.init("watcher", party.name, "")
        case .participantAdded(let party): self.init("participant", "", party.name)
        case .participantRemoved(let party): self.init("participant", party.name, "")
        case .unknown: self.init("unknown", "", "")
        }
    }

    private static func text(_ value: FieldValue?) -> String {
        switch value {
        case .text(let text): text
        case .integer(let number): "\(number)"
        case .flag(let flag): flag ? "yes" : "no"
        case .words(let words): words.joined(separator: ", ")
        case nil: ""
        }
    }
}
