internal import DocketDomain
internal import DocketStore
internal import Foundation
internal import GRDB

extension SQLiteReading {
    func principal(_ id: PrincipalID) throws(StoreError) -> PrincipalRecord? {
        try row(Statements.principal, [id.data]) { try $0.principal() }
    }

    func agent(login: String) throws(StoreError) -> PrincipalRecord? {
        try row(Statements.agentByLogin, [login]) { try $0.principal() }
    }

    func agents() throws(StoreError) -> [PrincipalRecord] {
        try rows(Statements.agents, []) { try $0.principal() }
    }

    func contact(
        of integration: PrincipalID,
        externalID: String
    ) throws(StoreError) -> PrincipalRecord? {
        try row(Statements.externalContact, [integration.data, externalID]) { row in
            try row.principal()
        }
    }

    func apiKey(_ keyID: String) throws(StoreError) -> APIKeyRecord? {
        try row(Statements.apiKey, [keyID]) { row in
            APIKeyRecord(
                keyID: row.text(0),
                principal: try row.id(1),
                secret: try row.digest(2),
                isRevoked: !row.isNull(3)
            )
        }
    }

    func session(_ token: Digest) throws(StoreError) -> SessionRecord? {
        try row(Statements.session, [token.bytes]) { row in
            SessionRecord(
                token: token,
                principal: try row.principal().principal,
                expiresAt: row.moment(10)
            )
        }
    }
}
