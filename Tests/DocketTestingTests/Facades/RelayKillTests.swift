import DocketTestSupport
import Synchronization
import Testing

@testable import DocketClient

@Suite("A relay that is ended at any commit loses and doubles nothing", .timeLimit(.minutes(5)))
struct RelayKillTests {
    private static let contacts = ["ana", "bo", "cy"]
    private static let messages = 24

    /// A gateway that knows what it has by external ids.
    private final class Gateway: Sendable {
        private let taken = Mutex<[String: [String]]>([:])
        private let known = Mutex<Set<String>>([])

        func take(_ text: String, for contact: String, as externalID: String) {
            guard known.withLock({ $0.insert(externalID).inserted }) else { return }
            taken.withLock { $0[contact, default: []].append(text) }
        }

        func texts(of contact: String) -> [String] {
            taken.withLock { $0[contact] ?? [] }
        }
    }

    private struct Ended: Error {}

    @Test(
        "Ended again and again, it brings everything in and out once and in order",
        arguments: 1...12
    )
    func killed(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let scene = try await RelayScene()
        let agent = try await scene.scene.agent()
        let gateway = Gateway()
        var next = 0
        while next < Self.messages {
            let commits = Int.random(in: 1...14, using: &random)
            let reached = next
            let brought = try? await scene.relay(endingAfter: commits) { relay in
                await Self.run(relay, from: reached, gateway)
            }
            next = brought ?? next
            if Bool.random(using: &random) { try await Self.answer(agent) }
        }
        _ = try await scene.relay { relay in
            _ = try await scene.said(Self.messages, to: agent)
            try await Self.answer(agent)
            try await Self.deliver(relay, gateway) { condition in
                condition.isLevel && condition.incoming == 0 && condition.outgoing == 0
            }
        }
        let said = try await scene.said(Self.messages, to: agent)
        for contact in Self.contacts {
            let expected = (0..<Self.messages).filter { Self.contacts[$0 % 3] == contact }
            let texts = said.map(\.1).filter { $0.hasPrefix(contact) }
            #expect(texts == expected.map { "\(contact) \($0)" }, "seed \(seed)")
            let answers = try await Self.answers(to: contact, by: agent)
            #expect(!answers.isEmpty && gateway.texts(of: contact) == answers, "seed \(seed)")
        }
    }

    /// Brings messages until the process ends; gives how many the gateway may forget.
    private static func run(_ relay: Relay, from start: Int, _ gateway: Gateway) async -> Int {
        await withTaskGroup(of: Int?.self) { group in
            group.addTask {
                try? await deliver(relay, gateway) { _ in false }
                return nil
            }
            group.addTask {
                for number in start..<messages {
                    let contact = contacts[number % 3]
                    let message = IncomingMessage(
                        externalID: "\(number)",
                        from: ExternalContact(id: contact, name: contact),
                        text: "\(contact) \(number)"
                    )
                    guard (try? await relay.ingest(message)) != nil else { return number }
                }
                return messages
            }
            var reached = start
            for await number in group {
                guard let number else { continue }
                reached = number
                group.cancelAll()
            }
            return reached
        }
    }

    /// Delivers what comes, until the relay stands as it is wanted.
    private static func deliver(
        _ relay: Relay,
        _ gateway: Gateway,
        until isDone: @escaping @Sendable (RelayCondition) -> Bool
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for try await delivery in relay.outbound() {
                    let id = try await delivery.reserveExternalID { "out-\($0)" }
                    gateway.take(delivery.message.text, for: delivery.to.id, as: id)
                    try await delivery.confirm()
                }
            }
            group.addTask {
                for await condition in relay.conditions where isDone(condition) { return }
                throw Ended()
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private static func answer(_ agent: DocketClient) async throws {
        for request in try await agent.requests.list().items {
            if request.assignee == nil { _ = try await agent.requests.take(request.id) }
            let conversation = agent.conversation(request.conversationID)
            _ = try await conversation.post("answer \(request.version)")
        }
    }

    /// What the desk has said to a contact, in order.
    private static func answers(
        to contact: String,
        by agent: DocketClient
    ) async throws -> [String] {
        var texts: [String] = []
        var conversations: Set<ConversationID> = []
        for try await update in agent.feed(from: .beginning) {
            if case .caughtUp = update.content { break }
            guard case .event(let event) = update.content, let id = event.conversationID else {
                continue
            }
            switch event.fact {
            case .conversationOpened(let party, _) where party?.name == contact:
                conversations.insert(id)
            case .messagePosted(let message)
            where event.actor?.kind != .contact && conversations.contains(id):
                texts.append(message.text)
            default: break
            }
        }
        return texts
    }
}
