import DeskSupport
import DocketCalls
import DocketCrypto
import DocketDesk
import DocketDomain
import DocketMessages
import DocketPolicy
import DocketRPC
import DocketServices
import DocketStore
import DocketTestSupport
import Foundation
import Logging
import SwiftProtobuf
import Synchronization

/// The real server as a subject: a desk with its services, whose times stand still.
final class DeskSubject: ContractServer {
    /// The password of every agent.
    static let password = "correct horse"

    private let desk: Desk
    private let store: FailingStore
    private let identities: Identities
    private let router: Router
    private let feeds: FeedHandler
    private let feedRouter: Router
    private let silence = DocketTestSupport.ManualClock()
    private let clock = DeskSupport.ManualClock()
    private let folder: TemporaryDirectory
    private let random = Mutex(SeededRandom(seed: 3))

    init(_ keeping: StoreKind = .memory) throws {
        folder = try TemporaryDirectory()
        store = FailingStore(try keeping.open(in: folder))
        desk = try Desk(
            store: store,
            policy: Policy.shippedDefault(),
            clock: clock,
            random: SeededRandom(seed: 4),
            hash: AuditHashes.openSSL(),
            limits: DeskLimits(),
            logger: Logger(label: "contract"),
            onFatal: { _ in }
        )
        identities = Identities(
            desk: desk,
            tools: .openSSL(passwords: PasswordPool(parameters: try Self.cheapHash)),
            absentHash: try Self.hash(of: "nobody")
        )
        let services = DeskServices(
            DeskServices.Parts(
                desk: desk,
                identities: identities,
                clock: clock,
                backupFolder: folder.path,
                attachmentFiles: AttachmentFiles(folder: folder.path + "/attachments"),
                stats: { [("two", 2), ("one", 1)] }
            )
        )
        router = services.router()
        let silence = silence
        feeds = FeedHandler(desk: desk, now: { silence.now })
        var feedRouter = Router()
        feeds.register(in: &feedRouter)
        self.feedRouter = feedRouter
    }

    deinit {
        let desk = desk
        Task { await desk.stop() }
    }

    private static var cheapHash: ScryptParameters {
        get throws {
            let cheap = ScryptParameters(logarithmicCost: 4, blockSize: 1, parallelism: 1)
            guard let cheap else { throw CancellationError() }
            return cheap
        }
    }

    private static func hash(of password: String) throws -> String {
        var random = try SecureRandom()
        let hash = try PasswordHash(of: Secret(password), parameters: cheapHash, using: &random)
        return hash.text
    }

    func connect() -> any CallChannel {
        // Nothing is late here: how long the machine takes is no matter of the contract.
        let connection = InProcessTransport(
            router: router,
            clock: DocketTestSupport.ManualClock()
        )
        return TwoRouters(connection: connection, feeds: feedRouter)
    }

    func addAgent(_ name: String) async throws -> Docket_V1_SignInCall {
        try await addAgent(name, .supervisor)
        return .with {
            $0.login.login = name
            $0.login.password = Self.password
        }
    }

    func addIntegration(_ name: String, of channel: String) async throws -> Docket_V1_SignInCall {
        let id: PrincipalID = newID()
        let key = identities.makeKey()
        let record = try identities.record(ofKey: key, for: id)
        try await submit(
            .createKeyHolder(id, name: name, channel: channel, key: record),
            CommandID(id)
        )
        return .with { $0.apiKey = key }
    }

    /// Makes an agent whose login is its name.
    func addAgent(_ name: String, _ role: AgentRole) async throws {
        let id: AgentID = newID()
        try await submit(
            .createAgent(
                id,
                name: name,
                role,
                login: name,
                passwordHash: Self.hash(of: Self.password)
            ),
            CommandID(id)
        )
    }

    /// Lets the desk look for work that nobody waits for, such as indexing.
    func wake() {
        desk.wake()
    }

    private func newID<Tag>() -> Identifier<Tag> {
        random.withLock { Identifier(at: clock.now(), random: &$0) }
    }

    private func submit(_ change: IdentityChange, _ id: CommandID) async throws {
        guard let digest = Digest(id.bytes + id.bytes) else { throw CancellationError() }
        let submission = Submission(
            key: Submission.Key(id: id, digest: digest),
            principal: .desk,
            change: .identity(change)
        )
        guard case .accepted = await desk.submit(submission) else { throw CancellationError() }
    }

    func passSilence() {
        silence.advance(by: .seconds(20))
        feeds.wakeAll()
    }

    func fill() {
        store.fail(.atBegin(.full))
    }

    func makeRoom() {
        store.fail(nil)
    }
}

/// One connection whose feeds are served by a handler with a clock of the test's.
private final class TwoRouters: CallChannel {
    private let connection: InProcessTransport
    private let feeds: Router
    private let feedConnection = Mutex<InProcessTransport?>(nil)

    init(connection: InProcessTransport, feeds: Router) {
        self.connection = connection
        self.feeds = feeds
    }

    func begin(
        _ method: DocketRPC.Method,
        options: CallOptions,
        first: [UInt8]?,
        ends: Bool,
        receiver: any MessageReceiver
    ) -> any ClientCall {
        let channel = method == FeedMethods.subscribe ? ownFeeds : connection
        return channel.begin(
            method,
            options: options,
            first: first,
            ends: ends,
            receiver: receiver
        )
    }

    private var ownFeeds: InProcessTransport {
        feedConnection.withLock { kept in
            let made =
                kept
                ?? InProcessTransport(
                    router: feeds,
                    identity: connection.identity,
                    clock: DocketTestSupport.ManualClock()
                )
            kept = made
            return made
        }
    }
}
