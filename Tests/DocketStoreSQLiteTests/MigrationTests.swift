import DeskSupport
import DocketDomain
import DocketStore
import Foundation
import GRDB
import Testing

@testable import DocketStoreSQLite

@Suite("A store of the version before requests had a life of their own")
struct MigrationTests {
    private let directory: TemporaryDirectory
    private let ids: [PrincipalID]

    init() throws {
        directory = try TemporaryDirectory()
        var random = SeededGenerator(seed: 5)
        ids = (0..<8).map { index in
            Identifier(at: Timestamp(milliseconds: 1_000 + index), random: &random)
        }
    }

    private var contact: Contact { Contact(id: ContactID(ids[0]), name: "Ada") }
    private var agent: Agent { Agent(id: AgentID(ids[1]), name: "Bo") }
    private var conversation: ConversationID { ConversationID(ids[2]) }
    private var closed: RequestID { RequestID(ids[3]) }
    private var live: RequestID { RequestID(ids[4]) }
    private var command: CommandID { CommandID(ids[5]) }

    /// Makes a store as the version before left it: two requests of one conversation, an agent, a
    /// log, a verdict, a mark and a timer.
    private func makeOldStore() throws {
        let queue = try DatabaseQueue(path: directory.path + "/docket.sqlite")
        try Schema.migrator.migrate(queue, upTo: "2")
        try queue.write { database in
            try database.execute(sql: "INSERT INTO meta VALUES (1, 7, 0, 3)")
            try database.execute(
                sql: """
                    INSERT INTO principal(id, kind, name, role, login, password, secret, created_at)
                    VALUES (?, 1, 'Ada', NULL, NULL, NULL, ?, 1),
                        (?, 2, 'Bo', 1, 'bo', 'h', NULL, 1)
                    """,
                arguments: [
                    Data(ids[0].bytes), DeskFixture.digest(Data([1])).data, Data(ids[1].bytes),
                ]
            )
            try database.execute(
                sql: """
                    INSERT INTO conversation(id, contact, channel, opened_at, newest)
                    VALUES (?, 1, 'chat', 1, 2)
                    """,
                arguments: [Data(conversation.bytes)]
            )
            try database.execute(
                sql: """
                    INSERT INTO request VALUES
                        (1, ?, 1, NULL, 10, 'closed', 5, 20, 2, 4, 2, 1, 20, 'first', NULL, NULL,
                            NULL, 1),
                        (2, ?, 1, ?, 30, 'new', 1, 30, NULL, 2, 1, 0, 30, 'second', 1, 1, 30, 1)
                    """,
                arguments: [Data(closed.bytes), Data(live.bytes), Data(closed.bytes)]
            )
            try insertRest(database)
        }
        try queue.close()
    }

    private func insertRest(_ database: Database) throws {
        try database.execute(
            sql: "INSERT INTO log VALUES (1, 1, 0, x''), (2, 1, 0, x''), (3, 1, 1, x'')"
        )
        try database.execute(
            sql: "INSERT INTO creation VALUES (?, 1, ?, ?)",
            arguments: [
                Data(command.bytes), Data(ids[0].bytes), DeskFixture.digest(Data([2])).data,
            ]
        )
        try database.execute(sql: "INSERT INTO read_mark VALUES (1, 1, 2, 3)")
        try database.execute(sql: "INSERT INTO timer VALUES (2, 1, 1, 600030)")
    }

    @Test("Requests are chats that a message opened, and nothing of them is lost")
    func requests() throws {
        try makeOldStore()
        let store = try SQLiteStore(directory: directory.path, newEpoch: Epoch(8))
        let first = try #require(
            try store.read { reading throws(StoreError) in
                try reading.situation(ofRequest: closed).request
            }
        )
        try store.read { reading throws(StoreError) in
            #expect(first.number == 1 && first.status == "closed" && first.category == .closed)
            #expect(first.assignee == agent && first.contact == contact)
            #expect((first.version, first.sequence, first.noteSequence) == (4, 2, 1))
            #expect(first.description == "first" && first.title == "first")
            let details = RequestDetails(kind: .chat, origin: .line, openedBy: contact.party)
            #expect(first.details == details)
            let situation = try reading.situation(of: conversation)
            #expect(situation.request?.id == live && situation.request?.previous == closed)
            #expect(situation.request?.session?.ordinal == 1)
            #expect(situation.request?.details == details)
            let neighbours = try reading.neighbours(of: first)
            #expect(neighbours.previous == nil && neighbours.next?.id == live)
        }
        #expect(try store.check().isEmpty)
        try store.close()
    }

    @Test("The log, verdicts, marks, timers and numbers go on, and there is no policy yet")
    func rest() throws {
        try makeOldStore()
        let store = try SQLiteStore(directory: directory.path, newEpoch: Epoch(8))
        try store.transact { transaction throws(StoreError) in
            let position = try transaction.position()
            #expect(position == LogPosition(epoch: Epoch(7), floor: 0, head: 3))
            #expect(try transaction.record(of: command)?.answer == .created(offset: 1))
            let mark = try transaction.readMark(of: ids[0], in: conversation)
            #expect(mark == ReadMark(upTo: 2, receivedUpTo: 2, offset: 3))
            let timer = TimerRecord(
                request: live,
                kind: .inactivity,
                version: 1,
                due: Timestamp(milliseconds: 600_030)
            )
            #expect(try transaction.nextTimer() == timer)
            #expect(try transaction.nextRequestNumber() == 3)
            #expect(try transaction.currentPolicy() == nil)
            #expect(try transaction.timersRevisedThrough() == 0, "they are to be revised")
            #expect(try transaction.isInUse(.kind(.chat)))
            #expect(try transaction.isInUse(.status("closed")))
            #expect(try !transaction.isInUse(.kind(.ticket)))
        }
        try store.close()
    }

    @Test("An old request takes a change, and says everything that it says now")
    func change() throws {
        try makeOldStore()
        let store = try SQLiteStore(directory: directory.path, newEpoch: Epoch(8))
        let before = try #require(
            try store.read { reading throws(StoreError) in
                try reading.situation(ofRequest: closed).request
            }
        )
        var after = before
        after.details.topic = "printers"
        after.details.tags = ["old"]
        after.version += 1
        try store.transact { transaction throws(StoreError) in
            try transaction.update(after, from: before)
        }
        try store.read { reading throws(StoreError) in
            #expect(try reading.situation(ofRequest: closed).request == after)
            #expect(try reading.isInUse(.topic("printers")))
        }
        try store.close()
    }

    // MARK: What the log tells of old requests

    /// Puts the life of the closed request into the log of the old store, as that version wrote it.
    private func tellLife() throws {
        let mark = { (version: UInt64) in
            RequestMark(id: closed, number: 1, version: version)
        }
        let event = { (at: UInt64, actor: Party, request: RequestMark?, fact: Fact) in
            Event(
                at: Timestamp(milliseconds: at),
                actor: actor,
                conversation: conversation,
                request: request,
                fact: fact
            )
        }
        let opened = OpenedRequest(
            status: "new",
            category: .new,
            previous: nil,
            contact: contact,
            channel: "chat"
        )
        let message = { (id: PrincipalID, sequence: UInt64) in
            Message(id: MessageID(id), sequence: sequence, text: "first", authoredAt: nil)
        }
        let closing = StatusChange(
            from: "in_progress",
            to: "closed",
            category: .closed,
            cause: .finished
        )
        let life = [
            event(9, contact.party, nil, .conversationOpened(contact: contact, channel: "chat")),
            event(10, contact.party, mark(1), .requestOpened(opened)),
            event(10, contact.party, mark(2), .messagePosted(message(ids[5], 1))),
            event(12, agent.party, mark(3), .requestAssigned(agent, from: nil)),
            event(15, agent.party, mark(4), .messagePosted(message(ids[6], 2))),
            event(20, agent.party, mark(5), .statusChanged(closing)),
        ]
        let queue = try DatabaseQueue(path: directory.path + "/docket.sqlite")
        try queue.write { database in
            try database.execute(sql: "DELETE FROM log")
            for event in life {
                try database.execute(
                    sql: "INSERT INTO log(conversation, audience, event) VALUES (1, 0, ?)",
                    arguments: [event.encoded]
                )
            }
        }
        try queue.close()
    }

    @Test("An old request learns from the log when it was taken, answered and closed")
    func moments() throws {
        try makeOldStore()
        try tellLife()
        let store = try SQLiteStore(directory: directory.path, newEpoch: Epoch(8))
        try store.read { reading throws(StoreError) in
            let details = try reading.situation(ofRequest: closed).request?.details
            #expect(details?.acceptedAt == Timestamp(milliseconds: 12))
            #expect(details?.firstRepliedAt == Timestamp(milliseconds: 15))
            #expect(details?.closedAt == Timestamp(milliseconds: 20))
            #expect(details?.resolvedAt == nil && details?.kind == .chat)
            // Of the other one the log tells nothing.
            let untold = try reading.situation(ofRequest: live).request?.details
            #expect(untold == RequestDetails(kind: .chat, origin: .line, openedBy: contact.party))
        }
        try store.close()
    }

    @Test("The fields of an older store are known as in use")
    func fields() throws {
        try makeOldStore()
        var details = RequestDetails(kind: .ticket, origin: .manual, openedBy: agent.party)
        details.fields = ["serial": .text("A-1"), "urgent": .flag(false)]
        let queue = try DatabaseQueue(path: directory.path + "/docket.sqlite")
        try Schema.migrator.migrate(queue, upTo: "timers")
        try queue.write { database in
            try database.execute(
                sql: "UPDATE request SET kind = 2, details = ? WHERE number = 1",
                arguments: [details.encoded]
            )
        }
        try queue.close()
        let store = try SQLiteStore(directory: directory.path, newEpoch: Epoch(8))
        try store.read { reading throws(StoreError) in
            #expect(try reading.isInUse(.field("serial")))
            #expect(try reading.isInUse(.field("urgent")))
            #expect(try !reading.isInUse(.field("shelf")))
            #expect(try reading.isInUse(.statusOfKind("closed", .ticket)))
            #expect(try !reading.isInUse(.statusOfKind("closed", .chat)))
        }
        try store.close()
    }
}
