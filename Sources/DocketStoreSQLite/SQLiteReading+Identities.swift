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

    func contact(
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
                isRevoked: !row.isNull(3)
            )
        }
    }

    func session(_ token: Digest) throws(StoreError) -> SessionRecord? {
        try row(Statements.session, [.digest(token)]) { row in
            SessionRecord(
                token: token,
                principal: try row.principal().principal,
                expiresAt: row.moment(10)
            )
        }
    }
}
