import DeskSupport
import DocketDomain
import DocketStore
import Foundation
import Testing

/// What every store keeps of attachments.
@Suite("The store's contract on attachments")
struct AttachmentContractTests {
    private let directory: TemporaryDirectory
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    init() throws { directory = try TemporaryDirectory() }

    private func id<Tag>(_ seed: UInt64, _ tag: Tag.Type = Tag.self) -> Identifier<Tag> {
        var random = SeededGenerator(seed: seed)
        return Identifier(at: now, random: &random)
    }

    /// A store with a contact and its conversation, and an attachment for it.
    private func fill(_ store: any Store) throws -> AttachmentRecord {
        let contact = PrincipalRecord(
            id: id(1),
            name: "Ana",
            details: .guest(secret: DeskFixture.digest(Data([1])))
        )
        let conversation = Conversation(
            id: id(2),
            contact: try #require(contact.contact),
            channel: "chat",
            newestRequest: nil
        )
        try store.transact { transaction throws(StoreError) in
            try transaction.insert(contact, at: now)
            try transaction.insert(conversation, openedAt: 1)
            _ = try transaction.append(Data(), to: conversation.id, audience: .conversation)
        }
        return AttachmentRecord(
            attachment: DocketDomain.Attachment(
                id: id(3),
                name: "Größe 🙂.png",
                mediaType: "image/png",
                size: 25 << 20,
                sha256: (0..<32).map { UInt8($0) }
            ),
            conversation: conversation.id,
            uploader: contact.id,
            createdAt: now
        )
    }

    @Test(
        "An attachment is found by its id, before and after it is part of a message",
        arguments: StoreKind.allCases,
        [false, true]
    )
    func keeping(kind: StoreKind, isInternal: Bool) throws {
        let store = try kind.open(in: directory)
        var record = try fill(store)
        let id = record.attachment.id
        #expect(try store.read { reading throws(StoreError) in try reading.attachment(id) } == nil)
        try store.transact { transaction throws(StoreError) in
            try transaction.insert(record)
            #expect(try transaction.attachment(id) == record)
        }
        #expect(
            try store.read { reading throws(StoreError) in try reading.attachment(id) } == record
        )
        record.message = self.id(4)
        record.isInternal = isInternal
        let message: MessageID = self.id(4)
        try store.transact { transaction throws(StoreError) in
            try transaction.attach([id, self.id(5)], to: message, isInternal: isInternal)
            #expect(try transaction.attachment(id) == record)
        }
        #expect(
            try store.read { reading throws(StoreError) in try reading.attachment(id) } == record
        )
        #expect(try store.check().isEmpty)
    }

    @Test("A refused transaction leaves no attachment", arguments: StoreKind.allCases)
    func rollback(kind: StoreKind) throws {
        let store = try kind.open(in: directory)
        let record = try fill(store)
        #expect(throws: StoreError.full) {
            try store.transact { transaction throws(StoreError) in
                try transaction.insert(record)
                throw StoreError.full
            }
        }
        let found = try store.read { reading throws(StoreError) in
            try reading.attachment(record.attachment.id)
        }
        #expect(found == nil)
    }
}
