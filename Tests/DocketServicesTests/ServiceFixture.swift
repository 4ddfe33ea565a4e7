import DeskSupport
import DocketCrypto
import DocketDesk
import DocketDomain
import DocketPolicy
import DocketRPC
import DocketServices
import DocketStore
import DocketTestSupport
import Foundation
import Logging
import Synchronization

/// A desk with all its services, reached within the process, and a clock that stands still.
final class ServiceFixture: Sendable {
    /// The password of every agent.
    static let password = "correct horse"

    let desk: Desk
    let clock = DeskSupport.ManualClock()
    let store: any Store
    let identities: Identities
    let services: DeskServices
    let router: Router
    let files: AttachmentFiles
    private let folder: TemporaryDirectory
    private let random: Mutex<SeededRandom>

    init(
        _ keeping: StoreKind = .memory,
        rates: ServiceRates = ServiceRates(),
        passwords: PasswordPool? = nil,
        attachments: AttachmentLimits = AttachmentLimits(),
        limits: DeskLimits = DeskLimits(),
        seed: UInt64 = 1
    ) throws {
        folder = try TemporaryDirectory()
        store = try keeping.open(in: folder)
        random = Mutex(SeededRandom(seed: seed))
        var content = try Policy.shippedDefault().content
        content.attachments = attachments
        desk = try Desk(
            store: store,
            policy: Policy(content),
            clock: clock,
            random: SeededRandom(seed: seed &+ 1),
            hash: AuditHashes.openSSL(),
            limits: limits,
            logger: Logger(label: "test"),
            onFatal: { _ in }
        )
        let passwords = try passwords ?? PasswordPool(parameters: Self.cheapHash)
        identities = Identities(
            desk: desk,
            tools: .openSSL(passwords: passwords),
            absentHash: try Self.hash(of: "nobody")
        )
        files = AttachmentFiles(folder: folder.path + Self.attachments)
        var parts = DeskServices.Parts(
            desk: desk,
            identities: identities,
            clock: clock,
            backupFolder: folder.path,
            attachmentFiles: files,
            stats: { [("two", 2), ("one", 1)] }
        )
        parts.rates = rates
        services = DeskServices(parts)
        router = services.router()
    }

    deinit {
        let desk = desk
        Task { await desk.stop() }
    }

    /// A hash that takes no time worth mentioning.
    static var cheapHash: ScryptParameters {
        get throws {
            guard
                let parameters = ScryptParameters(
                    logarithmicCost: 4,
                    blockSize: 1,
                    parallelism: 1
                )
            else { throw FixtureFault.unusable }
            return parameters
        }
    }

    private static func hash(of password: String) throws -> String {
        var random = try SecureRandom()
        return try PasswordHash(of: Secret(password), parameters: cheapHash, using: &random).text
    }

    /// The copies of the store that wait to be sent.
    var copies: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: folder.path)
                .filter { $0.hasPrefix(BackupFile.prefix) }
        }
    }

    /// The folder with the contents of attachments.
    var attachmentFolder: String { folder.path + Self.attachments }

    private static let attachments = "/attachments"

    // MARK: Ids

    /// A new id.
    func id<Tag>(_ tag: Tag.Type = Tag.self) -> Identifier<Tag> {
        random.withLock { Identifier(at: clock.now(), random: &$0) }
    }

    /// The bytes of a new id.
    var newID: Data { id(Command.self).data }

    /// New random bytes.
    func bytes(_ count: Int) -> Data { random.withLock { Data($0.bytes(count: count)) } }

    // MARK: People

    /// A connection that acts as nobody.
    func connection(from address: String = "") -> InProcessTransport {
        // Nothing is late here: how long the machine takes is no matter of the services.
        InProcessTransport(router: router, remoteAddress: address, clock: ManualClock())
    }

    /// Somebody who has not signed in.
    func nobody(from address: String = "") -> Person {
        Person(fixture: self, connection: connection(from: address), id: Data())
    }

    /// A new guest.
    func guest(_ name: String = "Guest") async throws -> Person {
        try await nobody().becomingGuest(name: name)
    }

    /// A new agent, whose login is its name.
    func agent(
        _ name: String,
        _ role: AgentRole = .agent,
        password: String = ServiceFixture.password
    ) async throws -> Person {
        let agent: AgentID = id()
        try await submit(
            .createAgent(
                agent,
                name: name,
                role,
                login: name,
                passwordHash: Self.hash(of: password)
            ),
            id: CommandID(agent)
        )
        return try await nobody().signingIn(login: name, password: password)
    }

    /// A new integration of a channel, or a partner where there is none.
    func keyHolder(_ name: String, channel: String?) async throws -> Person {
        let holder: PrincipalID = id()
        let key = identities.makeKey()
        let record = try identities.record(ofKey: key, for: holder)
        try await submit(
            .createKeyHolder(holder, name: name, channel: channel, key: record),
            id: CommandID(holder)
        )
        return try await nobody().signingIn(apiKey: key)
    }

    private func submit(_ change: IdentityChange, id: CommandID) async throws {
        guard let digest = Digest(id.bytes + id.bytes) else { throw FixtureFault.unusable }
        let reply = await desk.submit(
            Submission(
                key: Submission.Key(id: id, digest: digest),
                principal: .desk,
                change: .identity(change)
            )
        )
        guard case .accepted = reply else { throw FixtureFault.refused("\(reply)") }
    }
}

/// The fixture cannot be put together.
enum FixtureFault: Error {
    case unusable
    case refused(String)
}

extension Identifier {
    /// The id's bytes, as messages carry them.
    var data: Data { Data(bytes) }
}
