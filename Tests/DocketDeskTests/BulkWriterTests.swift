import DeskSupport
import DocketDesk
import DocketDomain
import DocketPolicy
import DocketStore
import Logging
import Testing

@Suite("Writing in bulk")
struct BulkWriterTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func writer(of store: any Store, clock: ManualClock) throws -> BulkWriter {
        try BulkWriter(
            store: store,
            policy: Policy.shippedDefault(),
            clock: clock,
            random: SeededGenerator(seed: 1),
            hash: DeskFixture.auditHash,
            logger: Logger(label: "test")
        )
    }

    private func log(_ store: any Store) throws -> [LogEntry] {
        try store.read { reading throws(StoreError) in try reading.entries(after: 0, limit: .max) }
    }

    @Test("It writes and answers what a desk does", arguments: StoreKind.allCases)
    func sameAsDesk(kind: StoreKind) async throws {
        let fixture = try DeskFixture(store: MemoryStore(epoch: Epoch(7)))
        let contact: ContactID = fixture.id()
        let conversation: ConversationID = fixture.id()
        let ada = Principal(.contact(contact), name: "Ada")
        let guest = Submission(
            key: Submission.Key(id: CommandID(contact), digest: fixture.digest("guest")),
            principal: nil,
            change: .identity(.createGuest(contact, name: "Ada", secret: fixture.digest("s")))
        )
        var commands = [Command.openConversation(.init(id: conversation, channel: "chat"))]
        for text in ["one", "two", ""] {
            commands.append(.post(Post(id: fixture.id(), conversation: conversation, text: text)))
        }
        let submissions =
            [guest]
            + commands.map { command in
                Submission(
                    key: Submission.Key(
                        id: command.creationID ?? fixture.id(),
                        digest: fixture.digest("\(command)")
                    ),
                    principal: ada,
                    change: .command(command)
                )
            }
        var expected: [Reply] = []
        for submission in submissions { expected.append(await fixture.desk.submit(submission)) }
        let store = try kind.open(in: directory)
        var writer = try writer(of: store, clock: fixture.clock)
        let replies = try writer.take(submissions)
        #expect(replies.map(\.acceptance?.offset) == expected.map(\.acceptance?.offset))
        #expect(replies.map(\.rejection) == expected.map(\.rejection))
        #expect(replies.last?.rejection == .textEmpty(.text))
        #expect(try log(store) == log(fixture.store))
        try writer.followLog()
        #expect(try store.read { reading throws(StoreError) in try reading.followed(.search) } == 4)
        fixture.clock.advance(by: .seconds(600))
        #expect(try writer.take([]).isEmpty)
        await fixture.settle()
        #expect(try log(store) == log(fixture.store), "the timer has fired in both")
        await fixture.desk.stop()
    }
}
