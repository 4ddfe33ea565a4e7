internal import DocketDomain
internal import DocketStore
internal import GRDB

/// Who may sign in, with what, and who is signed in.
extension SQLiteTransaction {
    func updateSignIn(of agent: PrincipalRecord, at moment: Timestamp) throws(StoreError) {
        let columns = PrincipalColumns(agent.details)
        try execute(
            Statements.updateSignIn,
            [
                .id(agent.id), .text(columns.password),
                .moment(agent.isLocked ? moment : nil),
            ]
        )
    }

    func insert(_ key: APIKeyRecord, at moment: Timestamp) throws(StoreError) {
        try execute(
            Statements.insertKey,
            [
                .text(key.keyID), .id(key.principal), .digest(key.secret), .moment(moment),
            ]
        )
    }

    func revokeKeys(of principal: PrincipalID, at moment: Timestamp) throws(StoreError) {
        try execute(Statements.revokeKeys, [.moment(moment), .id(principal)])
    }

    func revokeKey(_ keyID: String, at moment: Timestamp) throws(StoreError) {
        try execute(Statements.revokeKey, [.moment(moment), .text(keyID)])
    }

    func expireKeys(of principal: PrincipalID, at end: Timestamp) throws(StoreError) {
        try execute(Statements.expireKeys, [.moment(end), .id(principal)])
    }

    func noteUse(ofKey keyID: String, at moment: Timestamp) throws(StoreError) {
        try execute(Statements.noteUse, [.moment(moment), .text(keyID)])
    }

    func insert(_ session: SessionRecord) throws(StoreError) {
        try execute(
            Statements.insertSession,
            [
                .digest(session.token), .id(session.principal.id), .moment(session.expiresAt),
                .text(session.keyID),
            ]
        )
    }

    func endSession(_ token: Digest) throws(StoreError) -> Bool {
        try execute(Statements.endSession, [.digest(token)])
        return database.changesCount > 0
    }

    func endSessions(
        of principal: PrincipalID,
        except kept: Digest?
    ) throws(StoreError) -> [Digest] {
        try rows(Statements.endSessions, [.id(principal), .blob(kept?.bytes)]) {
            try $0.digest(0)
        }
    }

    func endSessions(
        of principal: PrincipalID,
        openedBy keyID: String
    ) throws(StoreError) -> [Digest] {
        try rows(Statements.endSessionsOfKey, [.id(principal), .text(keyID)]) {
            try $0.digest(0)
        }
    }

    func endSessions(
        of principal: PrincipalID,
        beyond count: Int
    ) throws(StoreError) -> [Digest] {
        try rows(Statements.endSessionsBeyond, [.id(principal), .number(count)]) {
            try $0.digest(0)
        }
    }

    func shortenSessions(
        of principal: PrincipalID,
        to end: Timestamp
    ) throws(StoreError) -> [Digest] {
        try rows(Statements.shortenSessions, [.moment(end), .id(principal)]) {
            try $0.digest(0)
        }
    }

    func purgeSessions(before moment: Timestamp, limit: Int) throws(StoreError) -> Int {
        try execute(
            Statements.purgeSessions,
            [.moment(moment), .number(limit)]
        )
        return database.changesCount
    }
}
