import DeskSupport
import DocketPolicy
import DocketTestSupport
import Testing

@testable import DocketClient

/// A principal with a disk of its own, whose processes come and go.
private final class Device {
    let disk: MemoryDisk
    let network: SwitchedConnector
    private let credential: Credential
    private var processes: UInt64 = 0

    init(_ subject: DeskSubject, as credential: Credential) throws {
        disk = try MemoryDisk()
        network = SwitchedConnector(subject)
        self.credential = credential
    }

    /// Uses a client in a process of its own, which ends with the body, or reaches the disk no more
    /// after some commits.
    func process<Value: Sendable>(
        endingAfter commits: Int = .max,
        _ body: (DocketClient) async throws -> Value
    ) async throws -> Value {
        processes += 1
        return try await EndingProcess(after: commits).run(
            disk,
            over: network,
            as: credential,
            seed: processes
        ) { client in try await body(client) }
    }
}

@Suite("Requests, tickets and comments wait for the network", .timeLimit(.minutes(5)))
struct QueuedRequestTests {
    private let subject: DeskSubject
    private let scene: ClientScene

    init() throws {
        subject = try DeskSubject(.memory)
        scene = ClientScene(subject)
    }

    private func partner() async throws -> Device {
        let administrator = try await scene.administrator("maker")
        let made = try await administrator.administration.createPartner(name: "CRM")
        return try Device(subject, as: .apiKey(try #require(made.text)))
    }

    private func ticket(_ key: String, _ text: String = "It does not print") -> TicketDraft {
        TicketDraft(key, of: "crm/7", named: "Ada", channel: "api", text: text)
    }

    @Test("What is sent without a network is there in the next process, and arrives once")
    func offline() async throws {
        let partner = try await partner()
        partner.network.goDown()
        let first = ticket("crm/1")
        try await partner.process { client in
            let pending = try await client.tickets.send(first)
            #expect(pending.id == first.id)
            _ = try await client.tickets.send(comment: "It smokes now", on: first.id)
            _ = try await client.tickets.send(first)
            for number in 2...3 { _ = try await client.tickets.send(ticket("crm/\(number)")) }
        }
        partner.network.comeBack()
        try await partner.process { client in
            let queued = try client.outbox.requests()
            #expect(queued.count == 4)
            #expect(queued[0].content == .ticket(first.id, externalKey: "crm/1"))
            #expect(queued[0].channel == "api" && queued[0].text == "It does not print")
            guard case .comment(_, on: let request) = queued[1].content else {
                Issue.record("\(queued[1])")
                return
            }
            #expect(request == first.id && queued[1].text == "It smokes now")
            #expect(try client.outbox.messages().isEmpty)
            try await client.sync()
            #expect(try client.outbox.requests().isEmpty && client.outbox.ticket(first.id) == nil)
            let page = try await client.tickets.list(keyPrefix: "crm/")
            let keys = page.items.map(\.details.externalKey)
            #expect(keys == ["crm/1", "crm/2", "crm/3"] && page.items[0].id == first.id)
            let messages = try await client.tickets.messages(of: first.id).messages
            #expect(messages.compactMap(\.text) == ["It does not print", "It smokes now"])
        }
    }

    @Test("An outcome tells the request, and the same key under another id is the same request")
    func known() async throws {
        let partner = try await partner()
        try await partner.process { client in
            let first = ticket("crm/1")
            guard
                case .delivered(let pushed) = try await client.tickets.send(first).outcome(),
                case .delivered(let known) = try await client.tickets.send(ticket("crm/1"))
                    .outcome()
            else {
                Issue.record("a ticket was not taken")
                return
            }
            #expect(pushed.requestID == first.id && pushed.number == 1 && !pushed.wasKnown)
            #expect(known.requestID == first.id && known.wasKnown)
            let comment = try await client.tickets.send(comment: "Once more", on: first.id)
            guard case .delivered(let receipt) = await comment.outcome() else {
                Issue.record("\(await comment.outcome())")
                return
            }
            #expect(receipt.requestID == first.id && receipt.sequence == 2)
        }
    }

    @Test("A refused ticket holds up its own comments, until somebody retries or discards it")
    func refused() async throws {
        let partner = try await partner()
        try await partner.process { client in
            var wrong = ticket("crm/1")
            wrong.channel = "nothing"
            let pending = try await client.tickets.send(wrong)
            guard case .refused(let refusal) = await pending.outcome() else {
                Issue.record("\(await pending.outcome())")
                return
            }
            #expect(refusal.reason == "unknown_channel")
            let comment = try await client.tickets.send(comment: "It smokes", on: wrong.id)
            #expect(await comment.outcome() == .waiting(behind: CommandID(wrong.id)))
            let other = try await client.tickets.send(ticket("crm/2"))
            guard case .delivered = await other.outcome() else {
                Issue.record("another ticket is held up")
                return
            }
            let command = try #require(try await client.outbox.retry(CommandID(wrong.id)))
            let renewed = RequestID(command)
            #expect(renewed != wrong.id)
            guard case .refused? = await client.outbox.ticket(renewed)?.outcome() else {
                Issue.record("the retry was not refused")
                return
            }
            let states = try client.outbox.requests().map(\.state)
            #expect(states == [.refused(refusal), .blocked(by: CommandID(renewed))])
            #expect(try await client.outbox.discard(renewed))
            guard case .refused(let absent) = await comment.outcome() else {
                Issue.record("\(await comment.outcome())")
                return
            }
            #expect(absent.reason == "not_found")
            #expect(client.outbox.comment(comment.id) != nil)
        }
    }

    private static let topics =
        PolicyDocument.defaultText + """

            topics:
              - {key: tills, name: Tills}
            fields:
              - {key: serial, name: Number, type: text, limit: 40, visible_to_contact: true}

            """
    private static let wantsSerial =
        topics + """
            field_sets:
              - {topic: tills, phase: create, required: [serial]}

            """

    @Test("After a retry the comments are on the ticket's new id, in order, and so are new ones")
    func retried() async throws {
        let partner = try await partner()
        let administrator = try await scene.signIn("maker")
        try await administrator.policies.apply(Self.wantsSerial)
        try await partner.process { client in
            var draft = ticket("crm/1")
            draft.topic = "tills"
            let pending = try await client.tickets.send(draft)
            let first = try await client.tickets.send(comment: "first", on: draft.id)
            guard case .refused = await pending.outcome() else {
                Issue.record("\(await pending.outcome())")
                return
            }
            try await administrator.policies.apply(Self.topics)
            partner.network.goDown()
            let renewed = try #require(try await client.outbox.retry(CommandID(draft.id)))
            let id = RequestID(renewed)
            let second = try await client.tickets.send(comment: "second", on: id)
            let targets = try client.outbox.requests().map(\.content)
            #expect(
                targets == [
                    .ticket(id, externalKey: "crm/1"), .comment(first.id, on: id),
                    .comment(second.id, on: id),
                ]
            )
            partner.network.comeBack()
            client.reconnectNow()
            guard case .delivered = await second.outcome() else {
                Issue.record("\(await second.outcome())")
                return
            }
            let messages = try await client.tickets.messages(of: id).messages
            let texts = ["It does not print", "first", "second"]
            #expect(messages.compactMap(\.text) == texts)
            #expect(try client.outbox.requests().isEmpty)
        }
    }

    @Test("A comment that was refused can be sent again by its id")
    func retriedComment() async throws {
        let partner = try await partner()
        try await partner.process { client in
            let comment = try await client.tickets.send(comment: "early", on: RequestID())
            guard case .refused = await comment.outcome() else {
                Issue.record("\(await comment.outcome())")
                return
            }
            let id = try #require(try client.outbox.requests().first?.id)
            let renewed = try #require(try await client.outbox.retry(id))
            let again = client.outbox.comment(MessageID(renewed))
            guard renewed != id, case .refused? = await again?.outcome() else {
                Issue.record("it was not sent again")
                return
            }
        }
    }

    @Test("A ticket that was never sent can be taken back")
    func cancelled() async throws {
        let partner = try await partner()
        partner.network.goDown()
        try await partner.process { client in
            let pending = try await client.tickets.send(ticket("crm/1"))
            #expect(try await pending.cancel())
            #expect(await pending.outcome() == .discarded)
            #expect(try client.outbox.requests().isEmpty)
        }
    }

    @Test("What no server would take is refused at once")
    func limits() async throws {
        let partner = try await partner()
        partner.network.goDown()
        let long = String(repeating: "x", count: MessageLimits.largest.textBytes + 1)
        try await partner.process { client in
            for text in ["", long] {
                await #expect(throws: EnqueueError.self) {
                    try await client.tickets.send(ticket("crm/1", text))
                }
                await #expect(throws: EnqueueError.self) {
                    try await client.tickets.send(comment: text, on: RequestID())
                }
                await #expect(throws: EnqueueError.self) {
                    try await client.requests.send(RequestDraft(channel: "form", text: text))
                }
            }
            let first = ticket("crm/1")
            _ = try await client.tickets.send(first)
            var other = first
            other.text = "It smokes"
            await #expect(throws: EnqueueError.keyReused) {
                try await client.tickets.send(other)
            }
        }
    }

    @Test("A customer's request is opened when the network is back, and a refused one can be seen")
    func requests() async throws {
        let key = try #require(try await scene.guest().guestKey)
        let customer = try Device(subject, as: .guest(key))
        customer.network.goDown()
        var draft = RequestDraft(channel: "email", text: "The drawer is stuck")
        let id = RequestID()
        try await customer.process { client in
            _ = try await client.requests.send(draft, id: id)
            draft.title = "A drawer"
            let titled = try await client.requests.send(draft)
            #expect(try client.outbox.requests().map(\.title) == ["", "A drawer"])
            customer.network.comeBack()
            client.reconnectNow()
            guard case .delivered(let request) = await titled.outcome() else {
                Issue.record("\(await titled.outcome())")
                return
            }
            #expect(request.id == titled.id && request.title == "A drawer")
            guard case .refused(let refusal)? = await client.outbox.request(id)?.outcome() else {
                Issue.record("a request without a title was taken")
                return
            }
            #expect(refusal.reason == "missing_fields")
            let queued = try client.outbox.requests()
            #expect(queued.map(\.content) == [.request(id)])
            #expect(try await client.outbox.discard(id))
        }
    }

    @Test(
        "However often the process ends, each ticket is there once, with its comments in order",
        arguments: 1...12
    )
    func killed(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let partner = try await partner()
        let drafts = (0..<20).map { ticket("crm/\($0)") }
        let comments = drafts.map { _ in (0..<3).map { _ in MessageID() } }
        var sent = 0
        while sent < drafts.count {
            let commits = Int.random(in: 1...12, using: &random)
            let reached = sent
            sent =
                try await partner.process(endingAfter: commits) { client in
                    await Self.send(drafts, comments, from: reached, client)
                }
        }
        try await partner.process { client in
            try await client.sync()
            #expect(try client.outbox.requests().isEmpty, "seed \(seed)")
            let page = try await client.tickets.list(keyPrefix: "crm/", limit: 200)
            #expect(Set(page.items.map(\.id)) == Set(drafts.map(\.id)), "seed \(seed)")
            #expect(page.items.count == drafts.count, "seed \(seed)")
            for draft in drafts {
                let messages = try await client.tickets.messages(of: draft.id).messages
                let texts = ["It does not print", "0", "1", "2"]
                #expect(messages.compactMap(\.text) == texts, "seed \(seed)")
            }
        }
    }

    /// Sends tickets with their comments until the process ends; gives how many are kept for sure.
    private static func send(
        _ drafts: [TicketDraft],
        _ comments: [[MessageID]],
        from start: Int,
        _ client: DocketClient
    ) async -> Int {
        for number in start..<drafts.count {
            do throws(EnqueueError) {
                _ = try await client.tickets.send(drafts[number])
                for (place, id) in comments[number].enumerated() {
                    let request = drafts[number].id
                    _ = try await client.tickets.send(comment: "\(place)", on: request, id: id)
                }
            } catch {
                return number
            }
        }
        return drafts.count
    }
}

extension RequestMessage {
    /// What was said.
    fileprivate var text: String? {
        if case .messagePosted(let message) = event.fact { message.text } else { nil }
    }
}
