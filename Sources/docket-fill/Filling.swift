internal import DocketDesk
internal import DocketDomain
internal import DocketServices
internal import DocketStore
internal import Foundation
internal import Logging

/// Fills a store with requests, cohort after cohort of customers who talk at the same time.
struct Filling {
    /// Why a store cannot be filled.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// Customers who talk at the same time: the desk takes what they all do next into one
    /// transaction, and remembers as many conversations.
    private static let cohort = 2_000
    /// When the last cohort begins, 2026-01-01 UTC: before any server's clock, and always the same.
    private static let end = Timestamp(milliseconds: 1_767_225_600_000)
    /// How much time the requests are spread over.
    private static let span = Duration.seconds(365 * 86_400)
    /// What lies between two messages of a conversation.
    private static let pause = Duration.seconds(20)
    /// Of all requests the last so many in a hundred may still be open.
    private static let openPercent = 4

    private let texts: DialogueTexts
    private let clock: FillClock
    private var writer: BulkWriter
    private var random: FillRandom
    private var agents: [Principal] = []
    private var returning: [Customer] = []
    private(set) var report = FillReport()

    init(
        store: any Store,
        policy: Policy,
        texts: DialogueTexts,
        seed: UInt64
    ) throws {
        let next = try store.read { reading throws(StoreError) in
            try reading.nextRequestNumber()
        }
        guard next == 1 else {
            throw Fault(description: "the store has requests already; fill an empty one")
        }
        self.texts = texts
        random = FillRandom(seed: seed)
        clock = FillClock(Self.end + (.zero - Self.span))
        writer = try BulkWriter(
            store: store,
            policy: policy,
            clock: clock,
            random: FillRandom(seed: seed &+ 1),
            hash: AuditHashes.openSSL(),
            logger: Logger(label: "docket-fill")
        )
    }

    /// Makes so many requests, and tells now and then how many there are.
    mutating func fill(
        requests: Int,
        messagesPerRequest: Int,
        told tell: (Int) -> Void
    ) throws {
        try makeAgents()
        let cohorts = (requests + Self.cohort - 1) / Self.cohort
        for number in 0..<cohorts {
            let count = min(Self.cohort, requests - report.requests)
            let isRecent = (number + 1) * 100 > cohorts * (100 - Self.openPercent)
            let chats = (0..<count).map { _ in
                makeChat(messages: messagesPerRequest, mayBeOpen: isRecent)
            }
            try play(chats)
            report.requests += count
            clock.advance(by: Self.span / cohorts)
            if (number + 1).isMultiple(of: 25) { tell(report.requests) }
        }
        // What nobody has ended falls silent, as it does at a desk.
        clock.advance(by: .seconds(86_400))
        _ = try writer.take([])
    }

    /// Brings everything that follows the log to its end.
    mutating func followLog() throws { try writer.followLog() }

    // MARK: Who

    private mutating func makeAgents() throws {
        let roles = Array(repeating: AgentRole.agent, count: 40) + [.supervisor, .supervisor]
        var submissions: [Submission] = []
        for (index, role) in roles.enumerated() {
            let id = AgentID(at: clock.now(), random: &random)
            let name = "Agent \(index + 1)"
            agents.append(Principal(.agent(id, role), name: name))
            // No password has this hash, so that nobody can sign in as one of them.
            let change = IdentityChange.createAgent(
                id,
                name: name,
                role,
                login: "agent-\(index + 1)",
                passwordHash: "none"
            )
            submissions.append(
                Submission(key: key(CommandID(id)), principal: .desk, change: .identity(change))
            )
        }
        for reply in try writer.take(submissions) { _ = try Self.acceptance(reply) }
    }

    private mutating func makeChat(messages: Int, mayBeOpen: Bool) -> Chat {
        let isNew = returning.isEmpty || random.happens(percent: 40)
        let customer =
            isNew
            ? Customer(at: clock.now(), random: &random)
            : returning.remove(at: random.next() % UInt64(returning.count))
        let spread = min(3, messages - 1)
        let count = messages + Int.random(in: -spread...spread, using: &random)
        let lines = texts.dialogues[Int(random.next() % UInt64(texts.dialogues.count))]
        let order = random.digits(10)
        var said: [(speaker: DialogueTexts.Speaker, text: String)] = []
        var spoken = 0
        while spoken < count {
            let line = lines[said.count % lines.count]
            said.append((line.speaker, line.text(for: customer, order: order)))
            if line.speaker != .action { spoken += 1 }
        }
        return Chat(
            of: customer,
            isNew: isNew,
            saying: said,
            with: agents[Int(random.next() % UInt64(agents.count))],
            endingAs: ending(mayBeOpen: mayBeOpen)
        )
    }

    private mutating func ending(mayBeOpen: Bool) -> Chat.Ending {
        if mayBeOpen, random.happens(percent: 60) {
            return random.happens(percent: 20) ? .untouched : .open
        }
        return .finished(random.happens(percent: 85) ? "closed" : "resolved")
    }

    // MARK: What they do

    private mutating func play(_ cohort: [Chat]) throws {
        var chats = cohort
        while true {
            var submissions: [Submission] = []
            var acting: [Int] = []
            for (index, chat) in chats.enumerated() {
                guard let step = chat.next else { continue }
                submissions.append(submission(step, of: chat))
                acting.append(index)
            }
            guard !submissions.isEmpty else { break }
            let replies = try writer.take(submissions)
            for (index, reply) in zip(acting, replies) {
                let acceptance = try Self.acceptance(reply)
                guard case .message(let posted) = acceptance.result else {
                    chats[index].didNext(in: nil)
                    continue
                }
                chats[index].didNext(in: posted.request)
            }
            clock.advance(by: Self.pause)
        }
        returning += chats.filter(\.isClosed).map(\.customer)
    }

    private mutating func submission(_ step: Chat.Step, of chat: Chat) -> Submission {
        let customer = chat.customer
        // The first message, which comes before any work, has opened a request.
        let request = chat.request ?? RequestID(customer.conversation)
        switch step {
        case .comeAsGuest: return arrival(of: customer)
        case .openConversation:
            let opening = OpenConversation(id: customer.conversation, channel: customer.channel)
            return command(.openConversation(opening), CommandID(opening.id), customer.principal)
        case .ask(let text): return post(text, in: customer.conversation, customer.principal)
        case .answer(let text): return post(text, in: customer.conversation, chat.agent)
        case .take: return command(.take(request), nextID(), chat.agent)
        case .finish(let status):
            let finish = Finish(request: request, status: status)
            return command(.finish(finish), nextID(), chat.agent)
        case .note(let text):
            report.notes += 1
            let note = PostNote(id: nextID(), request: request, text: text)
            return command(.postNote(note), CommandID(note.id), chat.agent)
        }
    }

    private mutating func arrival(of customer: Customer) -> Submission {
        report.contacts += 1
        let change = IdentityChange.createGuest(
            customer.contact,
            name: customer.name,
            secret: digest()
        )
        return Submission(
            key: key(CommandID(customer.contact)),
            principal: nil,
            change: .identity(change)
        )
    }

    private mutating func post(
        _ text: String,
        in conversation: ConversationID,
        _ author: Principal
    ) -> Submission {
        report.messages += 1
        report.textBytes += text.utf8.count
        let post = Post(id: nextID(), conversation: conversation, text: text)
        return command(.post(post), CommandID(post.id), author)
    }

    private mutating func command(
        _ command: Command,
        _ id: CommandID,
        _ principal: Principal
    ) -> Submission {
        Submission(key: key(id), principal: principal, change: .command(command))
    }

    private mutating func nextID<Tag>() -> Identifier<Tag> {
        Identifier(at: clock.now(), random: &random)
    }

    private mutating func key(_ id: CommandID) -> Submission.Key {
        Submission.Key(id: id, digest: digest())
    }

    /// A digest of a call that was never made: as large as any other, and of nothing.
    private mutating func digest() -> Digest {
        var bytes = Data(capacity: Digest.byteCount)
        while bytes.count < Digest.byteCount {
            bytes.append(UInt8(truncatingIfNeeded: random.next()))
        }
        guard let digest = Digest(bytes) else { preconditionFailure("a digest is of other size") }
        return digest
    }

    private static func acceptance(_ reply: Reply) throws -> Acceptance {
        guard case .accepted(let acceptance) = reply else {
            throw Fault(description: "the desk did not take what somebody did: \(reply)")
        }
        return acceptance
    }
}

extension [Customer] {
    /// Takes one out, without keeping the order of the rest.
    fileprivate mutating func remove(at index: UInt64) -> Customer {
        swapAt(Int(index), count - 1)
        return removeLast()
    }
}
