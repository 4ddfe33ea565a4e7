import DeskSupport
import DocketDomain
import DocketStore
import Foundation
import GRDB
import Synchronization
import Testing

@testable import DocketStoreSQLite

@Suite("What a store on disk writes behind its log")
struct LogFirstTests {
    private let directory: TemporaryDirectory
    private let store: SQLiteStore
    private let now = Timestamp(milliseconds: 1_800_000_000_000)
    private let conversation: Conversation
    private var random = SeededGenerator(seed: 21)

    init() throws {
        directory = try TemporaryDirectory()
        store = try SQLiteStore(directory: directory.path, newEpoch: Epoch(7))
        let guest = PrincipalRecord(
            id: Identifier(at: now, random: &random),
            name: "Ada",
            details: .guest(secret: DeskFixture.digest(Data([1])))
        )
        let conversation = Conversation(
            id: Identifier(at: now, random: &random),
            contact: Contact(id: ContactID(guest.id), name: guest.name),
            channel: "chat",
            newestRequest: nil
        )
        self.conversation = conversation
        let opened = RequestMark(id: Identifier(at: now, random: &random), number: 1, version: 1)
        let moment = now
        try store.transact { transaction throws(StoreError) in
            try transaction.insert(guest, at: moment)
            try transaction.insert(conversation, openedAt: 1)
            var situation = Situation(conversation: conversation)
            let event = Event(
                at: moment,
                actor: conversation.contact.party,
                conversation: conversation.id,
                request: opened,
                fact: .requestOpened(
                    OpenedRequest(
                        status: "new",
                        category: .new,
                        previous: nil,
                        contact: conversation.contact,
                        channel: "chat"
                    )
                )
            )
            situation.apply(event)
            _ = try transaction.append(event.encoded, to: conversation.id, audience: .conversation)
            guard let request = situation.request else { throw .corrupted("no request") }
            try transaction.insert(request, openedAt: 1)
        }
    }

    private mutating func id<Tag>() -> Identifier<Tag> { Identifier(at: now, random: &random) }

    /// Says something in the one request, as a desk does, and gives the command's id.
    @discardableResult
    private mutating func say(_ text: String, in store: any Store) throws -> CommandID {
        let message: MessageID = id()
        let scene = self
        try store.transact { transaction throws(StoreError) in
            try scene.say(text, as: message, in: transaction)
        }
        return CommandID(message)
    }

    /// Says so many things in one transaction.
    private mutating func say(count: Int, in store: any Store) throws {
        let messages: [MessageID] = (0..<count).map { _ in id() }
        let scene = self
        try store.transact { transaction throws(StoreError) in
            for message in messages { try scene.say("again", as: message, in: transaction) }
        }
    }

    private func say(
        _ text: String,
        as message: MessageID,
        in transaction: any StoreTransaction
    ) throws(StoreError) {
        var situation = try transaction.situation(of: conversation.id)
        guard let before = situation.request else { throw .corrupted("no request") }
        let version = before.version + 1
        let event = Event(
            at: now,
            actor: conversation.contact.party,
            conversation: conversation.id,
            request: RequestMark(id: before.id, number: 1, version: version),
            fact: .messagePosted(
                Message(
                    id: message,
                    sequence: before.sequence + 1,
                    text: text,
                    authoredAt: nil
                )
            )
        )
        situation.apply(event)
        let offset = try transaction.append(
            event.encoded,
            to: conversation.id,
            audience: .conversation
        )
        guard let after = situation.request else { throw .corrupted("no request") }
        try transaction.update(after, from: before)
        let record = CommandRecord(
            principal: PrincipalID(conversation.contact.id),
            digest: DeskFixture.digest(Data(text.utf8)),
            answer: .created(offset: offset)
        )
        try transaction.keep(record, of: CommandID(message), at: now)
    }

    /// The first value of a statement, as another program would read it from the files now.
    private func value(_ sql: String, in directory: TemporaryDirectory? = nil) throws -> Int64? {
        let queue = try DatabaseQueue(
            path: (directory ?? self.directory).path + "/" + SQLiteStore.fileName
        )
        defer { try? queue.close() }
        return try queue.read { try Int64.fetchOne($0, sql: sql) }
    }

    private func sequence(_ store: any Store) throws -> UInt64? {
        try store.read { reading throws(StoreError) in try reading.request(number: 1)?.sequence }
    }

    private func texts(
        _ place: LogPlace,
        limit: Int = 100,
        in store: any Store
    ) throws -> [String] {
        let conversation = conversation.id
        return try store.readLog { reading throws(StoreError) in
            try reading.entries(in: conversation, place, limit: limit, for: .conversation)
        }.compactMap(\.searchableText)
    }

    @Test("A message's commit writes the log; its request's row and the indexes follow")
    mutating func followers() throws {
        _ = try store.follow(.rows, atMost: .max)
        try say("one", in: store)
        try say("two", in: store)
        #expect(try value(#"SELECT max("offset") FROM log"#) == 3)
        #expect(try value("SELECT sequence FROM request") == 0)
        #expect(try value("SELECT count(*) FROM conversation_entry") == 1)
        #expect(try value("SELECT count(*) FROM creation") == 0)
        #expect(try store.follow(.rows, atMost: 1) == 2)
        #expect(try value("SELECT sequence FROM request") == 2, "a row is written as it is now")
        #expect(try value("SELECT count(*) FROM conversation_entry") == 2)
        #expect(try value("SELECT count(*) FROM creation") == 1)
        #expect(try store.follow(.rows, atMost: 5) == 3)
        #expect(try store.follow(.rows, atMost: 5) == 3)
        #expect(try value("SELECT count(*) FROM creation") == 2)
        #expect(try store.check() == [])
    }

    @Test("Whoever reads a request reads it as it was acknowledged")
    mutating func reading() throws {
        try say("one", in: store)
        #expect(try sequence(store) == 1)
        #expect(try value("SELECT sequence FROM request") == 1, "the row was written for it")
        try say("two", in: store)
        try store.transact { transaction throws(StoreError) in
            #expect(try transaction.request(number: 1)?.sequence == 2)
        }
        #expect(try value("SELECT sequence FROM request") == 1, "nobody needed the row")
    }

    @Test("A conversation is read whole, whatever of it is in the index")
    mutating func history() throws {
        for text in ["a", "b", "c", "d", "e"] { try say(text, in: store) }
        for followed in UInt64(0)...6 {
            let all = ["Ada", "a", "b", "c", "d", "e"]
            #expect(try texts(.after(0), in: store) == all, "\(followed)")
            #expect(try texts(.before(.max), in: store) == all)
            #expect(try texts(.after(2), limit: 3, in: store) == ["b", "c", "d"])
            #expect(try texts(.before(6), limit: 3, in: store) == ["b", "c", "d"])
            #expect(try texts(.before(3), limit: 9, in: store) == ["Ada", "a"])
            _ = try store.follow(.rows, atMost: 1)
        }
    }

    @Test("A store that was killed is opened with everything that it had put off")
    mutating func recovery() throws {
        let first = try say("one", in: store)
        _ = try store.follow(.rows, atMost: .max)
        let second = try say("two", in: store)
        let third = try say("three", in: store)
        let killed = try directory.copy()
        let again = try SQLiteStore(directory: killed.path, newEpoch: Epoch(8))
        #expect(try value("SELECT sequence FROM request", in: killed) == 3)
        #expect(try sequence(again) == 3)
        for (command, text) in [(first, "one"), (second, "two"), (third, "three")] {
            let record = try again.transact { transaction throws(StoreError) in
                try transaction.record(of: command)
            }
            #expect(record?.digest == DeskFixture.digest(Data(text.utf8)))
            #expect(record?.principal == PrincipalID(conversation.contact.id))
        }
        try say("four", in: again)
        #expect(try texts(.after(1), in: again) == ["one", "two", "three", "four"])
        #expect(try again.check() == [])
        try again.close()
        #expect(try value("SELECT sequence FROM request", in: killed) == 4)
    }

    @Test(
        "A store is opened with more behind its log than is read or written at once",
        arguments: [
            SQLiteTransaction.entriesInMemory, SQLiteTransaction.entriesInMemory + 1,
            Int(SQLiteStore.entriesOfOpening), Int(SQLiteStore.entriesOfOpening) + 1,
        ]
    )
    mutating func longRecovery(count: Int) throws {
        try say(count: count, in: store)
        let killed = try directory.copy()
        #expect(try value("SELECT sequence FROM request", in: killed) == 0)
        let again = try SQLiteStore(directory: killed.path, newEpoch: Epoch(8))
        #expect(try value("SELECT sequence FROM request", in: killed) == Int64(count))
        #expect(try value("SELECT count(*) FROM creation", in: killed) == Int64(count))
        #expect(try again.check() == [])
        try again.close()
    }

    @Test("A kill between two steps of a follower repeats nothing")
    mutating func recoveryBetweenSteps() throws {
        for text in ["a", "b", "c", "d"] { try say(text, in: store) }
        for step in 0..<6 {
            let killed = try directory.copy()
            let again = try SQLiteStore(directory: killed.path, newEpoch: Epoch(8))
            #expect(try sequence(again) == 4, "step \(step)")
            #expect(try texts(.after(1), in: again) == ["a", "b", "c", "d"])
            #expect(try again.check() == [])
            try again.close()
            _ = try store.follow(.rows, atMost: 1)
        }
    }

    @Test("The answer to a command is found before and after an index has it")
    mutating func records() throws {
        let command = try say("one", in: store)
        let unknown: CommandID = id()
        for _ in 0..<2 {
            try store.transact { transaction throws(StoreError) in
                #expect(try transaction.record(of: command)?.answer == .created(offset: 2))
                #expect(try transaction.record(of: unknown) == nil)
            }
            _ = try store.follow(.rows, atMost: .max)
        }
    }

    @Test("Whoever reads comes to an end, however fast others write")
    mutating func readingUnderLoad() throws {
        let load = Load()
        let (store, scene) = (store, self)
        Thread.detachNewThread {
            var scene = scene
            while !load.isOver.withLock({ $0 }), (try? scene.say("again", in: store)) != nil {
                load.said.withLock { $0 += 1 }
            }
            load.ended.signal()
        }
        for _ in 0..<20 {
            let before = load.said.withLock { $0 }
            #expect(try sequence(store) ?? 0 >= before)
        }
        load.isOver.withLock { $0 = true }
        load.ended.wait()
        #expect(try sequence(store) == load.said.withLock { $0 })
    }

    /// What a thread that writes shares with its test.
    private final class Load: Sendable {
        let isOver = Mutex(false)
        let said = Mutex<UInt64>(0)
        let ended = DispatchSemaphore(value: 0)
    }

    @Test("A position within a transaction is behind what it has added")
    func positionWithin() throws {
        let conversation = conversation.id
        try store.transact { transaction throws(StoreError) in
            let before = try transaction.position()
            _ = try transaction.append(Data([1]), to: conversation, audience: .staff)
            #expect(try transaction.position().head == before.head + 1)
            #expect(try transaction.entry(at: before.head + 1)?.event == Data([1]))
            #expect(try transaction.position().epoch == before.epoch)
        }
    }

    @Test("A transaction that is rolled back leaves what was put off before as it was")
    mutating func rollback() throws {
        try say("one", in: store)
        let (conversation, moment) = (conversation, now)
        #expect(throws: StoreError.locked) {
            try store.transact { transaction throws(StoreError) in
                _ = try transaction.requests(
                    RequestFilter(categories: [.new], ownership: .any, afterNumber: 0, limit: 9)
                )
                guard var request = try transaction.request(number: 1) else { throw .full }
                let before = request
                request.status = "lost"
                _ = try transaction.append(
                    Data([1]),
                    to: conversation.id,
                    audience: .conversation
                )
                try transaction.update(request, from: before)
                throw StoreError.locked
            }
        }
        let found = try store.read { reading throws(StoreError) in
            try reading.request(number: 1)
        }
        #expect(found?.sequence == 1)
        #expect(found?.status == "new")
        #expect(found?.changedAt == moment)
        #expect(try value(#"SELECT max("offset") FROM log"#) == 2)
    }

    @Test("A new name is everywhere, also where a row is behind")
    mutating func renaming() throws {
        try say("one", in: store)
        let contact = conversation.contact.id
        try store.transact { transaction throws(StoreError) in
            guard let before = try transaction.profile(of: contact) else { throw .full }
            var after = before
            after.name = "Grace"
            try transaction.update(after, from: before)
            let request = try transaction.request(number: 1)
            #expect(request?.contact.name == "Grace")
            #expect(request?.sequence == 1)
        }
        #expect(try sequence(store) == 1)
    }

    @Test("What waits is bounded, whoever forgets to bring the followers on")
    mutating func bound() throws {
        let copy = try directory.copy()
        let bounded = try SQLiteStore(
            directory: copy.path,
            newEpoch: Epoch(8),
            longestBacklog: 8
        )
        for index in 0..<50 {
            try say("\(index)", in: bounded)
            let behind = try value(
                #"""
                SELECT max("offset") - (SELECT through FROM follower WHERE name = 'rows') FROM log
                """#,
                in: copy
            )
            #expect((behind ?? .max) <= 8, "after \(index)")
        }
    }

    @Test("In a store that is full, whatever was acknowledged can be read")
    mutating func fullStore() throws {
        let copy = try directory.copy()
        let small = try SQLiteStore(
            directory: copy.path,
            newEpoch: Epoch(8),
            maximumPages: 120,
            reserveBytes: 1 << 20
        )
        var said: UInt64 = 0
        let text = String(repeating: "x", count: 2_000)
        #expect(throws: StoreError.full) {
            while said < 10_000 {
                try say(text, in: small)
                said += 1
            }
        }
        #expect(said > 10)
        let killed = try copy.copy()
        let again = try SQLiteStore(
            directory: killed.path,
            newEpoch: Epoch(9),
            maximumPages: 120,
            reserveBytes: 1 << 20
        )
        #expect(try sequence(again) == said, "and the next start has it")
        try again.close()
        #expect(try sequence(small) == said)
        #expect(try texts(.after(1), in: small).count == min(Int(said), 100))
    }

    @Test("A follower ahead of the log is refused, and an entry that cannot be read is named")
    mutating func damage() throws {
        try say("one", in: store)
        let killed = try directory.copy()
        let queue = try DatabaseQueue(path: killed.path + "/" + SQLiteStore.fileName)
        try queue.write { database in
            try database.execute(sql: #"UPDATE log SET event = x'ff' WHERE "offset" = 2"#)
        }
        try queue.close()
        #expect(throws: StoreError.corrupted("the entry 2 of the log cannot be read")) {
            try SQLiteStore(directory: killed.path, newEpoch: Epoch(8))
        }
        let ahead = try directory.copy()
        let other = try DatabaseQueue(path: ahead.path + "/" + SQLiteStore.fileName)
        try other.write { database in
            try database.execute(sql: "UPDATE follower SET through = 9 WHERE name = 'rows'")
        }
        try other.close()
        #expect(throws: StoreError.corrupted("rows are ahead of the log")) {
            try SQLiteStore(directory: ahead.path, newEpoch: Epoch(8))
        }
    }
}
