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

    func end(_ session: Digest, at moment: Timestamp?) throws(StoreError) {
        if let moment {
            try execute(Statements.shortenSession, [.moment(moment), .digest(session)])
        } else {
            try execute(Statements.endSession, [.digest(session)])
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
