/// A field before and after a change.
///
/// Secrets, and digests of them, never stand here.
package struct FieldChange: Hashable, Sendable {
    /// The field's name, such as `emails`.
    package let field: String
    /// What it was; empty for nothing.
    package let before: String
    /// What it is; empty for nothing.
    package let after: String

    /// Describes the change of a field.
    package init(field: String, before: String, after: String) {
        self.field = field
        self.before = before
        self.after = after
    }

    /// The fields that differ; both sides name the same fields in the same order.
    static func between(
        _ before: [(field: String, text: String)],
        _ after: [(field: String, text: String)]
    ) -> [FieldChange] {
        zip(before, after).compactMap { old, new in
            guard old.text != new.text else { return nil }
            return FieldChange(field: new.field, before: old.text, after: new.text)
        }
    }
}

/// Something that changed and decides who may do what, or what is known of somebody.
///
/// It is what the log tells of such a change.
package struct AdministrativeChange: Hashable, Sendable {
    /// What a change is about.
    package enum Subject: Hashable, Sendable {
        /// A contact.
        case contact(ContactID)
        /// An agent.
        case agent(AgentID)
        /// An integration.
        case integration(PrincipalID)
        /// A partner.
        case partner(PrincipalID)
        /// A company.
        case company(CompanyID)
    }

    /// What was done to it.
    package enum Action: UInt8, Sendable, CaseIterable {
        /// It was made.
        case created = 1
        /// What is known of it changed.
        case changed = 2
        /// It was removed.
        case removed = 3
        /// Its keys were revoked, and every session that they opened has ended; where the field
        /// `key` names one, that one alone.
        case keysRevoked = 4
        /// Its sessions were ended.
        case sessionsEnded = 5
        /// It was locked out, and its sessions have ended.
        case locked = 6
        /// It may sign in again.
        case unlocked = 7
        /// Its password was set or changed.
        case passwordSet = 8
        /// It got a further key.
        case keyAdded = 9
        /// It signed out, or opened a session beyond its limit, which ended its oldest ones; then
        /// the field `oldest_sessions` says how many.
        case signedOut = 10
    }

    /// What it is about.
    package let subject: Subject
    /// What the subject was called when it happened; at most 128 bytes.
    package let name: String
    /// What was done.
    package let action: Action
    /// The fields that changed.
    package let fields: [FieldChange]
    /// The sessions that end with it, all at one moment or at once.
    package let sessionEnds: [SessionEnd]

    /// Describes a change.
    package init(
        _ subject: Subject,
        name: String,
        _ action: Action,
        fields: [FieldChange] = [],
        sessionEnds: [SessionEnd] = []
    ) {
        self.subject = subject
        self.name = name
        self.action = action
        self.fields = fields
        self.sessionEnds = sessionEnds
    }

    /// The change with the sessions that end with it.
    package func ending(_ sessions: [SessionEnd]) -> AdministrativeChange {
        AdministrativeChange(subject, name: name, action, fields: fields, sessionEnds: sessions)
    }

    /// Who may see it: a feed would only be filled by whoever signs out and in again.
    package var audience: Audience { action == .signedOut ? .audit : .staff }

    /// What somebody is called from then on; `nil` where nothing of that changed.
    package var newName: String? {
        fields.first { $0.field == "name" && !$0.after.isEmpty }?.after
    }
}

extension AdministrativeChange {
    /// The contact whom it is about; `nil` where it is about something else.
    package var contact: ContactID? {
        guard case .contact(let id) = subject else { return nil }
        return id
    }

    /// What a contact is called from then on; `nil` where nothing of that changed.
    var contactName: String? { contact == nil ? nil : newName }
}
