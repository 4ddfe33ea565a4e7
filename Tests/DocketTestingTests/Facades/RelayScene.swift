import DeskSupport
import DocketDomain
import DocketRPC
import DocketTestSupport
import Synchronization

@testable import DocketClient

/// Connects clients to a desk, unless the network is down.
final class SwitchedConnector: Connector {
    private let connector: DeskConnector
    private let isDown = Mutex(false)
    private let links = Mutex<[any ServerLink]>([])

    init(_ subject: DeskSubject) {
        connector = DeskConnector(subject: subject)
    }

    var networkChanges: AsyncStream<Void> { .ended }

    func connect(token: [UInt8]) async throws(RPCError) -> any ServerLink {
        guard !isDown.withLock({ $0 }) else { throw RPCError(.draining, "the network is down") }
        let link = try connector.connect(token: token)
        links.withLock { $0.append(link) }
        return link
    }

    /// Cuts every connection, and makes no more.
    func goDown() {
        isDown.withLock { $0 = true }
        for link in links.withLock({ $0 }) { link.close() }
    }

    /// Makes connections again.
    func comeBack() { isDown.withLock { $0 = false } }
}

/// Whether a disk is full, and how often that was in the way.
final class FullDisk: Sendable {
    private let state = Mutex((isFull: false, refusals: 0))

    /// How often there was no room.
    var refusals: Int { state.withLock { $0.refusals } }

    /// Takes the room away, or gives it back.
    func fill(_ isFull: Bool) { state.withLock { $0.isFull = isFull } }

    /// Whether there is room now.
    func hasRoom() -> Bool {
        state.withLock { state in
            if state.isFull { state.refusals += 1 }
            return !state.isFull
        }
    }
}

/// Whether a process has ended, after which nothing of it reaches the disk.
final class EndingProcess: Sendable {
    private let commits: Mutex<Int>

    /// A process that ends after so many commits.
    init(after commits: Int = .max) {
        self.commits = Mutex(commits)
    }

    /// Ends it now.
    func end() { commits.withLock { $0 = 0 } }

    /// What stands in the way of a commit: the end of the process, from then on.
    func obstacle() -> MemoryDisk.Obstacle? {
        commits.withLock { commits in
            guard commits > 0 else { return .ended }
            commits -= 1
            return nil
        }
    }
}

extension EndingProcess {
    /// Uses a client over what earlier processes have left on a disk; the process ends with the
    /// body.
    func run<Value: Sendable>(
        _ disk: MemoryDisk,
        over network: SwitchedConnector,
        as credential: Credential,
        seed: UInt64,
        _ isFull: FullDisk = FullDisk(),
        _ body: (DocketClient) async throws -> Value
    ) async throws -> Value {
        let client = try await DocketClient.open(
            disk,
            over: network,
            as: credential,
            clock: EngineClock(ContinuousClock()),
            random: SeededRandom(seed: seed)
        ) { isFull.hasRoom() ? self.obstacle() : .full }
        defer {
            end()
            client.close()
        }
        return try await body(client)
    }
}

/// A desk, an integration of a channel with a disk of its own, and an agent.
final class RelayScene {
    /// The desk.
    let scene: ClientScene
    /// What the integration keeps.
    let disk: MemoryDisk
    /// The integration's network.
    let network: SwitchedConnector
    /// The channel.
    let channel: String
    /// Whether there is no room on the disk.
    let isFull = FullDisk()
    private let key: String
    private var processes: UInt64 = 0

    init(channel: String = "bridge") async throws {
        let subject = try DeskSubject(.memory)
        scene = ClientScene(subject)
        disk = try MemoryDisk()
        network = SwitchedConnector(subject)
        self.channel = channel
        let administrator = try await scene.administrator("maker")
        let made = try await administrator.administration.createIntegration(
            name: "Bridge",
            channel: channel
        )
        guard let text = made.text else { throw CancellationError() }
        key = text
    }

    /// Runs a relay in a process of its own, which ends with the body, or reaches the disk no more
    /// after some commits.
    func relay<Value: Sendable>(
        limits: RelayLimits = RelayLimits(),
        endingAfter commits: Int = .max,
        _ body: (Relay) async throws -> Value
    ) async throws -> Value {
        processes += 1
        return try await EndingProcess(after: commits).run(
            disk,
            over: network,
            as: .apiKey(key),
            seed: processes,
            isFull
        ) { client in
            try await client.relay(
                "gateway",
                channel: channel,
                from: .beginning,
                limits: limits,
                body
            )
        }
    }

    /// What a contact says, under an id of its own.
    func message(
        _ externalID: String,
        from contact: String = "ana",
        _ text: String = "It does not print",
        title: String? = nil,
        inReplyTo: [IncomingMessage.Reference] = [],
        attachments: [AttachmentDraft] = []
    ) -> IncomingMessage {
        IncomingMessage(
            externalID: externalID,
            from: ExternalContact(id: contact, name: "Contact \(contact)"),
            text: text,
            title: title,
            attachments: attachments,
            inReplyTo: inReplyTo
        )
    }

    /// Everything that the contacts of the channel have said, with the numbers of the requests, as
    /// soon as there is so much.
    func said(_ count: Int, to agent: DocketClient) async throws -> [(UInt64, String)] {
        var found: [(UInt64, String)] = []
        for try await update in agent.feed(from: .beginning) {
            if case .event(let event) = update.content,
                case .messagePosted(let message) = event.fact, event.actor?.kind == .contact
            {
                found.append((event.request?.number ?? 0, message.text))
            }
            if found.count >= count { break }
        }
        return found
    }
}
