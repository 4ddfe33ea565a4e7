package import DocketDomain
package import DocketStore

/// What somebody asks to change about who may sign in.
package enum IdentityChange: Sendable {
    /// Create a contact who has no account elsewhere. A creation.
    case createGuest(ContactID, name: String, secret: Digest)
    /// Give the contact whom the integration's channel knows by a name, and make it with this id if
    /// there is none.
    case ensureContact(ContactID, externalID: String, name: String)
    /// Create an agent. A creation; its digest must not cover the password.
    case createAgent(AgentID, name: String, AgentRole, login: String, passwordHash: String)
    /// Create an integration of a channel, or a partner where there is no channel, with its first
    /// key. A creation; the key itself is in neither the change nor the store.
    case createKeyHolder(PrincipalID, name: String, channel: ChannelKey?, key: APIKeyRecord)
    /// End the keys of a principal and every session.
    case revokeKeys(PrincipalID)
    /// End every session of a principal.
    case endSessions(PrincipalID)
    /// End one session.
    case endSession(Digest)
    /// Open a session, where it is opened by a key only while that key has not been revoked.
    case openSession(SessionRecord, keyID: String?)

    /// Whether it can end sessions, so that all of them have to be in the store.
    var endsSessions: Bool {
        switch self {
        case .revokeKeys, .endSessions, .endSession: true
        case .createGuest, .ensureContact, .createAgent, .createKeyHolder, .openSession: false
        }
    }
}
