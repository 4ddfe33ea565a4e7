internal import DocketDomain
internal import DocketStore

/// What people sign in with.
extension BatchRun {
    /// Locks an agent out.
    ///
    /// Its requests stay with it: whom they go to is for people to say.
    mutating func lock(
        _ agent: AgentID,
        _ submission: Submission
    ) throws(Interruption) -> Acceptance {
        let record = try known(agent)
        guard !record.isLocked else { throw .rejected(.noChange) }
        if record.principal.isAdministrator {
            let active = try storing { () throws(StoreError) in
                try transaction.activeAdministrators(limit: 2)
            }
            guard active > 1 else { throw .rejected(.lastAdministrator) }
        }
        return try change(record.signingIn(isLocked: true), .locked, submission)
    }

    /// Lets an agent sign in again.
    mutating func unlock(
        _ agent: AgentID,
        _ submission: Submission
    ) throws(Interruption) -> Acceptance {
        let record = try known(agent)
        guard record.isLocked else { throw .rejected(.noChange) }
        return try change(record.signingIn(isLocked: false), .unlocked, submission)
    }

    /// Sets an agent's password.
    mutating func setPassword(
        _ hash: String,
        of agent: AgentID,
        _ submission: Submission
    ) throws(Interruption) -> Acceptance {
        try change(try known(agent).signingIn(passwordHash: hash), .passwordSet, submission)
    }

    /// Changes the author's own password.
    ///
    /// The old one was checked before this transaction began: where another was set in between,
    /// it is the wrong one by now.
    mutating func changePassword(
        from old: String?,
        to hash: String,
        keeping session: Digest,
        _ submission: Submission
    ) throws(Interruption) -> Acceptance {
        guard let agent = submission.principal?.agent?.agent.id else {
            throw .rejected(.notPermitted)
        }
        let record = try known(agent)
        guard let old, old == record.passwordHash else { throw .rejected(.wrongPassword) }
        let changed = record.signingIn(passwordHash: hash)
        return try change(changed, .passwordSet, keeping: session, submission)
    }

    /// Gives an integration or a partner a further key.
    mutating func add(
        _ key: APIKeyRecord,
        grace: Duration?,
        _ submission: Submission
    ) throws(Interruption) -> Acceptance {
        let owner = try keyHolder(key.principal)
        do throws(StoreError) {
            if let grace {
                let end = now + grace
                try transaction.expireKeys(of: owner.id, at: end)
                let shortened = try transaction.shortenSessions(of: owner.id, to: end)
                outcome.sessionEnds += shortened.map { SessionEnd($0, at: end) }
            }
            try transaction.insert(key, at: now)
            let offset = try note(
                AdministrativeChange(
                    owner.subject,
                    name: owner.name,
                    .keyAdded,
                    fields: [FieldChange(field: "key", before: "", after: key.keyID)]
                ),
                by: submission.principal
            )
            try keep(.accepted(offset: offset, payload: owner.id.data), of: submission)
            return Acceptance(offset: offset, result: .principal(owner.principal.party))
        } catch {
            throw .store(error)
        }
    }

    /// Ends one key and the sessions that it opened.
    mutating func revoke(
        _ keyID: String,
        _ submission: Submission
    ) throws(Interruption) -> Acceptance {
        let key = try storing { () throws(StoreError) in try transaction.apiKey(keyID) }
        guard let key else { throw .rejected(.notFound) }
        let owner = try keyHolder(key.principal)
        do throws(StoreError) {
            try transaction.revokeKey(keyID, at: now)
            let ended = try transaction.endSessions(of: owner.id, openedBy: keyID)
            outcome.sessionEnds += ended.map { SessionEnd($0) }
            let offset = try note(
                AdministrativeChange(
                    owner.subject,
                    name: owner.name,
                    .keysRevoked,
                    fields: [FieldChange(field: "key", before: keyID, after: "")]
                ),
                by: submission.principal
            )
            return try acceptEnding(of: UInt32(clamping: ended.count), at: offset, submission)
        } catch {
            throw .store(error)
        }
    }

    /// Opens a session, while what was checked to open it still holds.
    mutating func openSession(
        _ session: SessionRecord,
        _ proof: SignInProof?
    ) throws(Interruption) -> Acceptance {
        let admitted = try storing { () throws(StoreError) in
            try Self.admitted(session, by: proof, at: now, transaction)
        }
        guard let admitted else { throw .rejected(.notPermitted) }
        try storing { () throws(StoreError) in
            if case .key(let keyID) = proof { try transaction.noteUse(ofKey: keyID, at: now) }
            try transaction.insert(admitted)
            try endSurplus(of: admitted.principal)
        }
        return Acceptance(offset: 0, result: .sessionOpened(admitted))
    }

    /// Ends those sessions of somebody that are more than they may have.
    private mutating func endSurplus(of principal: Principal) throws(StoreError) {
        guard let id = principal.id else { return }
        let limits = parts.limits
        let count =
            if case .contact = principal.identity { limits.sessionsOfContact } else {
                limits.sessionsOfStaff
            }
        let ended = try transaction.endSessions(of: id, beyond: count)
        outcome.sessionEnds += ended.map { SessionEnd($0) }
    }

    /// The session as it may be opened at a moment; nil where what was checked holds no longer.
    ///
    /// It ends with the key that opens it, also where that got its end since it was checked.
    static func admitted(
        _ session: SessionRecord,
        by proof: SignInProof?,
        at now: Timestamp,
        _ reading: any StoreReading
    ) throws(StoreError) -> SessionRecord? {
        switch proof {
        case nil: return session
        case .key(let keyID):
            guard let key = try reading.apiKey(keyID), key.isUsable(at: now) else { return nil }
            var session = session
            if let end = key.endsAt { session.expiresAt = min(session.expiresAt, end) }
            return session
        case .password(let hash):
            guard let id = session.principal.id, let record = try reading.principal(id),
                !record.isLocked, record.passwordHash == hash
            else { return nil }
            return session
        }
    }

    /// Keeps how an agent signs in from now on, and ends its sessions but one: they were opened as
    /// it signed in before.
    private mutating func change(
        _ agent: PrincipalRecord,
        _ action: AdministrativeChange.Action,
        keeping session: Digest? = nil,
        _ submission: Submission
    ) throws(Interruption) -> Acceptance {
        do throws(StoreError) {
            try transaction.updateSignIn(of: agent, at: now)
            let ended = try transaction.endSessions(of: agent.id, except: session)
            outcome.sessionEnds += ended.map { SessionEnd($0) }
            let change = AdministrativeChange(agent.subject, name: agent.name, action)
            let offset = try note(change, by: submission.principal)
            return try acceptEnding(of: UInt32(clamping: ended.count), at: offset, submission)
        } catch {
            throw .store(error)
        }
    }

    private func known(_ agent: AgentID) throws(Interruption) -> PrincipalRecord {
        let record = try storing { () throws(StoreError) in
            try transaction.principal(PrincipalID(agent))
        }
        guard let record, record.agent != nil else { throw .rejected(.notFound) }
        return record
    }

    /// An integration or a partner: nobody else has keys.
    private func keyHolder(_ id: PrincipalID) throws(Interruption) -> PrincipalRecord {
        let record = try storing { () throws(StoreError) in try transaction.principal(id) }
        guard let record, record.mayHaveKeys else { throw .rejected(.notFound) }
        return record
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
