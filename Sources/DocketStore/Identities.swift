package import DocketDomain

/// Somebody who may be signed in, as the store keeps them.
package struct PrincipalRecord: Hashable, Sendable {
    /// What is particular to the kind.
    package enum Details: Hashable, Sendable {
        /// A customer who signs in with a secret of which this is the digest.
        case guest(secret: Digest)
        /// A customer whom an integration brought, by the name its channel has for them.
        case external(integration: PrincipalID, externalID: String)
        /// A customer whom an agent made by hand, who cannot sign in.
        case registered
        /// An employee, with login and encoded password hash, who may be locked out.
        case agent(AgentRole, login: String, passwordHash: String, isLocked: Bool = false)
        /// A channel.
        case integration(ChannelKey)
        /// Another company's system.
        case partner
    }

    /// The principal's id.
    package let id: PrincipalID
    /// The name shown to others.
    package let name: String
    /// What is particular to the kind.
    package let details: Details

    /// Describes a principal.
    package init(id: PrincipalID, name: String, details: Details) {
        self.id = id
        self.name = name
        self.details = details
    }

    /// The principal that a connection acts as after signing in.
    package var principal: Principal {
        switch details {
        case .guest, .external, .registered: Principal(.contact(ContactID(id)), name: name)
        case .agent(let role, _, _, _): Principal(.agent(AgentID(id), role), name: name)
        case .integration(let channel): Principal(.integration(id, channel), name: name)
        case .partner: Principal(.partner(id), name: name)
        }
    }

    /// The principal as a contact, when it is one.
    package var contact: Contact? {
        switch details {
        case .guest, .external, .registered: Contact(id: ContactID(id), name: name)
        case .agent, .integration, .partner: nil
        }
    }

    /// Whether it signs in with keys: an integration or a partner.
    package var mayHaveKeys: Bool {
        switch details {
        case .integration, .partner: true
        case .guest, .external, .registered, .agent: false
        }
    }

    /// The principal as an agent whom requests can be handed to, when it is one: not where it is
    /// locked.
    package var activeAgent: Agent? {
        isLocked ? nil : agent
    }

    /// The encoded hash of an agent's password; `nil` for everybody else.
    package var passwordHash: String? {
        if case .agent(_, _, let hash, _) = details { hash } else { nil }
    }

    /// Whether it is an agent who is locked out.
    package var isLocked: Bool {
        if case .agent(_, _, _, let isLocked) = details { isLocked } else { false }
    }

    /// The principal as an agent, when it is one.
    package var agent: Agent? {
        switch details {
        case .agent: Agent(id: AgentID(id), name: name)
        case .guest, .external, .registered, .integration, .partner: nil
        }
    }
}

/// A key with which an integration or partner signs in.
///
/// The key itself is kept nowhere.
package struct APIKeyRecord: Hashable, Sendable {
    /// The part of the key by which it is found; no secret.
    package let keyID: String
    /// Whose key it is.
    package let principal: PrincipalID
    /// SHA-256 of the key's secret part.
    package let secret: Digest
    /// When it was revoked, or is by itself, as its successor's maker has said; `nil` for never.
    ///
    /// A revoked key is kept, so that its holder can be told.
    package let endsAt: Timestamp?

    /// Describes a key.
    package init(
        keyID: String,
        principal: PrincipalID,
        secret: Digest,
        endsAt: Timestamp? = nil
    ) {
        self.keyID = keyID
        self.principal = principal
        self.secret = secret
        self.endsAt = endsAt
    }

    /// Whether it opens sessions at a moment.
    package func isUsable(at moment: Timestamp) -> Bool {
        endsAt.map { moment < $0 } ?? true
    }
}

/// A key with what is told of it: everything but its secret.
package struct APIKeyEntry: Hashable, Sendable {
    /// The part of the key by which it is found; no secret.
    package let keyID: String
    /// Whose key it is.
    package let owner: PrincipalRecord
    /// When it was made.
    package let createdAt: Timestamp
    /// When it last opened a session; `nil` for never, or before this was kept.
    package var lastUsedAt: Timestamp?
    /// When it ends by itself; `nil` for never.
    package var expiresAt: Timestamp?
    /// When it was revoked.
    package var revokedAt: Timestamp?

    /// Describes a key.
    package init(
        keyID: String,
        owner: PrincipalRecord,
        createdAt: Timestamp,
        lastUsedAt: Timestamp? = nil,
        expiresAt: Timestamp? = nil,
        revokedAt: Timestamp? = nil
    ) {
        self.keyID = keyID
        self.owner = owner
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
    }
}

/// A time during which somebody is signed in.
///
/// The token itself is kept nowhere.
package struct SessionRecord: Hashable, Sendable {
    /// SHA-256 of the token.
    package let token: Digest
    /// Who is signed in.
    package var principal: Principal
    /// When the session ends by itself.
    package var expiresAt: Timestamp
    /// The key that opened it, if one did.
    package let keyID: String?

    /// What names it to everybody but its holder.
    package var id: SessionID { token.sessionID }

    /// Describes a session.
    package init(
        token: Digest,
        principal: Principal,
        expiresAt: Timestamp,
        keyID: String? = nil
    ) {
        self.token = token
        self.principal = principal
        self.expiresAt = expiresAt
        self.keyID = keyID
    }
}

/// A session of somebody who is known.
package struct SessionEntry: Hashable, Sendable {
    /// SHA-256 of the token.
    package let token: Digest
    /// When the session ends by itself.
    package let expiresAt: Timestamp
    /// The key that opened it; `nil` where none did, or where that is not known.
    package let keyID: String?

    /// Describes a session.
    package init(token: Digest, expiresAt: Timestamp, keyID: String?) {
        self.token = token
        self.expiresAt = expiresAt
        self.keyID = keyID
    }
}
