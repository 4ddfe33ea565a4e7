internal import DocketDomain
internal import DocketMessages
internal import DocketStore
internal import Foundation
internal import SwiftProtobuf

/// What ends sessions, and is answered with how many.
protocol AccessChange: DeskCommand {}

extension AccessChange {
    var takesAccess: Bool { true }
    var endsSessions: Bool { true }

    func earlierResult(
        at offset: UInt64,
        _ payload: Data?,
        in step: Step
    ) throws(Interruption) -> Acceptance.Result? {
        guard let payload,
            let reply = try? Docket_V1_RevokeSessionsReply(serializedBytes: payload)
        else { return nil }
        return .sessionsEnded(reply.ended)
    }
}

// MARK: Passwords and locks

/// Locks an agent out.
///
/// Its requests stay with it: whom they go to is for people to say.
struct AgentLocking: AccessChange {
    let agent: AgentID

    func perform(in step: inout Step) throws(Interruption) -> Acceptance {
        try step.requireAdministrator()
        let record = try step.knownAgent(agent)
        guard !record.isLocked else { throw .rejected(.noChange) }
        if record.principal.isAdministrator {
            let active = try step.workspace.find(AdministratorsNeed(limit: 2))
            guard active > 1 else { throw .rejected(.lastAdministrator) }
        }
        return try step.change(record.signingIn(isLocked: true), .locked)
    }
}

/// Lets an agent sign in again.
struct AgentUnlocking: AccessChange {
    let agent: AgentID

    var takesAccess: Bool { false }

    func perform(in step: inout Step) throws(Interruption) -> Acceptance {
        try step.requireAdministrator()
        let record = try step.knownAgent(agent)
        guard record.isLocked else { throw .rejected(.noChange) }
        return try step.change(record.signingIn(isLocked: false), .unlocked)
    }
}

/// Sets an agent's password.
struct PasswordSetting: AccessChange {
    let agent: AgentID
    let hash: String

    func perform(in step: inout Step) throws(Interruption) -> Acceptance {
        try step.requireAdministrator()
        let record = try step.knownAgent(agent)
        return try step.change(record.signingIn(passwordHash: hash), .passwordSet)
    }
}

/// Changes the author's own password.
///
/// The old one was checked before this was submitted: where another was set in between, it is the
/// wrong one by now.
struct PasswordChange: AccessChange {
    /// The hash to which the old password belongs; `nil` where that is wrong.
    let old: String?
    let new: String
    /// The session that goes on.
    let kept: Digest

    func perform(in step: inout Step) throws(Interruption) -> Acceptance {
        guard let agent = step.submission.principal?.agent?.agent.id else {
            throw .rejected(.notPermitted)
        }
        let record = try step.knownAgent(agent)
        guard let old, old == record.passwordHash else { throw .rejected(.wrongPassword) }
        return try step.change(record.signingIn(passwordHash: new), .passwordSet, keeping: kept)
    }
}

// MARK: Keys

/// Gives an integration or a partner a further key, after which the earlier ones last for a while,
/// or until they are revoked.
struct KeyAddition: DeskCommand {
    let key: APIKeyRecord
    let grace: Duration?

    var endsSessions: Bool { true }

    func perform(in step: inout Step) throws(Interruption) -> Acceptance {
        try step.requireAdministrator()
        let owner = try step.knownKeyHolder(key.principal)
        var shortened: [SessionEntry] = []
        let end = grace.map { step.now + $0 }
        if let end {
            step.change(.expireKeys(of: owner.id, at: end))
            let sessions = try step.workspace.find(SessionsNeed(principal: owner.id))
            shortened = sessions.filter { $0.expiresAt > end }
        }
        step.change(.key(key))
        let added = AdministrativeChange(
            owner.subject,
            name: owner.name,
            .keyAdded,
            fields: [FieldChange(field: "key", before: "", after: key.keyID)]
        )
        let offset = step.note(added, ending: shortened.map(\.token), at: end)
        step.keep(.accepted(offset: offset, payload: owner.id.data))
        return Acceptance(offset: offset, result: .principal(owner.principal.party))
    }

    func earlierResult(
        at offset: UInt64,
        _ payload: Data?,
        in step: Step
    ) throws(Interruption) -> Acceptance.Result? {
        try step.workspace.find(PrincipalNeed(key.principal)).map {
            .principal($0.principal.party)
        }
    }
}

/// Ends one key and the sessions that it opened.
struct KeyRevocation: AccessChange {
    let keyID: String

    func perform(in step: inout Step) throws(Interruption) -> Acceptance {
        try step.requireAdministrator()
        guard let key = try step.workspace.find(KeyNeed(keyID: keyID)) else {
            throw .rejected(.notFound)
        }
        let owner = try step.knownKeyHolder(key.principal)
        step.change(.revokeKey(keyID))
        // Of which it is not known what opened them, they end with any key.
        let sessions = try step.workspace.find(SessionsNeed(principal: owner.id))
        return step.end(
            sessions.filter { $0.keyID == nil || $0.keyID == keyID },
            because: AdministrativeChange(
                owner.subject,
                name: owner.name,
                .keysRevoked,
                fields: [FieldChange(field: "key", before: keyID, after: "")]
            )
        )
    }
}

/// Ends every session of a principal, perhaps with its keys.
struct SessionsEnding: AccessChange {
    let principal: PrincipalID
    let revokesKeys: Bool

    func perform(in step: inout Step) throws(Interruption) -> Acceptance {
        try step.requireAdministrator()
        let known = try step.workspace.find(PrincipalNeed(principal))
        guard let known, !revokesKeys || known.mayHaveKeys else { throw .rejected(.notFound) }
        if revokesKeys { step.change(.revokeKeys(of: principal)) }
        return step.end(
            try step.workspace.find(SessionsNeed(principal: principal)),
            because: AdministrativeChange(
                known.subject,
                name: known.name,
                revokesKeys ? .keysRevoked : .sessionsEnded
            )
        )
    }
}

// MARK: Sessions

/// Ends one session.
struct SessionEnding: AccessChange {
    let token: Digest

    func perform(in step: inout Step) throws(Interruption) -> Acceptance {
        let principal = try step.principal()
        let isThere = try step.workspace.find(SessionNeed(token: token))
        if isThere { try step.noteSignOut(of: principal, ending: [token]) }
        return step.acceptEnding(of: isThere ? 1 : 0, at: 0)
    }
}

/// Opens a session, while what was checked to open it still holds.
struct SessionOpening: UnrepeatedCommand {
    let session: SessionRecord
    let proof: SignInProof?

    func perform(in step: inout Step) throws(Interruption) -> Acceptance {
        let admitted = try admitted(at: step.now, step.workspace)
        if case .key(let keyID) = proof { step.change(.useKey(keyID)) }
        if let id = admitted.principal.id {
            let limits = step.conditions.limits
            let count =
                if case .contact = admitted.principal.identity { limits.sessionsOfContact } else {
                    limits.sessionsOfStaff
                }
            // This one is beside them.
            let need = SessionsNeed(principal: id, beyond: max(count - 1, 0))
            let oldest = try step.workspace.find(need).filter { $0.expiresAt > step.now }
            if !oldest.isEmpty {
                let count = FieldChange(
                    field: "oldest_sessions",
                    before: "\(oldest.count)",
                    after: ""
                )
                try step.noteSignOut(
                    of: admitted.principal,
                    ending: oldest.map(\.token),
                    fields: [count]
                )
            }
        }
        step.change(.session(admitted))
        return Acceptance(offset: 0, result: .sessionOpened(admitted))
    }

    /// The session as it may be opened at a moment.
    ///
    /// It ends with the key that opens it, also where that got its end since it was checked.
    ///
    /// - Throws: `Rejection.notPermitted` where what was checked holds no longer.
    func admitted(
        at now: Timestamp,
        _ workspace: Workspace
    ) throws(Interruption) -> SessionRecord {
        switch proof {
        case nil: return session
        case .key(let keyID):
            guard let key = try workspace.find(KeyNeed(keyID: keyID)), key.isUsable(at: now) else {
                throw .rejected(.notPermitted)
            }
            var session = session
            if let end = key.endsAt { session.expiresAt = min(session.expiresAt, end) }
            return session
        case .password(let hash):
            guard let id = session.principal.id,
                let record = try workspace.find(PrincipalNeed(id)), !record.isLocked,
                record.passwordHash == hash
            else { throw .rejected(.notPermitted) }
            return session
        }
    }
}

extension Step {
    fileprivate func knownAgent(_ agent: AgentID) throws(Interruption) -> PrincipalRecord {
        let record = try workspace.find(PrincipalNeed(PrincipalID(agent)))
        guard let record, record.agent != nil else { throw .rejected(.notFound) }
        return record
    }

    /// An integration or a partner: nobody else has keys.
    fileprivate func knownKeyHolder(_ id: PrincipalID) throws(Interruption) -> PrincipalRecord {
        let record = try workspace.find(PrincipalNeed(id))
        guard let record, record.mayHaveKeys else { throw .rejected(.notFound) }
        return record
    }

    /// Keeps how an agent signs in from now on, and ends its sessions but one: they were opened as
    /// it signed in before.
    fileprivate mutating func change(
        _ agent: PrincipalRecord,
        _ action: AdministrativeChange.Action,
        keeping session: Digest? = nil
    ) throws(Interruption) -> Acceptance {
        change(.signIn(of: agent))
        let sessions = try workspace.find(SessionsNeed(principal: agent.id))
        return end(
            sessions.filter { $0.token != session },
            because: AdministrativeChange(agent.subject, name: agent.name, action)
        )
    }

    /// Ends sessions, tells the log why, and answers with how many they were.
    fileprivate mutating func end(
        _ sessions: [SessionEntry],
        because reason: AdministrativeChange
    ) -> Acceptance {
        let offset = note(reason, ending: sessions.map(\.token))
        return acceptEnding(of: sessions.count, at: offset)
    }

    /// Ends sessions of somebody who signs out, or who has too many.
    ///
    /// Its author reads no such entry, so that nothing is answered with its place.
    fileprivate mutating func noteSignOut(
        of principal: Principal,
        ending sessions: [Digest],
        fields: [FieldChange] = []
    ) throws(Interruption) {
        let subject: AdministrativeChange.Subject
        switch principal.identity {
        case .contact(let id): subject = .contact(id)
        case .agent(let id, _): subject = .agent(id)
        case .integration(let id, _): subject = .integration(id)
        case .partner(let id): subject = .partner(id)
        case .desk: throw .rejected(.notPermitted)
        }
        let change = AdministrativeChange(subject, name: principal.name, .signedOut, fields: fields)
        _ = note(change, ending: sessions)
    }

    fileprivate mutating func acceptEnding(of count: Int, at offset: UInt64) -> Acceptance {
        var reply = Docket_V1_RevokeSessionsReply()
        reply.ended = UInt32(clamping: count)
        keep(.accepted(offset: offset, payload: reply.payload))
        return Acceptance(offset: offset, result: .sessionsEnded(reply.ended))
    }
}

extension PrincipalRecord {
    /// The agent with another password or lock; anybody else unchanged.
    fileprivate func signingIn(
        passwordHash: String? = nil,
        isLocked: Bool? = nil
    ) -> PrincipalRecord {
        guard case .agent(let role, let login, let hash, let wasLocked) = details else {
            return self
        }
        return PrincipalRecord(
            id: id,
            name: name,
            details: .agent(
                role,
                login: login,
                passwordHash: passwordHash ?? hash,
                isLocked: isLocked ?? wasLocked
            )
        )
    }
}
