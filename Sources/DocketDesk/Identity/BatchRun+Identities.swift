internal import DocketDomain
internal import DocketMessages
internal import DocketStore
internal import Foundation
internal import SwiftProtobuf

extension BatchRun {
    /// Changes who may sign in.
    mutating func perform(
        _ change: IdentityChange,
        of submission: Submission
    ) throws(Interruption) -> Acceptance {
        do throws(Rejection) {
            try check(change, by: submission.principal)
        } catch {
            throw .rejected(error)
        }
        switch change {
        case .createGuest(let id, let name, let secret):
            return try create(
                PrincipalRecord(id: PrincipalID(id), name: name, details: .guest(secret: secret)),
                of: submission
            )
        case .ensureContact(let id, let externalID, let name):
            return try ensureContact(id, externalID, name, of: submission)
        case .createAgent(let id, let name, let role, let login, let passwordHash):
            return try createAgent(
                PrincipalRecord(
                    id: PrincipalID(id),
                    name: name,
                    details: .agent(role, login: login, passwordHash: passwordHash)
                ),
                login: login,
                of: submission
            )
        case .createKeyHolder(let id, let name, let channel, let key):
            return try create(
                PrincipalRecord(
                    id: id,
                    name: name,
                    details: channel.map { .integration($0) } ?? .partner
                ),
                key: key,
                of: submission
            )
        case .lockAgent(let agent): return try lock(agent, submission)
        case .unlockAgent(let agent): return try unlock(agent, submission)
        case .setPassword(let agent, let hash): return try setPassword(hash, of: agent, submission)
        case .changePassword(let old, let new, let session):
            return try changePassword(from: old, to: new, keeping: session, submission)
        case .addKey(let key, let grace): return try add(key, grace: grace, submission)
        case .revokeKey(let keyID): return try revoke(keyID, submission)
        case .revokeKeys(let principal):
            return try endSessions(of: principal, revokingKeys: true, submission)
        case .endSessions(let principal):
            return try endSessions(of: principal, revokingKeys: false, submission)
        case .endSession(let token):
            return try endSession(token, submission)
        case .openSession(let session, let proof): return try openSession(session, proof)
        }
    }

    /// Refuses what the principal may not do, and names that are none.
    private func check(
        _ change: IdentityChange,
        by principal: Principal?
    ) throws(Rejection) {
        switch change {
        case .createGuest(_, let name, _):
            try check(name, .name)
        case .ensureContact(_, let externalID, let name):
            switch principal?.identity {
            case .integration, .partner: break
            case .contact, .agent, .desk, nil: throw .notPermitted
            }
            try check(name, .name)
            try check(externalID, .externalID, bytes: TextLimits.externalIDBytes)
        case .createAgent(_, let name, _, let login, _):
            guard principal?.isAdministrator == true else { throw .notPermitted }
            try check(name, .name)
            try check(login, .login)
        case .createKeyHolder(_, let name, let channel, _):
            guard principal?.isAdministrator == true else { throw .notPermitted }
            try check(name, .name)
            guard channel.map({ policy.channel($0) != nil }) ?? true else {
                throw .unknownChannel
            }
        case .lockAgent, .unlockAgent, .setPassword, .addKey, .revokeKey, .revokeKeys,
            .endSessions:
            guard principal?.isAdministrator == true else { throw .notPermitted }
        case .changePassword:
            guard principal?.agent != nil else { throw .notPermitted }
        case .endSession, .openSession:
            return
        }
    }

    /// Refuses a text in which nobody would see anything, or that has more than so many bytes.
    func check(
        _ text: String,
        _ field: TextField,
        bytes limit: Int = TextLimits.nameBytes
    ) throws(Rejection) {
        guard text.isVisible else { throw .textEmpty(field) }
        guard text.utf8.count <= limit else { throw .textTooLong(field, limit: UInt64(limit)) }
    }

    private mutating func create(
        _ record: PrincipalRecord,
        key: APIKeyRecord? = nil,
        of submission: Submission
    ) throws(Interruption) -> Acceptance {
        do throws(StoreError) {
            try transaction.insert(record, at: now)
            if let key { try transaction.insert(key, at: now) }
            let offset = try noteCreation(of: record, key: key, by: submission.principal)
            try keep(.created(offset: offset), of: submission)
            return Acceptance(offset: offset, result: .principal(record.principal.party))
        } catch {
            throw .store(error)
        }
    }

    /// Tells the log of somebody new, and gives the offset.
    ///
    /// Not of contacts who come by themselves: no one of the company has done anything, and what
    /// they do is told from their first conversation on. Their offset is 0.
    private mutating func noteCreation(
        of record: PrincipalRecord,
        key: APIKeyRecord?,
        by principal: Principal?
    ) throws(StoreError) -> UInt64 {
        switch record.details {
        case .guest, .external: 0
        case .agent, .integration, .partner, .registered:
            try note(AdministrativeChange(created: record, key: key), by: principal)
        }
    }

    private mutating func ensureContact(
        _ id: ContactID,
        _ externalID: String,
        _ name: String,
        of submission: Submission
    ) throws(Interruption) -> Acceptance {
        guard let integration = submission.principal?.id else { throw .rejected(.notPermitted) }
        let known = try storing { () throws(StoreError) in
            try transaction.contact(of: integration, externalID: externalID)
        }
        guard let known else {
            let details = PrincipalRecord.Details.external(
                integration: integration,
                externalID: externalID
            )
            return try create(
                PrincipalRecord(id: PrincipalID(id), name: name, details: details),
                of: submission
            )
        }
        try storing { () throws(StoreError) in
            try keep(.accepted(offset: 0, payload: known.id.data), of: submission)
        }
        return Acceptance(offset: 0, result: .principal(known.principal.party))
    }

    private mutating func createAgent(
        _ record: PrincipalRecord,
        login: String,
        of submission: Submission
    ) throws(Interruption) -> Acceptance {
        let other = try storing { () throws(StoreError) in try transaction.agent(login: login) }
        guard other == nil else { throw .rejected(.loginTaken) }
        return try create(record, of: submission)
    }

    private mutating func endSessions(
        of principal: PrincipalID,
        revokingKeys: Bool,
        _ submission: Submission
    ) throws(Interruption) -> Acceptance {
        let transaction = transaction
        let known = try storing { () throws(StoreError) in try transaction.principal(principal) }
        guard let known, !revokingKeys || known.mayHaveKeys else { throw .rejected(.notFound) }
        do throws(StoreError) {
            if revokingKeys { try transaction.revokeKeys(of: principal, at: now) }
            let ended = try transaction.endSessions(of: principal, except: nil)
            outcome.sessionEnds += ended.map { SessionEnd($0) }
            let change = AdministrativeChange(
                known.subject,
                name: known.name,
                revokingKeys ? .keysRevoked : .sessionsEnded
            )
            let offset = try note(change, by: submission.principal)
            return try acceptEnding(of: UInt32(clamping: ended.count), at: offset, submission)
        } catch {
            throw .store(error)
        }
    }

    private mutating func endSession(
        _ token: Digest,
        _ submission: Submission
    ) throws(Interruption) -> Acceptance {
        let transaction = transaction
        let isEnded = try storing { () throws(StoreError) in try transaction.endSession(token) }
        if isEnded { outcome.sessionEnds.append(SessionEnd(token)) }
        return try storing { () throws(StoreError) in
            try acceptEnding(of: isEnded ? 1 : 0, at: 0, submission)
        }
    }

    func acceptEnding(
        of count: UInt32,
        at offset: UInt64,
        _ submission: Submission
    ) throws(StoreError) -> Acceptance {
        var reply = Docket_V1_RevokeSessionsReply()
        reply.ended = count
        let payload: Data = (try? reply.serializedBytes()) ?? Data()
        try keep(.accepted(offset: offset, payload: payload), of: submission)
        return Acceptance(offset: offset, result: .sessionsEnded(count))
    }

    /// Writes the sessions for which the store had no room before.
    mutating func writeSessions() throws(StoreError) {
        for session in parts.unwritten.sessions(at: now) {
            try transaction.insert(session)
            outcome.writtenSessions.append(session.token)
        }
    }

    /// Runs what uses the store.
    func storing<Result>(
        _ body: () throws(StoreError) -> Result
    ) throws(Interruption) -> Result {
        do {
            return try body()
        } catch {
            throw .store(error)
        }
    }

    /// The answer that a change was given before.
    func result(
        of change: IdentityChange,
        key: Submission.Key,
        payload: Data?
    ) throws(StoreError) -> Acceptance.Result? {
        switch change {
        case .createGuest, .createAgent, .createKeyHolder, .ensureContact:
            let id = payload.flatMap { PrincipalID(bytes: $0) } ?? PrincipalID(key.id)
            return try transaction.principal(id).map { .principal($0.principal.party) }
        case .addKey(let key, _):
            return try transaction.principal(key.principal).map { .principal($0.principal.party) }
        case .lockAgent, .unlockAgent, .setPassword, .changePassword, .revokeKey, .revokeKeys,
            .endSessions, .endSession:
            guard let payload,
                let reply = try? Docket_V1_RevokeSessionsReply(serializedBytes: payload)
            else { return nil }
            return .sessionsEnded(reply.ended)
        case .openSession:
            return nil
        }
    }
}
