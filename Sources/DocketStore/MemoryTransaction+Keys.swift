internal import DocketDomain

/// Keys and sessions.
extension MemoryTransaction {
    func apiKey(_ keyID: String) -> APIKeyRecord? {
        state.keys[keyID].map { key in
            let entry = key.entry
            let ends = [entry.revokedAt, entry.expiresAt].compactMap { $0 }.min()
            return APIKeyRecord(
                keyID: keyID,
                principal: entry.owner.id,
                secret: key.secret,
                endsAt: ends
            )
        }
    }

    func apiKeys(after keyID: String, limit: Int) -> [APIKeyEntry] {
        let behind = state.keys.values.map(\.entry).filter { $0.keyID > keyID }
        return Array(behind.sorted { $0.keyID < $1.keyID }.prefix(limit))
    }

    func insert(_ key: APIKeyRecord, at moment: Timestamp) {
        guard let owner = state.principals[key.principal] else { return }
        state.keys[key.keyID] = MemoryState.Key(
            entry: APIKeyEntry(keyID: key.keyID, owner: owner, createdAt: moment),
            secret: key.secret
        )
    }

    func revokeKeys(of principal: PrincipalID, at moment: Timestamp) {
        for key in state.keys.values where key.entry.owner.id == principal {
            revokeKey(key.entry.keyID, at: moment)
        }
    }

    func revokeKey(_ keyID: String, at moment: Timestamp) {
        guard state.keys[keyID]?.entry.revokedAt == nil else { return }
        state.keys[keyID]?.entry.revokedAt = moment
    }

    func expireKeys(of principal: PrincipalID, at end: Timestamp) {
        for key in state.keys.values where key.entry.owner.id == principal {
            let ends = min(key.entry.expiresAt ?? end, end)
            state.keys[key.entry.keyID]?.entry.expiresAt = ends
        }
    }

    func noteUse(ofKey keyID: String, at moment: Timestamp) {
        state.keys[keyID]?.entry.lastUsedAt = moment
    }

    func session(_ token: Digest) -> SessionRecord? { state.sessions[token] }

    func insert(_ session: SessionRecord) { state.sessions[session.token] = session }

    func hasSession(_ token: Digest) -> Bool { state.sessions[token] != nil }

    func sessions(of principal: PrincipalID, beyond count: Int) -> [SessionEntry] {
        let longest = state.sessions.values.filter { $0.principal.id == principal }
            .sorted { $0.expiresAt > $1.expiresAt }
        return longest.dropFirst(count).map { session in
            SessionEntry(
                token: session.token,
                expiresAt: session.expiresAt,
                keyID: session.keyID
            )
        }
    }

    func end(_ session: Digest, at moment: Timestamp?) {
        guard let moment else {
            state.sessions[session] = nil
            return
        }
        guard let known = state.sessions[session] else { return }
        state.sessions[session]?.expiresAt = min(known.expiresAt, moment)
    }

    func purgeSessions(before moment: Timestamp, limit: Int) -> Int {
        let expired = state.sessions.values.filter { $0.expiresAt < moment }.prefix(limit)
        for session in expired { state.sessions[session.token] = nil }
        return expired.count
    }
}
