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
    /// Lock an agent out and end every session.
    case lockAgent(AgentID)
    /// Let a locked agent sign in again.
    case unlockAgent(AgentID)
    /// Set an agent's password and end every session; its digest must not cover the password.
    case setPassword(AgentID, hash: String)
    /// Change the author's own password and end every session but one, where the hash that the old
    /// password was checked against is still the author's; `nil` where the old one is wrong. Its
    /// digest must not cover the passwords.
    case changePassword(from: String?, to: String, keeping: Digest)
    /// Give an integration or a partner a further key, after which the earlier ones last for a
    /// while, or until they are revoked.
    case addKey(APIKeyRecord, grace: Duration?)
    /// End one key and the sessions that it opened.
    case revokeKey(String)
    /// End the keys of a principal and every session.
    case revokeKeys(PrincipalID)
    /// End every session of a principal.
    case endSessions(PrincipalID)
    /// End one session.
    case endSession(Digest)
    /// Open a session, while what was checked to open it still holds.
    case openSession(SessionRecord, SignInProof?)
}

/// What was checked before a session is opened.
///
/// It is checked again in the transaction that opens the session: what was revoked in between would
/// otherwise leave a session behind that nobody has ended.
package enum SignInProof: Hashable, Sendable {
    /// A key, by its id.
    case key(String)
    /// An agent's password, by the hash that it belongs to.
    case password(hash: String)
}
