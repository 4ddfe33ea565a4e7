public import DocketClient
public import DocketCommandLine

/// Follows one conversation and posts to it, and tells a face of everything.
///
/// What is said leaves in its order, one message at a time: the next is sent when the one before
/// has its verdict.
public actor ConversationSession {
    /// What a session is told.
    public struct Options: Sendable {
        /// Where the feed begins.
        ///
        /// History is shown only where it begins now.
        public var start: FeedStart
        /// Events of the history shown at the start, 0 to 200.
        public var historyLimit: Int
        /// How long a message is tried.
        public var postLimit: Duration
        /// Whether the peer is told what the reader has seen.
        public var marksRead: Bool

        /// Options of a session.
        public init(
            start: FeedStart = .now,
            historyLimit: Int = 50,
            postLimit: Duration = DocketClient.defaultLimit,
            marksRead: Bool = true
        ) {
            self.start = start
            self.historyLimit = historyLimit
            self.postLimit = postLimit
            self.marksRead = marksRead
        }
    }

    /// What a session is about, once there is a connection.
    public struct Subject: Sendable {
        let conversation: Conversation
        let request: SupportRequest?
        let answered: AnsweredRequest?

        /// Names a conversation of which the newest request gets what is said.
        ///
        /// - Parameters:
        ///   - conversation: The conversation.
        ///   - request: The request that the status line tells of at first.
        public init(_ conversation: Conversation, newest request: SupportRequest?) {
            self.conversation = conversation
            self.request = request
            answered = nil
        }

        /// Names a conversation and the one request of it that gets what is said.
        ///
        /// - Parameters:
        ///   - conversation: The conversation.
        ///   - request: The request as it is.
        ///   - answered: The request, which may become another on the way.
        public init(
            _ conversation: Conversation,
            answering request: SupportRequest,
            _ answered: AnsweredRequest
        ) {
            self.conversation = conversation
            self.request = request
            self.answered = answered
        }
    }

    /// How a part of a session ends.
    enum End: Error {
        case finished
        /// Because another part has ended, which tells more.
        case cancelled
        case failed(CommandFailure)
    }

    /// Messages that may wait to be sent.
    ///
    /// A person never gets there; a runaway script is told.
    static let maximumWaiting = 1_000
    /// The time between two looks at what changes by time alone.
    private static let tickInterval = Duration.seconds(1)

    private struct Outgoing: Sendable {
        let id: MessageID
        let text: String
        /// The request for which it was said; nil before the conversation was open.
        let request: RequestID?
        /// Finished when the message has a verdict or none will come.
        let settled: AsyncStream<Never>.Continuation?
    }

    /// Says something in a conversation, and waits so long for its verdict: nil where it has none
    /// yet, and is kept and sent later.
    public typealias Posting =
        @Sendable (Conversation, _ text: String, RequestID?, MessageID, _ within: Duration)
        async throws(DocketClientError) -> PostOutcome?

    /// Keeps that a conversation has been read up to an offset, so that the server hears of it.
    public typealias Marking =
        @Sendable (Conversation, _ upTo: UInt64) async throws(DocketClientError) -> Void

    let client: DocketClient
    private let post: Posting
    private let mark: Marking
    private let known: Known?
    private let open: @Sendable () async throws(CommandFailure) -> Subject
    private let options: Options
    private let face: any ConversationFace
    private let lane: AsyncStream<Outgoing>
    private let outgoing: AsyncStream<Outgoing>.Continuation
    private(set) var conversation: Conversation?
    private(set) var answered: AnsweredRequest?
    private var unsettled = 0
    private var status = ExitStatus.done
    private var markedOffset: UInt64 = 0
    private var typingSentAt: ContinuousClock.Instant?
    /// Whether requests began or were merged since the server last said which is the newest.
    private var isNewestUncertain = false

    /// A session that has not begun.
    ///
    /// - Parameters:
    ///   - client: The connection.
    ///   - face: Where the conversation is shown.
    ///   - options: What the session is told.
    ///   - known: What is known before there is a connection: it is shown at once, and what is said
    ///     need not wait for the connection.
    ///   - post: Says something; without it what is said is given up when its time is over.
    ///   - mark: Keeps what has been read; without it the client does.
    ///   - open: Finds the conversation, once there is a connection.
    public init(
        _ client: DocketClient,
        face: any ConversationFace,
        options: Options = Options(),
        known: Known? = nil,
        post: @escaping Posting = ConversationSession.post,
        mark: @escaping Marking = ConversationSession.mark,
        open: @escaping @Sendable () async throws(CommandFailure) -> Subject
    ) {
        self.client = client
        self.face = face
        self.options = options
        self.known = known
        self.post = post
        self.mark = mark
        self.open = open
        (lane, outgoing) = AsyncStream.makeStream(
            bufferingPolicy: .bufferingOldest(Self.maximumWaiting)
        )
    }

    /// Runs until `input` is done and everything it said has a verdict, or nothing can follow.
    ///
    /// - Parameter input: Says things, until it returns.
    /// - Returns: How the command ends.
    /// - Throws: `CommandFailure` where the session cannot go on.
    public func run(
        input: @escaping @Sendable (ConversationSession) async throws -> Void
    ) async throws(CommandFailure) -> ExitStatus {
        let end = await withTaskGroup(of: End.self) { group in
            group.addTask { await Self.end { try await self.watchConnection() } }
            group.addTask { await Self.end { try await self.tick() } }
            group.addTask { await Self.end { try await self.converse() } }
            group.addTask { await Self.end { try await input(self) } }
            defer { group.cancelAll() }
            for await end in group {
                if case .cancelled = end { continue }
                return end
            }
            return .finished
        }
        // What was shown last has been read too.
        await markRead()
        if case .failed(let failure) = end { throw failure }
        return unsettled > 0 && status == .done ? .unconfirmed : status
    }

    private static func end(of part: () async throws -> Void) async -> End {
        do {
            try await part()
            return .finished
        } catch let end as End {
            return end
        } catch is CancellationError {
            return .cancelled
        } catch {
            return CommandFailure(endingWith: error).map(End.failed) ?? .finished
        }
    }

    // MARK: Following

    private func watchConnection() async throws {
        for await state in client.states {
            try await face.connectionChanged(state)
            if case .needsLogin(let error) = state { throw error }
        }
    }

    private func tick() async throws {
        while true {
            try await Task.sleep(for: Self.tickInterval)
            try await face.tick()
            await markRead()
        }
    }

    /// Opens the conversation, then posts and follows at the same time.
    private func converse() async throws {
        if let known { return try await converse(from: known) }
        let subject = try await open()
        let conversation = subject.conversation
        self.conversation = conversation
        answered = subject.answered
        try await face.opened(
            as: client.identity,
            request: subject.request,
            answers: answered != nil
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.postAll(to: conversation) }
            group.addTask { try await self.follow(conversation) }
            if let answered { group.addTask { try await self.showTurns(of: answered) } }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Shows what is known and posts at once, and follows when there is a connection.
    private func converse(from known: Known) async throws {
        conversation = known.conversation
        try await face.opened(as: known.reader, request: nil, answers: false)
        if options.historyLimit > 0 { try await face.showHistory(known.page) }
        for message in known.queued { try await face.sending(message.text, id: message.id) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.postAll(to: known.conversation) }
            group.addTask { try await self.followWhenOpen() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func followWhenOpen() async throws {
        let subject = try await open()
        try await face.opened(as: client.identity, request: subject.request, answers: false)
        try await follow(subject.conversation)
    }

    private func follow(_ conversation: Conversation) async throws {
        var start = options.start
        while true {
            do {
                for try await update in conversation.updates(from: start) {
                    try await tell(update, of: conversation)
                }
                return
            } catch let error as DocketClientError where error.code == .resyncRequired {
                try await face.resynced(because: error)
                start = .after(try await client.snapshot().cursor)
            }
        }
    }

    private func tell(_ update: FeedUpdate, of conversation: Conversation) async throws {
        // The feed is open before the history is read, so nothing falls between the two; what is
        // in both is told apart by its offset.
        if case .started = update.content, options.historyLimit > 0 {
            let page = try await conversation.history(.newest, limit: options.historyLimit)
            try await face.showHistory(page)
            if page.events.contains(where: \.changesNewest) { isNewestUncertain = true }
        }
        try await face.apply(update)
        if case .caughtUp = update.content, answered == nil, isNewestUncertain {
            try await showNewest()
        }
        guard case .event(let event) = update.content else { return }
        if event.changesNewest { isNewestUncertain = true }
        if answered == nil, case .merged(let survivor, _) = event.fact {
            try await showSurvivor(survivor.id)
        } else if let next = answered?.follow(event) {
            await arrive(at: next)
        }
    }

    /// Shows the newest request as it is: what the feed repeats was told of others, long ago.
    private func showNewest() async throws {
        let subject: Subject
        do throws(CommandFailure) {
            subject = try await open()
        } catch {
            // The line learns the rest from the next events.
            return
        }
        isNewestUncertain = false
        try await face.opened(as: client.identity, request: subject.request, answers: false)
    }

    /// Shows who has the request that has a merged one's content: no event of the merge says so.
    private func showSurvivor(_ id: RequestID) async throws {
        let request: SupportRequest
        do throws(DocketClientError) {
            request = try await client.requests.get(id)
        } catch {
            // The line learns the rest from the next events.
            return
        }
        try await face.turned(to: request)
    }

    /// Reads the request that has the answered one's content, for the status line.
    private func arrive(at id: RequestID) async {
        do throws(DocketClientError) {
            answered?.arrive(at: try await client.requests.get(id))
        } catch {
            // What is said goes there already; the line learns the rest from the next events.
        }
    }

    private func showTurns(of answered: AnsweredRequest) async throws {
        for await request in answered.turns { try await face.turned(to: request) }
    }

    // MARK: Posting

    /// Says something, without waiting for its verdict.
    public func say(_ text: String) async throws {
        try await enqueue(text, settled: nil)
    }

    /// Says something, and returns when it has a verdict or none will come.
    public func sayAndWait(_ text: String) async throws {
        let (verdict, settled) = AsyncStream.makeStream(of: Never.self)
        try await enqueue(text, settled: settled)
        for await _ in verdict {}
        try Task.checkCancellation()
    }

    private func enqueue(
        _ text: String,
        settled: AsyncStream<Never>.Continuation?
    ) async throws {
        let message = Outgoing(
            id: MessageID(),
            text: text,
            request: answered?.id,
            settled: settled
        )
        try await face.sending(text, id: message.id)
        switch outgoing.yield(message) {
        case .enqueued: unsettled += 1
        case .dropped:
            status = .refused
            settled?.finish()
            let error = DocketClientError(.invalidInput, "too many messages wait to be sent")
            try await face.failed(message.id, error)
        case .terminated: throw CancellationError()
        @unknown default: throw CancellationError()
        }
    }

    /// Where something goes that was said for a request: there, however late it leaves and wherever
    /// the agent has turned meanwhile, or to the request that has its content now.
    ///
    /// - Parameter request: The request that was answered then; nil before the first was known.
    /// - Returns: The request to name; nil where the session answers none.
    func destination(of request: RequestID?) -> RequestID? {
        answered.map { $0.survivor(of: request ?? $0.first) }
    }

    /// Says something over the session's own connection.
    public static let post: Posting = {
        (conversation, text, request, id, limit) async throws(DocketClientError) in
        try await conversation.post(text, continuing: request, id: id, within: limit)
    }

    /// Keeps what has been read with the session's own client.
    public static let mark: Marking = { (conversation, offset) async throws(DocketClientError) in
        try await conversation.markRead(upTo: offset)
    }

    private func postAll(to conversation: Conversation) async throws {
        for await message in lane {
            defer { message.settled?.finish() }
            let outcome: PostOutcome?
            do throws(DocketClientError) {
                outcome = try await post(
                    conversation,
                    message.text,
                    destination(of: message.request),
                    message.id,
                    options.postLimit
                )
            } catch {
                guard error.code != .cancelled else { throw error }
                unsettled -= 1
                status = error.code == .unreachable ? .unreachable : .unconfirmed
                try await face.failed(message.id, error)
                continue
            }
            unsettled -= 1
            guard let outcome else {
                status = status == .done ? .unconfirmed : status
                try await face.kept(message.id, nil)
                continue
            }
            if case .refused = outcome { status = .refused }
            try await face.settled(message.id, outcome)
        }
    }

    /// Says that the reader is typing, unless it was said a moment ago or the contact is not to
    /// know.
    public func typing() async {
        guard answered?.isInternal != true else { return }
        let now = ContinuousClock.now
        guard let conversation, typingSentAt.map({ now - $0 >= TypingSignal.interval }) ?? true
        else { return }
        typingSentAt = now
        await conversation.typing()
    }

    private func markRead() async {
        guard options.marksRead, let conversation, let shown = await face.shownOffset,
            shown > markedOffset
        else { return }
        markedOffset = shown
        do throws(DocketClientError) {
            try await mark(conversation, shown)
        } catch {
            // It is not kept, as on a full disk. The next look tries again; a mark that is late
            // harms nobody.
            markedOffset = 0
        }
    }
}

extension Event {
    /// Whether another request may be the newest of its conversation after it.
    fileprivate var changesNewest: Bool {
        switch fact {
        case .requestOpened, .merged: true
        default: false
        }
    }
}
