import DeskSupport
import DocketDomain
import DocketStore
import Foundation
import Testing

/// What every store finds, run over every store.
@Suite("The store's contract for searches")
struct SearchContractTests {
    private let directory: TemporaryDirectory
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    init() throws { directory = try TemporaryDirectory() }

    /// A conversation whose entries are these texts, each a message, or a note after "note: ".
    private func store(_ kind: StoreKind, saying texts: [String]) throws -> any Store {
        let store = try kind.open(in: directory)
        var random = SeededGenerator(seed: 1)
        let contact = ContactID(at: now, random: &random)
        let conversation = Conversation(
            id: ConversationID(at: now, random: &random),
            contact: Contact(id: contact, name: "Ada"),
            channel: "chat",
            newestRequest: nil
        )
        let facts = texts.enumerated().map { index, text -> Fact in
            let sequence = UInt64(index) + 1
            guard text.hasPrefix("note: ") else {
                return .messagePosted(
                    Message(
                        id: MessageID(at: now, random: &random),
                        sequence: sequence,
                        text: text,
                        authoredAt: nil
                    )
                )
            }
            return .notePosted(
                Note(id: NoteID(at: now, random: &random), sequence: sequence, text: text)
            )
        }
        let record = PrincipalRecord(
            id: PrincipalID(contact),
            name: "Ada",
            details: .guest(secret: DeskFixture.digest(Data([1])))
        )
        try store.transact { transaction throws(StoreError) in
            try transaction.insert(record, at: now)
            try transaction.insert(conversation, openedAt: 1)
            for fact in facts {
                let event = Event(
                    at: now,
                    actor: conversation.contact.party,
                    conversation: conversation.id,
                    request: nil,
                    fact: fact
                )
                _ = try transaction.append(
                    event.encoded,
                    to: conversation.id,
                    audience: fact.audience
                )
            }
        }
        return store
    }

    private func index(_ store: any Store, through offset: UInt64 = .max) throws {
        let come = try store.read { reading throws(StoreError) in try reading.followed(.search) }
        _ = try store.follow(.search, atMost: offset - min(come, offset))
    }

    private func find(
        _ query: String,
        in store: any Store,
        before offset: UInt64 = .max,
        limit: Int = 100
    ) throws -> [UInt64] {
        let query = try SearchQuery(query)
        return try store.read { reading throws(StoreError) in
            try reading.search(query, before: offset, limit: limit).map(\.offset)
        }
    }

    private static let texts = [
        "Crème brûlée für ALLE", "note: the crème is late", "I got the wrong size.",
        "the size is wrong, the brand is right", "Привет, МИР", "東京 に 行く", "my e-mail: a@b.example",
        "NOT OR AND NEAR", "नमस्ते दुनिया", "straße", "size 44", "5 \u{0} hidden",
    ]

    @Test("Messages and notes are found by words, the newest first", arguments: StoreKind.allCases)
    func words(kind: StoreKind) throws {
        let store = try store(kind, saying: Self.texts)
        try index(store)
        let expected: [(query: String, offsets: [UInt64])] = [
            ("creme", [2, 1]), ("CRÈME", [2, 1]), ("size", [11, 4, 3]), ("wrong size", [4, 3]),
            ("\"wrong size\"", [3]), ("\"size wrong\"", []), ("si*", [11, 4, 3]), ("44", [11]),
            ("мир", [5]), ("東京", [6]), ("東京*", [6]), ("e-mail", [7]), ("a@b.example", [7]),
            ("NOT", [8]), ("\"or and\"", [8]), ("NEAR(size)", []), ("text:size", []),
            ("नमस्ते", [9]), ("strasse", [10]), ("straße", [10]), ("京", [6]), ("hidden", [12]),
            ("size OR creme", []), ("-size", [11, 4, 3]), ("\"wrong si\"*", [3]), ("note", [2]),
            ("absent", []), ("wr*", [4, 3]), ("wrong*", [4, 3]), ("size x*", [11, 4, 3]),
            ("\"the size i\"*", [4]),
        ]
        for (query, offsets) in expected {
            #expect(try find(query, in: store) == offsets, "\(query)")
        }
    }

    @Test("Hits are given page by page, each once", arguments: StoreKind.allCases)
    func pages(kind: StoreKind) throws {
        let store = try store(kind, saying: (0..<20).map { "again \($0 % 2)" })
        try index(store)
        #expect(try find("again", in: store, limit: 3) == [20, 19, 18])
        #expect(try find("again", in: store, before: 18, limit: 3) == [17, 16, 15])
        #expect(try find("again", in: store, before: 2, limit: 3) == [1])
        #expect(try find("again", in: store, before: 1, limit: 3).isEmpty)
        #expect(try find("again", in: store, before: 0, limit: 3).isEmpty)
        #expect(try find("again 1", in: store, before: 7, limit: 2) == [6, 4])
    }

    @Test(
        "A search finds what is indexed, and the index goes no further than it was told",
        arguments: StoreKind.allCases
    )
    func progress(kind: StoreKind) throws {
        let store = try store(kind, saying: (0..<6).map { "word\($0) common" })
        let upTo = { () throws(StoreError) in
            try store.read { reading throws(StoreError) in try reading.followed(.search) }
        }
        #expect(try upTo() == 0)
        #expect(try find("common", in: store).isEmpty)
        try index(store, through: 4)
        #expect(try upTo() == 4)
        #expect(try find("common", in: store) == [4, 3, 2, 1])
        try index(store, through: 2)
        #expect(try upTo() == 4, "the index never goes back")
        try index(store, through: .max)
        #expect(try upTo() == 6)
        try index(store, through: .max)
        #expect(try find("common", in: store) == [6, 5, 4, 3, 2, 1])
    }

    @Test(
        "What is taken out of the index is found no more, and the rest is",
        arguments: StoreKind.allCases
    )
    func removal(kind: StoreKind) throws {
        let store = try store(kind, saying: ["the secret word", "another secret", "later secret"])
        try index(store, through: 2)
        try store.transact { transaction throws(StoreError) in
            try transaction.removeFromIndex(1, text: "the secret word")
            try transaction.removeFromIndex(3, text: "later secret")
        }
        #expect(try find("secret", in: store) == [2])
        #expect(try find("sec*", in: store) == [2])
        #expect(try find("word", in: store).isEmpty)
        try index(store)
        #expect(try find("secret", in: store) == [3, 2], "it was not in the index yet")
        #expect(try store.check().isEmpty)
    }
}
