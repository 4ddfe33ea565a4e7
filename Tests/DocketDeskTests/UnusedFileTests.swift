import DeskSupport
import DocketDesk
import DocketDomain
import DocketPolicy
import DocketStore
import Testing

@Suite("Files that no message names, at the desk")
struct UnusedFileTests {
    private static let day: Duration = .seconds(86_400)
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// A desk on which a principal may have so many files that no message names.
    private func desk(
        _ kind: StoreKind,
        unused: Int = 64,
        limits: DeskLimits = DeskLimits()
    ) throws -> DeskFixture {
        var content = try Policy.shippedDefault().content
        content.attachments.unusedFiles = unused
        return try DeskFixture(
            store: kind.open(in: directory),
            policy: Policy(content),
            limits: limits
        )
    }

    /// A file whose content is durable, for a conversation.
    private func file(
        _ fixture: DeskFixture,
        _ content: UInt8,
        for conversation: ConversationID
    ) -> CompletedUpload {
        CompletedUpload(
            DocketDomain.Attachment(
                id: fixture.id(),
                name: "a",
                mediaType: "text/plain",
                size: 1,
                sha256: Array(repeating: content, count: 32)
            ),
            for: conversation
        )
    }

    /// Registers a file.
    private func register(
        _ upload: CompletedUpload,
        as principal: Principal,
        on fixture: DeskFixture
    ) async -> Reply {
        let key = Submission.Key(
            id: CommandID(upload.attachment.id),
            digest: fixture.digest("\(upload)")
        )
        return await fixture.desk.submit(
            Submission(key: key, principal: principal, change: .attachment(upload))
        )
    }

    private func post(
        _ file: CompletedUpload,
        as principal: Principal,
        on fixture: DeskFixture
    ) async -> Reply {
        let post = Post(
            id: fixture.id(),
            conversation: file.conversation,
            text: "see",
            attachments: [file.attachment.id]
        )
        return await fixture.ask(.post(post), as: principal)
    }

    private func isKnown(_ file: CompletedUpload, on fixture: DeskFixture) async throws -> Bool {
        try await fixture.desk.registeredAttachment(file.attachment.id) != nil
    }

    @Test(
        "A principal has so many and not one more, and with a message there is room for it",
        arguments: StoreKind.allCases
    )
    func limit(kind: StoreKind) async throws {
        let fixture = try desk(kind, unused: 2)
        let ada = await fixture.guest("Ada")
        let eve = await fixture.guest("Eve")
        let conversation = await fixture.conversation(of: ada)
        let files = (0..<3).map { file(fixture, UInt8($0), for: conversation) }
        for file in files.prefix(2) {
            #expect(await register(file, as: ada, on: fixture).acceptance != nil)
        }
        let refused = Unavailability.tooManyUnusedFiles(limit: 2)
        for _ in 0..<2 {
            #expect(await register(files[2], as: ada, on: fixture).unavailability == refused)
        }
        let known = try fixture.store.read { reading throws(StoreError) in
            try reading.record(of: CommandID(files[2].attachment.id))
        }
        #expect(known == nil, "what may succeed later is no verdict")
        #expect(try await fixture.desk.obstacle(toFileOf: #require(ada.id)) == refused)
        #expect(try await fixture.desk.obstacle(toFileOf: #require(eve.id)) == nil)
        let again = await register(files[0], as: ada, on: fixture).acceptance
        #expect(again?.isRepetition == true, "the answer of what is there stays the same")
        #expect(await post(files[0], as: ada, on: fixture).acceptance != nil)
        #expect(try await fixture.desk.obstacle(toFileOf: #require(ada.id)) == nil)
        #expect(await register(files[2], as: ada, on: fixture).acceptance != nil)
        await fixture.desk.stop()
    }

    @Test(
        "A file that no message names is forgotten after 24 hours, and not before",
        arguments: StoreKind.allCases
    )
    func forgetting(kind: StoreKind) async throws {
        let fixture = try desk(kind)
        let ada = await fixture.guest("Ada")
        let conversation = await fixture.conversation(of: ada)
        let unused = file(fixture, 1, for: conversation)
        let used = file(fixture, 1, for: conversation)
        for file in [unused, used] { _ = await register(file, as: ada, on: fixture) }
        #expect(await post(used, as: ada, on: fixture).acceptance != nil)
        fixture.clock.advance(by: Self.day)
        await fixture.settle()
        #expect(try await isKnown(unused, on: fixture))
        // The house is kept every hour.
        fixture.clock.advance(by: .seconds(3_600))
        await fixture.settle()
        #expect(try await !isKnown(unused, on: fixture))
        #expect(try await isKnown(used, on: fixture))
        let refused = await post(unused, as: ada, on: fixture).rejection
        #expect(refused == .attachmentUnusable(unused.attachment.id))
        let anew = await register(unused, as: ada, on: fixture).acceptance
        #expect(anew?.isRepetition == false, "the id is as if it had never been used")
        #expect(await post(unused, as: ada, on: fixture).acceptance != nil)
        await fixture.desk.stop()
    }

    @Test(
        "More of them are forgotten than one transaction takes, and their contents are told",
        arguments: StoreKind.allCases
    )
    func steps(kind: StoreKind) async throws {
        var limits = DeskLimits()
        limits.purgedRows = 3
        let fixture = try desk(kind, limits: limits)
        let ada = await fixture.guest("Ada")
        let conversation = await fixture.conversation(of: ada)
        let files = (0..<8).map { file(fixture, UInt8($0), for: conversation) }
        for file in files { _ = await register(file, as: ada, on: fixture) }
        fixture.clock.advance(by: Self.day + .milliseconds(1))
        // Each transaction forgets three; the writer goes on by itself, and these are only what
        // tells when it has gone so far.
        for _ in 0..<3 { await fixture.settle() }
        for file in files { #expect(try await !isKnown(file, on: fixture)) }
        let discarded = fixture.clock.now()
        #expect(
            try await fixture.desk.dueRemoval(at: discarded + Self.day).contents.isEmpty
        )
        let later = discarded + Self.day + .milliseconds(1)
        var told: [[UInt8]] = []
        while case let removal = try await fixture.desk.dueRemoval(at: later),
            !removal.contents.isEmpty
        {
            #expect(removal.contents.count <= 3)
            told += removal.contents
            #expect(await fixture.desk.forget(removal))
        }
        #expect(Set(told) == Set(files.map(\.attachment.sha256)) && told.count == 8)
        await fixture.desk.stop()
    }

    @Test(
        "What a content is used for is known until it is settled",
        arguments: StoreKind.allCases
    )
    func uses(kind: StoreKind) async throws {
        let fixture = try desk(kind)
        let ada = await fixture.guest("Ada")
        let conversation = await fixture.conversation(of: ada)
        let file = file(fixture, 1, for: conversation)
        let desk = fixture.desk
        let content = file.attachment.sha256
        #expect(try desk.use(ofContent: content) == .none)
        _ = await register(file, as: ada, on: fixture)
        #expect(try desk.use(ofContent: content) == .named)
        fixture.clock.advance(by: Self.day + .milliseconds(1))
        await fixture.settle()
        #expect(try desk.use(ofContent: content) == .discarded)
        _ = await register(file, as: ada, on: fixture)
        #expect(try desk.use(ofContent: content) == .named)
        #expect(await post(file, as: ada, on: fixture).acceptance != nil)
        let removal = try await desk.dueRemoval(
            at: fixture.clock.now() + Self.day + .milliseconds(1)
        )
        #expect(removal.contents == [content], "whoever has the files looks what it is used for")
        #expect(await desk.forget(removal))
        #expect(try desk.use(ofContent: content) == .named)
        await desk.stop()
    }
}

extension Reply {
    /// Why there is no decision, if there is none.
    fileprivate var unavailability: Unavailability? {
        guard case .unavailable(let reason) = self else { return nil }
        return reason
    }
}
