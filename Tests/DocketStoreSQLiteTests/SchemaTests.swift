import DeskSupport
import DocketDomain
import DocketStore
import Foundation
import GRDB
import Testing

@testable import DocketStoreSQLite

@Suite("The schema")
struct SchemaTests {
    @Test("A store of the first version is taken over with its keys, which can be revoked then")
    func firstVersion() throws {
        let directory = try TemporaryDirectory()
        var random = SeededGenerator(seed: 5)
        let id = PrincipalID(at: Timestamp(milliseconds: 1), random: &random)
        let secret = DeskFixture.digest(Data([3]))
        let queue = try DatabaseQueue(path: directory.path + "/docket.sqlite")
        try Schema.migrator.migrate(queue, upTo: "1")
        try queue.write { database in
            try database.execute(sql: "INSERT INTO meta VALUES (1, 7, 0, 1)")
            try database.execute(
                sql: "INSERT INTO principal(id, kind, name, created_at) VALUES (?, ?, 'P', 1)",
                arguments: [Data(id.bytes), Int64(PartyKind.partner.rawValue)]
            )
            try database.execute(
                sql: "INSERT INTO api_key(key_id, principal, secret, created_at) "
                    + "VALUES ('abc', 1, ?, 1)",
                arguments: [secret.data]
            )
        }
        try queue.close()
        let store = try SQLiteStore(directory: directory.path, newEpoch: Epoch(8))
        let key = APIKeyRecord(keyID: "abc", principal: id, secret: secret)
        try store.transact { transaction throws(StoreError) in
            #expect(try transaction.position().epoch == Epoch(7))
            #expect(try transaction.apiKey("abc") == key)
            try transaction.revokeKeys(of: id, at: Timestamp(milliseconds: 2))
            #expect(try transaction.apiKey("abc")?.endsAt == Timestamp(milliseconds: 2))
        }
        #expect(try store.check().isEmpty)
        try store.close()
    }

    @Test("The contacts of an older store are known as what they are, more than a page of them")
    func olderContacts() throws {
        let directory = try TemporaryDirectory()
        var random = SeededGenerator(seed: 6)
        let ids = (0..<1_500).map { _ in
            PrincipalID(at: Timestamp(milliseconds: 1), random: &random)
        }
        let queue = try DatabaseQueue(path: directory.path + "/docket.sqlite")
        try Schema.migrator.migrate(queue, upTo: "2")
        try queue.write { database in
            try database.execute(sql: "INSERT INTO meta VALUES (1, 7, 0, 1)")
            for (index, id) in ids.enumerated() {
                let isIntegration = index == 0
                let isExternal = index == 1
                try database.execute(
                    sql: """
                        INSERT INTO principal(id, kind, name, secret, integration, external_id,
                            created_at) VALUES (?, ?, ?, ?, ?, ?, 5)
                        """,
                    arguments: [
                        Data(id.bytes), isIntegration ? 3 : 1, "Contact \(index)",
                        isExternal ? nil : DeskFixture.digest(Data(id.bytes)).data,
                        isExternal ? 1 : nil, isExternal ? "+49" : nil,
                    ]
                )
            }
        }
        try queue.close()
        let store = try SQLiteStore(directory: directory.path, newEpoch: Epoch(8))
        try store.read { reading throws(StoreError) in
            let all = try reading.contacts(.namePrefix(""), after: .start, limit: .max)
            #expect(all.count == 1_499)
            let byAddress = ContactCriterion.address(ContactAddress(.externalID, "+49"))
            let external = try reading.contacts(byAddress, after: .start, limit: 2)
            #expect(external.map(\.profile.id) == [ContactID(ids[1])])
            let guest = try reading.profile(of: ContactID(ids[1_499]))
            #expect(guest?.origin == .guest && guest?.name == "Contact 1499")
            #expect(guest?.createdAt == Timestamp(milliseconds: 5) && guest?.version == 1)
        }
        #expect(try store.check().isEmpty)
        try store.close()
    }
}
