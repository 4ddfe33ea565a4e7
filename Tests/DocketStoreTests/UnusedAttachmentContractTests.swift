import DeskSupport
import DocketDomain
import DocketStore
import Foundation
import Testing

/// What every store keeps of attachments that no message names, and of contents that nothing uses.
@Suite("The store's contract on attachments that no message names")
struct UnusedAttachmentContractTests {
    private let directory: TemporaryDirectory
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    init() throws { directory = try TemporaryDirectory() }

    private func id<Tag>(_ seed: UInt64, _ tag: Tag.Type = Tag.self) -> Identifier<Tag> {
        var random = SeededGenerator(seed: seed)
        return Identifier(at: now, random: &random)
    }

    private func content(_ number: UInt8) -> [UInt8] { Array(repeating: number, count: 32) }

    private func later(_ milliseconds: Int) -> Timestamp { now + .milliseconds(milliseconds) }

    /// A store with a contact, another, and a conversation of the first.
    private func open(_ kind: StoreKind) throws -> any Store {
        let store = try kind.open(in: directory)
        let contacts = [1, 2].map { seed in
            PrincipalRecord(
                id: id(seed),
                name: "Ana",
                details: .guest(secret: DeskFixture.digest(Data([UInt8(seed)])))
            )
        }
        let conversation = Conversation(
            id: id(3),
            contact: try #require(contacts[0].contact),
            channel: "chat",
            newestRequest: nil
        )
        try store.transact { transaction throws(StoreError) in
            for contact in contacts { try transaction.insert(contact, at: now) }
            try transaction.insert(conversation, openedAt: 1)
            _ = try transaction.append(Data(), to: conversation.id, audience: .conversation)
        }
        return store
    }

    /// Adds an attachment with a content, whose id is a number, as its upload does.
    private func add(
        _ number: UInt64,
        _ content: UInt8,
        of uploader: UInt64 = 1,
        at moment: Timestamp? = nil,
        to store: any Store
    ) throws {
        let record = AttachmentRecord(
            attachment: DocketDomain.Attachment(
                id: id(number),
                name: "a",
                mediaType: "text/plain",
                size: 1,
                sha256: self.content(content)
            ),
            conversation: id(3),
            uploader: id(uploader),
            createdAt: moment ?? now
        )
        let command = CommandRecord(
            principal: id(uploader),
            digest: DeskFixture.digest(Data([content])),
            answer: .created(offset: 0)
        )
        try store.transact { transaction throws(StoreError) in
            try transaction.insert(record)
            try transaction.keep(command, of: id(number), at: now)
        }
    }

    private func attach(_ number: UInt64, in store: any Store) throws {
        try store.transact { transaction throws(StoreError) in
            try transaction.attach([id(number)], to: id(9), isInternal: false)
        }
    }

    private func purge(
        _ store: any Store,
        before moment: Timestamp,
        at now: Timestamp? = nil,
        limit: Int = 100
    ) throws -> Int {
        try store.transact { transaction throws(StoreError) in
            try transaction.purgeUnusedAttachments(
                before: moment,
                at: now ?? self.now,
                limit: limit
            )
        }
    }

    private func isThere(_ number: UInt64, in store: any Store) throws -> Bool {
        try store.read { reading throws(StoreError) in
            let attachment = try reading.attachment(id(number))
            let command = try reading.record(of: id(number))
            #expect((attachment == nil) == (command == nil))
            return attachment != nil
        }
    }

    private func discarded(
        _ store: any Store,
        before moment: Timestamp,
        limit: Int = 100
    ) throws -> [[UInt8]] {
        try store.read { reading throws(StoreError) in
            try reading.discardedContents(before: moment, limit: limit)
        }
    }

    @Test(
        "A principal's own files are counted that no message names, up to a limit",
        arguments: StoreKind.allCases
    )
    func counting(kind: StoreKind) throws {
        let store = try open(kind)
        let count = { (uploader: UInt64, limit: Int) throws in
            try store.read { reading throws(StoreError) in
                try reading.unusedAttachments(of: id(uploader), limit: limit)
            }
        }
        #expect(try count(1, 10) == 0)
        for number: UInt64 in 10..<14 { try add(number, UInt8(number), to: store) }
        try add(14, 14, of: 2, to: store)
        #expect(try count(1, 10) == 4)
        #expect(try count(1, 4) == 4)
        #expect(try count(1, 3) == 3)
        #expect(try count(2, 10) == 1)
        #expect(try count(3, 10) == 0)
        try attach(10, in: store)
        #expect(try count(1, 10) == 3)
    }

    @Test(
        "The oldest before a moment are forgotten with their commands, and what is named stays",
        arguments: StoreKind.allCases
    )
    func purging(kind: StoreKind) throws {
        let store = try open(kind)
        for number: UInt64 in 10..<15 {
            try add(number, UInt8(number), at: later(Int(20 - number)), to: store)
        }
        try attach(14, in: store)
        #expect(try purge(store, before: later(7)) == 0)
        #expect(try purge(store, before: later(10), limit: 2) == 2)
        #expect(try !isThere(13, in: store) && !isThere(12, in: store))
        #expect(try isThere(11, in: store) && isThere(10, in: store))
        #expect(try purge(store, before: later(10), limit: 2) == 1)
        #expect(try !isThere(11, in: store) && isThere(10, in: store), "which is of that moment")
        #expect(try isThere(14, in: store))
        #expect(try store.check().isEmpty)
        try add(13, 99, to: store)
        #expect(try isThere(13, in: store), "the id is as if it had never been used")
    }

    @Test(
        "What is left of a forgotten file is its content, the earliest discarded first",
        arguments: StoreKind.allCases
    )
    func discarding(kind: StoreKind) throws {
        let store = try open(kind)
        for number: UInt64 in 10..<13 {
            try add(number, UInt8(number), at: later(Int(number)), to: store)
        }
        try add(13, 12, to: store)
        try attach(13, in: store)
        for moment in 11..<14 { _ = try purge(store, before: later(moment), at: later(moment)) }
        #expect(try discarded(store, before: later(11)).isEmpty)
        #expect(try discarded(store, before: later(12)) == [content(10)])
        let all = [content(10), content(11), content(12)]
        #expect(try discarded(store, before: later(14)) == all)
        #expect(try discarded(store, before: later(14), limit: 2) == Array(all.prefix(2)))
        try store.read { reading throws(StoreError) in
            for content in all { #expect(try reading.isDiscarded(content: content)) }
            #expect(try !reading.isNamed(content: content(11)))
            #expect(try reading.isNamed(content: content(12)), "the message's file has it too")
            #expect(try !reading.isDiscarded(content: content(99)))
            #expect(try !reading.isNamed(content: content(99)))
        }
    }

    @Test(
        "A content that was discarded again since is not settled by what was found before",
        arguments: StoreKind.allCases
    )
    func discardingAgain(kind: StoreKind) throws {
        let store = try open(kind)
        for (number, moment): (UInt64, Int) in [(10, 10), (11, 20)] {
            try add(number, 1, at: later(moment - 1), to: store)
            #expect(try purge(store, before: later(moment), at: later(moment)) == 1)
        }
        let forget = { (moment: Int) throws in
            try store.transact { transaction throws(StoreError) in
                try transaction.forget(discarded: [content(1), content(2)], before: later(moment))
            }
        }
        try forget(20)
        #expect(try discarded(store, before: later(21)) == [content(1)])
        try forget(21)
        #expect(try discarded(store, before: later(1_000)).isEmpty)
    }
}
