package import DocketDesk
package import DocketDomain
import DocketPolicy
package import DocketStore
package import Foundation
import Logging
import Synchronization

/// A desk with a clock that stands still, and short ways to ask it things.
package final class DeskFixture: Sendable {
    /// The desk.
    package let desk: Desk
    /// Its clock.
    package let clock: ManualClock
    /// Its store.
    package let store: any Store
    /// A hub whose subscriptions are woken on the writer's thread.
    package let hub: FeedHub
    private let random: Mutex<SeededGenerator>
    private let failures: Failures
    private let isDrivenByHand: Bool
    private let answers = Answers()

    private final class Failures: Sendable {
        let errors = Mutex<[StoreError]>([])
    }

    private final class Answers: Sendable {
        let replies = Mutex<[Reply?]>([])
    }

    /// Opens a desk.
    ///
    /// It leaves the search index as it is unless a test asks for it: then every transaction is one
    /// that the test has caused. Where it is driven by hand, the desk has no thread of its own, and
    /// does everything before an answer is given.
    package init(
        store: any Store,
        seed: UInt64 = 1,
        policy: Policy? = nil,
        limits: DeskLimits = DeskLimits(),
        clock: ManualClock = ManualClock(),
        fillsIndex: Bool = false,
        isDrivenByHand: Bool = false
    ) throws {
        let failures = Failures()
        self.failures = failures
        self.store = store
        self.clock = clock
        self.isDrivenByHand = isDrivenByHand
        random = Mutex(SeededGenerator(seed: seed &+ 1_000_003))
        var limits = limits
        if !fillsIndex { limits.followedEntries = 0 }
        desk = try Desk(
            store: store,
            policy: policy ?? Policy.shippedDefault(),
            clock: clock,
            random: SeededGenerator(seed: seed),
            hash: Self.auditHash,
            limits: limits,
            logger: isDrivenByHand ? Self.silence : Logger(label: "test"),
            startsThread: !isDrivenByHand,
            onFatal: { error in failures.errors.withLock { $0.append(error) } }
        )
        hub = desk.makeHub { $0() }
    }

    /// For a desk that fails on purpose, again and again.
    private static let silence = Logger(label: "silence") { _ in SwiftLogNoOpLogHandler() }

    /// The errors after which the desk has stopped.
    package var fatalErrors: [StoreError] { failures.errors.withLock { $0 } }

    /// A new id.
    package func id<Tag>(_ tag: Tag.Type = Tag.self) -> Identifier<Tag> {
        random.withLock { Identifier(at: clock.now(), random: &$0) }
    }

    /// A digest that stands for a content.
    package func digest(_ content: String) -> Digest { Self.digest(Data(content.utf8)) }

    /// Not a hash either, and as good for these tests.
    package static let auditHash: AuditHash = { bytes in
        unsafe bytes.withUnsafeBytes { unsafe DeskFixture.digest($0) }
    }

    /// Not a hash, but different for the different contents of these tests.
    package static func digest(_ content: Data) -> Digest {
        content.withUnsafeBytes { unsafe Self.digest($0) }
    }

    private static func digest(_ content: UnsafeRawBufferPointer) -> Digest {
        let factors = 0x100_0000_0000 &+ SIMD4<UInt64>(0x1B3, 0x1B5, 0x1B7, 0x1B9)
        var words = SIMD4<UInt64>(1, 2, 3, 4)
        for byte in unsafe content { words = (words ^ SIMD4(repeating: UInt64(byte))) &* factors }
        return Digest(words: (words.x, words.y, words.z, words.w))
    }

    /// Returns when the timers that are due have fired: they fire in the transaction of whatever is
    /// submitted, at the latest.
    package func settle() async {
        guard !isDrivenByHand else { return desk.takeTurns() }
        desk.wake()
        _ = await desk.submit(
            Submission(key: nil, principal: .desk, change: .identity(.endSessions(id())))
        )
    }

    /// Submits something, and gives the answer.
    package func submit(_ submission: Submission) async -> Reply {
        await submit([submission])[0]
    }

    /// Submits some things in order, and gives the answers; where the desk is driven by hand, they
    /// wait for it together.
    package func submit(_ submissions: [Submission]) async -> [Reply] {
        guard isDrivenByHand else {
            var replies: [Reply] = []
            for submission in submissions { replies.append(await desk.submit(submission)) }
            return replies
        }
        answers.replies.withLock { $0 = Array(repeating: nil, count: submissions.count) }
        for (place, submission) in submissions.enumerated() {
            desk.submit(submission) { [answers] reply in
                answers.replies.withLock { $0[place] = reply }
            }
        }
        desk.takeTurns()
        return answers.replies.withLock { $0 }.map { $0 ?? .unavailable(.notReached) }
    }

    /// Whether a desk that is driven by hand has answered everything that was submitted last.
    package var hasAnswered: Bool { answers.replies.withLock { !$0.contains { $0 == nil } } }

    /// Asks for a command under an id of its own or the one given.
    package func ask(
        _ command: Command,
        as principal: Principal,
        id: CommandID? = nil,
        expecting version: UInt64? = nil
    ) async -> Reply {
        let key = Submission.Key(
            id: id ?? command.creationID ?? self.id(),
            digest: digest("\(command)")
        )
        return await submit(
            Submission(
                key: key,
                principal: principal,
                expectedVersion: version,
                change: .command(command)
            )
        )
    }

    /// Asks for a change of identities.
    package func ask(
        _ change: IdentityChange,
        as principal: Principal?,
        id: CommandID
    ) async -> Reply {
        await submit(
            Submission(
                key: Submission.Key(id: id, digest: digest("\(change)")),
                principal: principal,
                change: .identity(change)
            )
        )
    }

    /// Makes a guest.
    package func guest(_ name: String) async -> Principal {
        let contact: ContactID = id()
        _ = await ask(
            .createGuest(contact, name: name, secret: digest(name)),
            as: nil,
            id: CommandID(contact)
        )
        return Principal(.contact(contact), name: name)
    }

    /// Makes an agent.
    package func agent(_ name: String, _ role: AgentRole = .agent) async -> Principal {
        let agent: AgentID = id()
        _ = await ask(
            .createAgent(agent, name: name, role, login: name, passwordHash: "hash of \(name)"),
            as: .desk,
            id: CommandID(agent)
        )
        return Principal(.agent(agent, role), name: name)
    }

    /// Makes an integration of the bridge channel.
    package func integration(_ name: String) async -> Principal {
        let principal: PrincipalID = id()
        let key = APIKeyRecord(
            keyID: name,
            principal: principal,
            secret: digest(name)
        )
        _ = await ask(
            .createKeyHolder(principal, name: name, channel: "bridge", key: key),
            as: .desk,
            id: CommandID(principal)
        )
        return Principal(.integration(principal, "bridge"), name: name)
    }

    /// Opens the contact's conversation.
    package func conversation(of contact: Principal) async -> ConversationID {
        let conversation: ConversationID = id()
        let opening = OpenConversation(id: conversation, channel: "chat")
        _ = await ask(.openConversation(opening), as: contact)
        return conversation
    }

    /// Posts a message, and gives the answer.
    package func post(
        _ text: String,
        in conversation: ConversationID,
        as principal: Principal
    ) async -> Reply {
        await ask(
            .post(Post(id: id(), conversation: conversation, text: text)),
            as: principal
        )
    }

    /// Posts a message that must be accepted, and gives the request it went to.
    package func request(
        byPosting text: String,
        in conversation: ConversationID,
        as principal: Principal
    ) async -> RequestID? {
        guard case .accepted(let acceptance) = await post(text, in: conversation, as: principal),
            case .message(let posted) = acceptance.result
        else { return nil }
        return posted.request
    }

    /// Every event of the log.
    package func log() throws -> [(entry: LogEntry, event: Event)] {
        try store.read { reading throws(StoreError) in
            try reading.entries(after: 0, limit: .max)
        }.compactMap { entry in Event(encoded: entry.event).map { (entry, $0) } }
    }
}

extension Command {
    /// The id of what the command creates.
    package var creationID: CommandID? {
        switch self {
        case .openConversation(let opening): CommandID(opening.id)
        case .post(let post): CommandID(post.id)
        case .postNote(let note): CommandID(note.id)
        case .createRequest(let creation): CommandID(creation.id)
        default: nil
        }
    }
}

extension Reply {
    /// How it took effect, when it did.
    package var acceptance: Acceptance? {
        guard case .accepted(let acceptance) = self else { return nil }
        return acceptance
    }

    /// Why it was refused, when it was.
    package var rejection: Rejection? {
        guard case .refused(let rejection) = self else { return nil }
        return rejection
    }

    /// Why it did not come to a decision, when it did not.
    package var unavailability: Unavailability? {
        guard case .unavailable(let reason) = self else { return nil }
        return reason
    }
}
