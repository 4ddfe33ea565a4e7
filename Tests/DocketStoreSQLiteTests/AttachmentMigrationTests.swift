import DeskSupport
import DocketDomain
import DocketStore
import Foundation
import GRDB
import Testing

@testable import DocketStoreSQLite

@Suite("The attachments of a store of the version that forgot none and knew no internal ones")
struct AttachmentMigrationTests {
    private let directory: TemporaryDirectory
    private let ids: [PrincipalID]

    init() throws {
        directory = try TemporaryDirectory()
        var random = SeededGenerator(seed: 5)
        ids = (0..<5).map { index in
            Identifier(at: Timestamp(milliseconds: 1_000 + index), random: &random)
        }
    }

    /// Makes a store as the version before left it: one file that a message names, and one that
    /// none does.
    private func makeOldStore() throws {
        let queue = try DatabaseQueue(path: directory.path + "/docket.sqlite")
        try Schema.migrator.migrate(queue, upTo: "moves")
        try queue.write { database in
            try database.execute(
                sql: "INSERT INTO meta(id, epoch, floor, next_number) VALUES (1, 7, 0, 1)"
            )
            try database.execute(
                sql: """
                    INSERT INTO principal(id, kind, name, secret, created_at)
                    VALUES (?, 1, 'Ada', ?, 1)
                    """,
                arguments: [Data(ids[0].bytes), DeskFixture.digest(Data([1])).data]
            )
            try database.execute(
                sql: """
                    INSERT INTO conversation(id, contact, channel, opened_at)
                    VALUES (?, 1, 'chat', 1)
                    """,
                arguments: [Data(ids[1].bytes)]
            )
            for (id, message) in [(ids[2], ids[4]), (ids[3], nil)] {
                try database.execute(
                    sql: """
                        INSERT INTO attachment(id, conversation, uploader, name, media_type, size,
                            sha256, created_at, message)
                        VALUES (?, 1, 1, 'a', 'text/plain', 3, ?, 10, ?)
                        """,
                    arguments: [
                        Data(id.bytes), Data(repeating: 1, count: 32),
                        message.map { Data($0.bytes) },
                    ]
                )
            }
        }
        try queue.close()
    }

    @Test("They are counted, found by their contents, and forgotten where no message names them")
    func unused() throws {
        try makeOldStore()
        let store = try SQLiteStore(directory: directory.path, newEpoch: Epoch(8))
        let content = [UInt8](repeating: 1, count: 32)
        let moment = Timestamp(milliseconds: 11)
        try store.transact { transaction throws(StoreError) in
            #expect(try transaction.unusedAttachments(of: ids[0], limit: 9) == 1)
            #expect(try transaction.isNamed(content: content))
            #expect(try transaction.discardedContents(before: moment, limit: 9).isEmpty)
            let purged = try transaction.purgeUnusedAttachments(
                before: moment,
                at: moment,
                limit: 9
            )
            #expect(purged == 1)
            #expect(try transaction.attachment(AttachmentID(ids[3])) == nil)
            let named = try transaction.attachment(AttachmentID(ids[2]))
            #expect(named?.message == MessageID(ids[4]))
            #expect(named?.isInternal == false, "messages of internal requests had no files")
            #expect(try transaction.isNamed(content: content))
        }
        #expect(try store.check().isEmpty)
        try store.close()
    }
}
