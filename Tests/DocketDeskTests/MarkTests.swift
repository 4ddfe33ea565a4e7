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
        let note = PostNote(id: scene.fixture.id(), request: scene.request, text: "secret")
        _ = await scene.fixture.ask(.postNote(note), as: scene.bo)
        #expect(try await !scene.read(scene.ada))
        #expect(try await scene.read(scene.bo))
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

extension ChatScene {
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
