internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole

/// Carries out the orders of a program that speaks for a guest, and tells it what happens.
struct GuestRelay {
    /// How many orders may be under way; a program that is ahead waits.
    private static let mostUnderWay = 1_000

    private let customer: Customer
    private let patience: Duration
    private let face = JSONFace()

    /// A relay that has not begun.
    ///
    /// - Parameters:
    ///   - customer: Who speaks.
    ///   - patience: How long a message's verdict is waited for.
    init(_ customer: Customer, patience: Duration) {
        self.customer = customer
        self.patience = patience
    }

    /// Runs until the orders end and each has its verdict, or nothing can follow.
    func run(from start: FeedStart) async throws -> ExitStatus {
        try await withThrowingTaskGroup(of: ExitStatus?.self) { group in
            group.addTask {
                for await state in customer.client.states {
                    try await face.connectionChanged(state)
                    if case .needsLogin(let error) = state { throw customer.failure(error) }
                }
                return nil
            }
            group.addTask {
                try await follow(from: start)
                return nil
            }
            group.addTask { try await obey() }
            defer { group.cancelAll() }
            for try await status in group { if let status { return status } }
            return .done
        }
    }

    private func follow(from start: FeedStart) async throws {
        do {
            for try await update in customer.client.feed(from: start) {
                try await face.apply(update)
            }
        } catch let error as DocketClientError where error.code == .resyncRequired {
            try await face.resynced(because: error)
        }
    }

    // MARK: Orders

    /// Carries out every order: messages are kept in their order, verdicts come as they come.
    private func obey() async throws -> ExitStatus {
        var input = OrderInput()
        return try await withThrowingTaskGroup(of: Bool.self) { group in
            var (underWay, isConfirmed) = (0, true)
            while let line = try await input.next(GuestOrder.init) {
                let order: GuestOrder
                switch line.order {
                case .success(let read): order = read
                case .failure(let fault):
                    try await face.write(JSONLine(fault, inLine: line.number))
                    continue
                }
                guard let rest = try await begin(order) else { continue }
                if underWay == Self.mostUnderWay {
                    isConfirmed = try await group.next() ?? true && isConfirmed
                    underWay -= 1
                }
                underWay += 1
                group.addTask { try await rest() }
            }
            for try await isDone in group { isConfirmed = isDone && isConfirmed }
            return isConfirmed ? .done : .unconfirmed
        }
    }

    /// Does what must be done in the order of the orders.
    ///
    /// - Returns: The rest, which gives whether the order is done for good; nil where nothing is
    ///   left to do.
    private func begin(
        _ order: GuestOrder
    ) async throws -> (@Sendable () async throws -> Bool)? {
        do {
            switch order.action {
            case .send(let text, let id, let conversation, let request):
                let place = try await place(conversation)
                let id = id ?? MessageID()
                let message = try await customer.shared.send(
                    text,
                    in: place,
                    continuing: request,
                    id: id
                )
                try await face.write(JSONLine(replyTo: order.id, keptAs: id))
                return { try await settle(message, order.id) }
            case .open(let channel):
                return {
                    try await telling(order.id) { try await open(channel, order.id) }
                    return true
                }
            case .retry(let id):
                guard let renewed = try await customer.shared.retry(id) else {
                    throw Self.noSuchMessage
                }
                try await face.write(JSONLine(replyTo: order.id, keptAs: renewed))
            case .discard(let id):
                guard try await customer.shared.discard(id) else { throw Self.noSuchMessage }
                try await face.write(JSONLine(replyTo: order.id, conversation: nil))
            }
        } catch {
            try await tell(error, order.id)
        }
        return nil
    }

    private static let noSuchMessage = CommandFailure(
        "no such message waits",
        status: .notFound,
        reason: "not_found"
    )

    /// Where something is said: where the order says, or in the person's own conversation.
    private func place(_ conversation: ConversationID?) async throws -> Conversation {
        if let conversation { return customer.client.conversation(conversation) }
        if let known = try customer.knownConversation() { return known }
        return try await customer.openConversation(within: patience)
    }

    private func open(_ channel: String?, _ order: String) async throws {
        let conversation = try await customer.client.openConversation(
            channel: channel ?? customer.channel,
            within: patience
        )
        try await face.write(JSONLine(replyTo: order, conversation: conversation.id))
    }

    /// Tells a message's verdict; a refused one is told, and holds up nothing.
    private func settle(_ message: SharedMessage, _ order: String) async throws -> Bool {
        let outcome = await message.outcome(within: patience)
        if case .refused = outcome {
            do throws(EnqueueError) {
                try await customer.shared.discard(message.id)
            } catch {
                try await tell(error, order)
            }
        }
        try await face.write(JSONLine(replyTo: order, standingOf: message.id, outcome))
        switch outcome {
        case .delivered, .refused, .discarded: return true
        case .failed, .expired, .waiting, .queued: return false
        }
    }

    /// Does something, and tells the program where that fails.
    private func telling(_ order: String, _ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch {
            try await tell(error, order)
        }
    }

    /// Tells the program why an order was not carried out; what concerns more than that goes on.
    private func tell(_ error: any Error, _ order: String) async throws {
        if error is CancellationError { throw error }
        guard
            let failure = CommandFailure(
                endingWith: (error as? EnqueueError).map {
                    CommandFailure($0)
                } ?? error
            )
        else { throw error }
        try await face.write(
            JSONLine(replyTo: order, reason: failure.reason ?? "failed", failure.message)
        )
    }
}

extension JSONLine {
    /// The reply to a line that is no order.
    init(_ fault: OrderFault, inLine number: Int) {
        self.init(replyTo: fault.id, line: number, reason: fault.code.rawValue, fault.message)
    }
}
