import DeskSupport
import DocketDesk
import DocketDomain
import DocketStore
import Testing

@Suite("Read marks and received marks at the desk")
struct MarkTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// A chat that nobody has taken.
    private func scene(
        _ kind: StoreKind,
        limits: DeskLimits = DeskLimits()
    ) async throws -> ChatScene {
        try await ChatScene(store: kind.open(in: directory), limits: limits, isTaken: false)
    }

    @Test(
        "However often somebody marks, the log grows with what was said",
        arguments: StoreKind.allCases
    )
    func repeatedMarks(kind: StoreKind) async throws {
        let scene = try await scene(kind)
        #expect(try await scene.receive(scene.ada))
        #expect(try await scene.read(scene.ada))
        #expect(try await scene.read(scene.bo))
        for reader in [scene.ada, scene.bo, scene.ada, scene.ada] {
            #expect(try await !scene.receive(reader))
            #expect(try await !scene.read(reader))
        }
        _ = await scene.fixture.post("and now", in: scene.conversation, as: scene.ada)
        #expect(try await scene.read(scene.bo))
        #expect(try await scene.receive(scene.ada))
        #expect(try await scene.read(scene.ada))
        #expect(try await !scene.read(scene.ada))
        await scene.fixture.desk.stop()
    }

    @Test("A mark between two messages covers the first alone", arguments: StoreKind.allCases)
    func partialMarks(kind: StoreKind) async throws {
        let scene = try await scene(kind)
        let first = scene.fixture.desk.position.head
        _ = await scene.fixture.post("more", in: scene.conversation, as: scene.ada)
        #expect(try await scene.read(scene.bo, upTo: first))
        #expect(try await !scene.read(scene.bo, upTo: first))
        #expect(try await scene.read(scene.bo, upTo: first + 1))
        #expect(try await !scene.read(scene.bo))
        await scene.fixture.desk.stop()
    }

    @Test("A contact's marks do not tell it of a note", arguments: StoreKind.allCases)
    func notes(kind: StoreKind) async throws {
        let scene = try await scene(kind)
        #expect(try await scene.read(scene.ada))
        #expect(try await scene.read(scene.bo))
        try await scene.note()
        #expect(try await !scene.read(scene.ada))
        #expect(try await scene.read(scene.bo))
        await scene.fixture.desk.stop()
    }

    @Test(
        "A mark on a note is the staff's, and one beyond a note names what the contact may see",
        arguments: StoreKind.allCases
    )
    func marksOnNotes(kind: StoreKind) async throws {
        let scene = try await scene(kind)
        let fixture = scene.fixture
        let brought = try #require(await fixture.integration("chat").id)
        let bridge = Principal(.integration(brought, "chat"), name: "Chat")
        #expect(try await scene.read(scene.bo))
        try await scene.note()
        #expect(try await scene.read(scene.bo))
        #expect(try await scene.receive(scene.bo) == false, "what is read has arrived")
        _ = await fixture.post("and now", in: scene.conversation, as: scene.ada)
        let said = fixture.desk.position.head
        try await scene.note()
        #expect(try await scene.receive(scene.bo))
        #expect(try await scene.read(scene.bo))
        try await scene.note()
        #expect(try await scene.read(scene.ada), "it names the message and not the note")
        for outsider in [scene.ada, bridge] {
            let marks = try await fixture.marks(of: outsider)
            #expect(Set(marks.dropFirst()) == [said] && marks.count == 4)
            let offsets = try await fixture.offsets(of: outsider, in: scene.conversation)
            #expect(marks.allSatisfy(offsets.contains))
            let history = try await fixture.desk.history(
                of: scene.conversation,
                for: outsider,
                nil,
                limit: 200
            )
            #expect(history.to == offsets.max(), "nor does the end of a page name a note")
            let read = history.entries.compactMap { Event(encoded: $0.event)?.fact.markedOffset }
            #expect(read == marks)
        }
        #expect(try await fixture.marks(of: scene.bo).count == 5)
        await fixture.desk.stop()
    }

    @Test(
        "A contact's mark behind more notes than are looked at tells nothing of them",
        arguments: StoreKind.allCases
    )
    func manyNotes(kind: StoreKind) async throws {
        var limits = DeskLimits()
        limits.examinedMarks = 4
        let scene = try await scene(kind, limits: limits)
        #expect(try await scene.read(scene.ada))
        _ = await scene.fixture.post("and now", in: scene.conversation, as: scene.ada)
        for _ in 0..<5 { try await scene.note() }
        #expect(try await !scene.read(scene.ada))
        #expect(try await scene.read(scene.bo))
        #expect(try await scene.fixture.marks(of: scene.ada).count == 1)
        await scene.fixture.desk.stop()
    }

    @Test(
        "What may lie behind more marks than are looked at counts as unread",
        arguments: StoreKind.allCases
    )
    func manyReaders(kind: StoreKind) async throws {
        var limits = DeskLimits()
        limits.examinedMarks = 4
        let scene = try await scene(kind, limits: limits)
        #expect(try await scene.read(scene.ada))
        for name in ["Cy", "Di", "Ed"] {
            let other = await scene.fixture.agent(name)
            #expect(try await !scene.read(scene.ada), "three marks and its own are seen as marks")
            #expect(try await scene.read(other))
        }
        #expect(try await scene.read(scene.ada), "one more is not")
        #expect(try await !scene.read(scene.ada))
        await scene.fixture.desk.stop()
    }
}

extension Fact {
    /// What a mark says has been read or has arrived.
    fileprivate var markedOffset: UInt64? {
        switch self {
        case .readMarked(let offset, _), .receivedMarked(let offset, _): offset
        default: nil
        }
    }
}

extension DeskFixture {
    /// What the marks in a principal's feed name.
    fileprivate func marks(of principal: Principal) async throws -> [UInt64] {
        try await facts(of: principal).compactMap(\.fact.markedOffset)
    }

    /// Where the entries of a conversation stand that a principal may see.
    fileprivate func offsets(
        of principal: Principal,
        in conversation: ConversationID
    ) async throws -> Set<UInt64> {
        let all = try await desk.history(of: conversation, for: principal, nil, limit: 200)
        return Set(all.entries.map(\.offset))
    }
}

extension ChatScene {
    /// Adds a note.
    fileprivate func note() async throws {
        let note = PostNote(id: fixture.id(), request: request, text: "secret")
        let reply = await fixture.ask(.postNote(note), as: bo)
        #expect(reply.acceptance != nil)
    }

    /// Marks everything as read; gives whether that made an entry of the log.
    fileprivate func read(_ reader: Principal, upTo offset: UInt64 = .max) async throws -> Bool {
        try await adds(.markRead(MarkRead(conversation: conversation, upTo: offset)), reader)
    }

    fileprivate func receive(_ reader: Principal, upTo offset: UInt64 = .max) async throws -> Bool {
        let mark = MarkReceived(conversation: conversation, upTo: offset)
        return try await adds(.markReceived(mark), reader)
    }

    private func adds(_ mark: Command, _ reader: Principal) async throws -> Bool {
        let head = fixture.desk.position.head
        let reply = await fixture.ask(mark, as: reader)
        let acceptance = try #require(reply.acceptance)
        let added = fixture.desk.position.head - head
        #expect(added <= 1 && acceptance.offset <= head + added)
        return added == 1
    }
}
