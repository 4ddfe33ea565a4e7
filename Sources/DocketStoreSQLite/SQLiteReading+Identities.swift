internal import DocketDomain
internal import DocketStore
internal import Foundation
internal import GRDB

extension SQLiteReading {
    func principal(_ id: PrincipalID) throws(StoreError) -> PrincipalRecord? {
        try row(Statements.principal, [.id(id)]) { try $0.principal() }
    }

    func agent(login: String) throws(StoreError) -> PrincipalRecord? {
        try row(Statements.agentByLogin, [.text(login)]) { try $0.principal() }
    }

    func agents(after login: String, limit: Int) throws(StoreError) -> [PrincipalRecord] {
        try rows(Statements.agents, [.text(login), .number(limit)]) { try $0.principal() }
    }

    func activeAdministrators(limit: Int) throws(StoreError) -> Int {
        let role = Int64(AgentRole.administrator.rawValue)
        let values: [2 of SQLValue] = [.integer(role), .number(limit)]
        return try row(Statements.activeAdministrators, values) { Int(clamping: $0.integer(0)) }
            ?? 0
    }

    func contact(
        of integration: PrincipalID,
        externalID: String
    ) throws(StoreError) -> PrincipalRecord? {
        try storedContact(of: integration, externalID: externalID)
    }

    func storedContact(
        of integration: PrincipalID,
        externalID: String
    ) throws(StoreError) -> PrincipalRecord? {
        try row(Statements.externalContact, [.id(integration), .text(externalID)]) { row in
            try row.principal()
        }
    }

    func apiKey(_ keyID: String) throws(StoreError) -> APIKeyRecord? {
        try row(Statements.apiKey, [.text(keyID)]) { row in
            APIKeyRecord(
                keyID: row.text(0),
                principal: try row.id(1),
                secret: try row.digest(2),
                endsAt: [row.optionalMoment(3), row.optionalMoment(4)].compactMap { $0 }.min()
            )
        }
    }

    func apiKeys(after keyID: String, limit: Int) throws(StoreError) -> [APIKeyEntry] {
        try rows(Statements.apiKeys, [.text(keyID), .number(limit)]) { row in
            APIKeyEntry(
                keyID: row.text(11),
                owner: try row.principal(),
                createdAt: row.moment(12),
                lastUsedAt: row.optionalMoment(13),
                expiresAt: row.optionalMoment(14),
                revokedAt: row.optionalMoment(15)
            )
        }
    }

    func session(_ token: Digest) throws(StoreError) -> SessionRecord? {
        try row(Statements.session, [.digest(token)]) { row in
            SessionRecord(
                token: token,
                principal: try row.principal().principal,
                expiresAt: row.moment(11),
                keyID: row.optionalText(12)
            )
        }
    }

    func hasSession(_ token: Digest) throws(StoreError) -> Bool {
        try row(Statements.hasSession, [.digest(token)]) { _ in true } ?? false
    }

    func sessions(
        of principal: PrincipalID,
        beyond count: Int
    ) throws(StoreError) -> [SessionEntry] {
        try rows(Statements.sessions, [.id(principal), .number(count)]) { row in
            SessionEntry(
                token: try row.digest(0),
                expiresAt: row.moment(1),
                keyID: row.optionalText(2)
            )
        }
    }
}
