internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal
internal import Synchronization

/// Connects the channel of a program with the desk, both ways.
///
/// The program writes orders and reads lines. What it brings is on the disk before its order is
/// replied to, and what the desk says comes until the program has confirmed it.
struct ChannelRelay: Sendable {
    /// How many files are being saved at once.
    private static let mostDownloads = 4
    /// How long to look for what a delivery answers.
    private static let lookLimit = Duration.seconds(5)
    /// How many of the newest events of a conversation are looked through for it.
    private static let looked = 200
    /// How long the log says nothing of a lag that grows.
    private static let logPause = Duration.seconds(30)

    private let client: DocketClient
    private let relay: Relay
    private let channel: String
    private let patience: Duration
    private let face = JSONFace()
    private let report = RelayReport()
    private let hands = DeliveriesInHand()
    private let news = SharedNews()

    /// Runs until the orders end, or nothing can follow.
    ///
    /// - Parameters:
    ///   - customer: The integration, and its channel.
    ///   - patience: How long to wait at the end for what was brought to be posted.
    ///   - start: Where deliveries begin when the channel is connected for the first time.
    /// - Returns: Whether everything that was brought is posted.
    /// - Throws: What ended it otherwise.
    static func run(
        _ customer: Customer,
        patience: Duration,
        from start: FeedStart
    ) async throws -> ExitStatus {
        let channel = customer.channel
        do {
            return try await customer.client.relay(
                channel,
                channel: channel,
                from: start
            ) { relay in
                try await ChannelRelay(customer, relay, patience).run()
            }
        } catch let error as DocketClientError {
            throw failure(error)
        }
    }

    private init(_ customer: Customer, _ relay: Relay, _ patience: Duration) {
        client = customer.client
        self.relay = relay
        channel = customer.channel
        self.patience = patience
    }

    private func run() async throws -> ExitStatus {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await obey()
                return true
            }
            for watch in [watchConnection, watchConditions, watchOutbox, watchLag, deliver] {
                group.addTask {
                    try await watch()
                    return false
                }
            }
            defer { group.cancelAll() }
            // The first that fails ends the others, and so does the end of the orders.
            while let isOver = try await group.next(), !isOver {}
        }
        try await settle()
        return try await end()
    }

    /// What ends the relay of an integration.
    private static func failure(_ error: DocketClientError) -> CommandFailure {
        guard error.code == .needsLogin else { return CommandFailure(error) }
        return CommandFailure(
            error,
            advice: """
                Write a key that the desk takes into the key file. An administrator makes one:
                docket key create NAME --channel KEY
                """
        )
    }

    // MARK: Watching

    private func watchConnection() async throws {
        var isChecked = false
        for await state in client.states {
            try await face.connectionChanged(state)
            switch state {
            case .needsLogin(let error): throw error
            case .offline(_, let error): report.tell("offline: \(error.message)")
            case .live:
                report.tell("connected")
                if !isChecked { isChecked = try await checkChannel() }
            case .connecting, .authenticating, .catchingUp, .closed: break
            }
        }
    }

    /// Ends the relay where the integration has no such channel, as nothing would ever be posted.
    ///
    /// - Returns: Whether the desk has answered.
    private func checkChannel() async throws -> Bool {
        let keys: [String]
        do throws(DocketClientError) {
            keys = try await client.channels().map(\.key)
        } catch {
            guard [.unreachable, .outcomeUnknown].contains(error.code) else { throw error }
            return false
        }
        guard keys.contains(channel) else {
            throw CommandFailure(
                "the key is for no channel \(channel)",
                advice: "Choose one of these: --channel \(keys.joined(separator: " | "))",
                status: .refused,
                reason: "unknown_channel"
            )
        }
        return true
    }

    private func watchConditions() async throws {
        var parked = 0
        for await condition in relay.conditions {
            report.tell(condition)
            guard condition.parked != parked else { continue }
            parked = condition.parked
            try await tellParked()
        }
    }

    private func watchOutbox() async throws {
        var stopped = 0
        for await summary in client.outbox.summaries where summary.stopped != stopped {
            stopped = summary.stopped
            try await tellParked()
        }
    }

    private func watchLag() async throws {
        while true {
            try await Task.sleep(for: Self.logPause)
            if let condition = await condition() { report.tell(condition) }
        }
    }

    /// How the relay stands now; nil after its end.
    private func condition() async -> RelayCondition? {
        for await condition in relay.conditions { return condition }
        return nil
    }

    private func tellParked() async throws {
        for parked in news.news(in: try relay.parked()) { try await face.write(JSONLine(parked)) }
    }

    // MARK: Deliveries

    private func deliver() async throws {
        for try await delivery in relay.outbound() {
            let answered = await answered(by: delivery)
            hands.take(delivery)
            try await face.write(JSONLine(delivery, answering: answered))
        }
    }

    /// The message of the contact that a delivery answers: the last one before it in its request.
    ///
    /// It is left out where the desk is away: a delivery does not wait for it.
    private func answered(by delivery: Delivery) async -> MessageID? {
        for await state in client.states {
            guard case .live = state else { return nil }
            break
        }
        return await withTaskGroup(of: MessageID?.self) { group in
            group.addTask { await look(for: delivery) }
            group.addTask {
                // Nothing is found in time, or the other has ended.
                try? await Task.sleep(for: Self.lookLimit)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    private func look(for delivery: Delivery) async -> MessageID? {
        let page: HistoryPage
        do throws(DocketClientError) {
            page = try await client.conversation(delivery.conversationID)
                .history(.newest, limit: Self.looked)
        } catch {
            report.tell("delivery \(delivery.message.id) comes without what it answers: \(error)")
            return nil
        }
        var isBefore = false
        for event in page.events.reversed() where event.request?.id == delivery.request.id {
            guard case .messagePosted(let message) = event.fact else { continue }
            if isBefore, event.actor?.kind == .contact { return message.id }
            if message.id == delivery.message.id { isBefore = true }
        }
        return nil
    }

    // MARK: Orders

    /// Carries out every order, one after the other; files are saved beside.
    private func obey() async throws {
        var input = OrderInput()
        try await withThrowingTaskGroup(of: Void.self) { group in
            var downloads = 0
            while let line = try await input.next(ChannelOrder.init) {
                switch line.order {
                case .failure(let fault):
                    try await face.write(JSONLine(fault, inLine: line.number))
                case .success(let order):
                    guard case .download(let file, let delivery, let path) = order.action else {
                        try await telling(order.id) { try await carryOut(order) }
                        continue
                    }
                    if downloads == Self.mostDownloads {
                        try await group.next()
                        downloads -= 1
                    }
                    downloads += 1
                    group.addTask {
                        try await telling(order.id) {
                            try await download(file, of: delivery, to: path, order.id)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Does something, and tells the program where that fails.
    private func telling(_ order: String, _ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch {
            let refusal: OrderRefusal
            do {
                refusal = try OrderRefusal(error)
            } catch let error as DocketClientError where error.code == .closed {
                // Why the relay has ended says more than that it has.
                throw await condition()?.trouble ?? error
            }
            try await face.write(
                JSONLine(replyTo: order, reason: refusal.reason, refusal.message)
            )
        }
    }

    private func carryOut(_ order: ChannelOrder) async throws {
        switch order.action {
        case .ingest(let said): try await ingest(said, order.id)
        case .reserve(let id, let externalID):
            let kept = try await hands.delivery(id).reserveExternalID { _ in externalID }
            try await face.write(JSONLine(replyTo: order.id, externalID: kept))
        case .confirm(let id, let externalID):
            try await hands.answer(id) { delivery in
                if let externalID { try await reserve(externalID, for: delivery) }
                try await delivery.confirm()
            }
            try await face.write(JSONLine(replyTo: order.id, conversation: nil))
        case .postpone(let id, let seconds):
            try await hands.answer(id) { try await $0.retry(after: .seconds(seconds)) }
            try await face.write(JSONLine(replyTo: order.id, conversation: nil))
        case .fail(let id, let reason):
            try await hands.answer(id) { try await $0.fail(reason) }
            try await face.write(JSONLine(replyTo: order.id, conversation: nil))
        case .parked:
            let parked = try relay.parked()
            for message in parked { try await face.write(JSONLine(message, replyTo: order.id)) }
            try await face.write(JSONLine(replyTo: order.id, count: parked.count))
        case .retry(let id):
            guard try await relay.retry(id) else { throw Self.notParked(id) }
            try await face.write(JSONLine(replyTo: order.id, conversation: nil))
        case .discard(let id):
            guard try await relay.discard(id) else { throw Self.notParked(id) }
            try await face.write(JSONLine(replyTo: order.id, conversation: nil))
        case .condition:
            guard let condition = await condition() else {
                throw DocketClientError(.closed, "the relay has ended")
            }
            try await face.write(JSONLine(condition, replyTo: order.id))
        // It goes on beside the others.
        case .download: break
        }
    }

    private static func notParked(_ id: MessageID) -> OrderRefusal {
        OrderRefusal("not_found", "no message \(id) stands still")
    }

    private func ingest(_ said: ChannelOrder.Said, _ order: String) async throws {
        let ingestion = try await relay.ingest(try said.message)
        if case .echo(let id) = ingestion { hands.release(id) }
        try await face.write(JSONLine(replyTo: order, accepted: ingestion))
    }

    private func reserve(_ externalID: String, for delivery: Delivery) async throws {
        let kept = try await delivery.reserveExternalID { _ in externalID }
        guard kept == externalID else {
            throw OrderRefusal(
                "external_id_reserved",
                "the external id of this delivery is \(kept): confirm it without another"
            )
        }
    }

    private func download(
        _ file: AttachmentID,
        of id: MessageID,
        to path: String,
        _ order: String
    ) async throws {
        let files = try hands.delivery(id).message.attachments
        guard let attachment = files.first(where: { $0.id == file }) else {
            throw OrderRefusal("not_found", "the delivery has no attachment \(file)")
        }
        try await client.download(attachment, to: path)
        try await face.write(JSONLine(replyTo: order, path: path))
    }

    // MARK: Ending

    /// Waits until what was brought is posted or stands still, as long as there is patience.
    private func settle() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await condition in relay.conditions where try isAtRest(condition) { break }
                for await summary in client.outbox.summaries where try isAtRest(summary) { break }
            }
            group.addTask { try await Task.sleep(for: patience) }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Whether nothing goes into the outbox any more before somebody decides.
    private func isAtRest(_ condition: RelayCondition) throws -> Bool {
        guard condition.incoming > 0 else { return true }
        let standing = try relay.parked().filter {
            $0.direction == .incoming && client.outbox.message($0.message) == nil
        }
        return condition.incoming <= standing.reduce(0) { $0 + 1 + $1.behind }
    }

    /// Whether nothing leaves the outbox any more before somebody decides.
    private func isAtRest(_ summary: OutboxSummary) throws -> Bool {
        if summary.waiting == 0 { return true }
        guard summary.stopped > 0 else { return false }
        return try client.outbox.messages().allSatisfy { message in
            switch message.state {
            case .waiting, .sending: false
            case .refused, .failed, .expired, .blocked: true
            }
        }
    }

    /// Tells what is left, and how the program ends.
    private func end() async throws -> ExitStatus {
        guard let condition = await condition() else { return .unconfirmed }
        var incoming = condition.incoming
        for await summary in client.outbox.summaries {
            incoming += summary.waiting + summary.stopped
            break
        }
        try await face.write(
            JSONLine(
                leftIncoming: incoming,
                outgoing: condition.outgoing,
                parked: try relay.parked().count
            )
        )
        if let trouble = condition.trouble { throw trouble }
        return incoming == 0 ? .done : .unconfirmed
    }
}

/// The news of messages that stand still, for several who look.
private final class SharedNews: Sendable {
    private let news = Mutex(ParkedNews())

    func news(in parked: [ParkedMessage]) -> [ParkedMessage] {
        news.withLock { $0.news(in: parked) }
    }
}
