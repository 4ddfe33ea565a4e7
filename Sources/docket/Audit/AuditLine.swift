internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketMessages

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

    init(_ entry: Docket_V1_AuditEntry) {
        self.entry = Fields(offset: entry.offset)
        guard entry.hasEvent else { return }
        let event = entry.event
        let party = Party(event.actor)
        self.entry.at = LocalCalendar.rfc3339(milliseconds: event.atMilliseconds)
        self.entry.actor = Actor(
            kind: party.kind.rawValue,
            id: party.id.map { "\($0)" },
            name: party.name
        )
        self.entry.way = Self.word(event.way)
        self.entry.request = event.requestNumber == 0 ? nil : event.requestNumber
        (self.entry.fact, self.entry.changes) = Self.describe(event.fact)
    }

    private static func word(_ way: Docket_V1_Way) -> String {
        switch way {
        case .call: "call"
        case .channel: "channel"
        case .partner: "partner"
        case .timer: "timer"
        case .rule: "rule"
        case .UNRECOGNIZED: "unknown"
        }
    }

    private static func describe(
        _ fact: Docket_V1_Event.OneOf_Fact?
    ) -> (fact: String, changes: [Change]) {
        switch fact {
        case .conversationOpened(let opened):
            ("conversation_opened", [Change("channel", "", opened.channel)])
        case .requestOpened(let opened): ("request_opened", [Change("status", "", opened.status)])
        case .messagePosted(let posted): ("message_posted", [Change("text", "", posted.text)])
        case .notePosted(let posted): ("note_posted", [Change("text", "", posted.text)])
        case .statusChanged(let changed):
            ("status_changed", [Change("status", changed.from, changed.to)])
        case .requestAssigned(let assigned):
            (
                "request_assigned",
                [Change("assignee", assigned.from.name, assigned.assignee.name)]
            )
        case .titleChanged(let changed):
            ("title_changed", [Change("title", changed.from, changed.to)])
        case .detailsChanged(let changed): ("details_changed", changed.changes.map(Change.init))
        case .administered(let administered): describe(administered)
        case .policyApplied(let applied):
            ("policy_applied", [Change("version", "", "\(applied.version)")])
        default: (name(of: fact), [])
        }
    }

    /// The facts that change nothing with a before and an after.
    private static func name(of fact: Docket_V1_Event.OneOf_Fact?) -> String {
        switch fact {
        case .readMarked: "read_marked"
        case .receivedMarked: "received_marked"
        case .requestViewed: "request_viewed"
        case .linked: "linked"
        case .unlinked: "unlinked"
        case .messagesGiven: "messages_given"
        case .messagesTaken: "messages_taken"
        case .merged: "merged"
        case .mergeTaken: "merge_taken"
        default: "unknown"
        }
    }

    private static func describe(
        _ administered: Docket_V1_Administered
    ) -> (fact: String, changes: [Change]) {
        let subject =
            switch administered.subject {
            case .subjectContact: "contact"
            case .subjectAgent: "agent"
            case .subjectIntegration: "integration"
            case .subjectPartner: "partner"
            case .subjectCompany: "company"
            case .unspecified, .UNRECOGNIZED: "unknown"
            }
        let action =
            switch administered.action {
            case .actionCreated: "created"
            case .actionChanged: "changed"
            case .actionRemoved: "removed"
            case .actionKeysRevoked: "keys_revoked"
            case .actionSessionsEnded: "sessions_ended"
            case .actionLocked: "locked"
            case .actionUnlocked: "unlocked"
            case .actionPasswordSet: "password_set"
            case .actionKeyAdded: "key_added"
            case .unspecified, .UNRECOGNIZED: "unknown"
            }
        let named = Change(subject, "", administered.subjectName)
        let fields = administered.fields.map { Change($0.field, $0.before, $0.after) }
        return ("\(subject)_\(action)", [named] + fields)
    }
}

extension AuditLine.Change {
    fileprivate init(_ field: String, _ before: String, _ after: String) {
        self.init(field: field, before: before, after: after)
    }

    fileprivate init(_ change: Docket_V1_DetailsChanged.Change) {
        switch change.change {
        case .topic(let key): self.init("topic", key.from, key.to)
        case .type(let key): self.init("type", key.from, key.to)
        case .priority(let key): self.init("priority", key.from, key.to)
        case .field(let field): self.init(field.key, Self.text(field.from), Self.text(field.to))
        case .tagAdded(let tag): self.init("tag", "", tag)
        case .tagRemoved(let tag): self.init("tag", tag, "")
        case .watcherAdded(let party): self.init("watcher", "", party.name)
        case .watcherRemoved(let party): self.init("watcher", party.name, "")
        case .participantAdded(let party): self.init("participant", "", party.name)
        case .participantRemoved(let party): self.init("participant", party.name, "")
        case nil: self.init("unknown", "", "")
        }
    }

    private static func text(_ value: Docket_V1_FieldValue) -> String {
        switch value.value {
        case .text(let text): text
        case .integer(let number): "\(number)"
        case .flag(let flag): flag ? "yes" : "no"
        case .words(let words): words.words.joined(separator: ", ")
        case nil: ""
        }
    }
}
