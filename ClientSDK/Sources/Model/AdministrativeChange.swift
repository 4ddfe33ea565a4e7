/// A change of who may do what, or of what is known of somebody.
public struct AdministrativeChange: Hashable, Sendable {
    /// What kind of thing changed.
    public enum Subject: String, Hashable, Sendable, CaseIterable {
        /// A contact.
        case contact
        /// An agent.
        case agent
        /// An integration.
        case integration
        /// A partner.
        case partner
        /// A company.
        case company
        /// A kind that this version does not know.
        case unknown
    }

    /// What was done to it.
    public enum Action: String, Hashable, Sendable, CaseIterable {
        /// It was made.
        case created
        /// What is known of it changed.
        case changed
        /// It was removed.
        case removed
        /// Its keys were revoked, and every session that they opened has ended.
        case keysRevoked = "keys_revoked"
        /// Its sessions were ended.
        case sessionsEnded = "sessions_ended"
        /// It was locked out, and its sessions have ended.
        case locked
        /// It may sign in again.
        case unlocked
        /// Its password was set or changed.
        case passwordSet = "password_set"
        /// It got a further key.
        case keyAdded = "key_added"
        /// It signed out, or opened a session beyond its limit, which ended its oldest ones; then
        /// the field `oldest_sessions` says how many. Only the audit tells it.
        case signedOut = "signed_out"
        /// Something that this version does not know.
        case unknown
    }

    /// A field before and after a change; no secret ever stands here.
    public struct Field: Hashable, Sendable {
        /// The field's name, such as `emails`.
        public let name: String
        /// What it was; empty for nothing.
        public let before: String
        /// What it is; empty for nothing.
        public let after: String
    }

    /// What kind of thing changed.
    public let subject: Subject
    /// Its id; nil where this version cannot read it.
    public let subjectID: PartyID?
    /// What it was called when it happened.
    ///
    /// It comes from outside: filter it before it reaches a terminal.
    public let name: String
    /// What was done to it.
    public let action: Action
    /// The fields that changed.
    public let fields: [Field]
}
