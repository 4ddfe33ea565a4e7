public import DocketClient
public import DocketCommandLine
public import DocketTerminal

/// A conversation as plain lines, for pipes, dumb terminals and screen readers.
///
/// What is said goes to standard output, everything about the connection to standard error.
public actor PlainFace: ConversationFace {
    private let output: OutputWriter
    private let errors: OutputWriter
    private var view: ConversationView
    private var isOffline = false

    /// Shows a conversation on two descriptors.
    ///
    /// - Parameters:
    ///   - side: Who reads.
    ///   - output: Where the conversation goes.
    ///   - errors: Where everything else goes.
    ///   - calendar: In which time zone.
    public init(
        side: Transcript.Side,
        output: OutputWriter = .standard,
        errors: OutputWriter = OutputWriter(descriptor: 2),
        calendar: LocalCalendar = .current
    ) {
        self.output = output
        self.errors = errors
        view = ConversationView(for: side, look: .plain, calendar: calendar)
    }

    /// Shows who reads, and of which request.
    public func opened(as identity: Identity?, request: SupportRequest?, answers: Bool) {
        view.opened(as: identity?.party.id, request: request, answers: answers)
    }

    /// Shows another request.
    public func turned(to request: SupportRequest) {
        view.turned(to: request)
    }

    /// Shows what was said before.
    public func showHistory(_ page: HistoryPage, earlier: Int?) throws {
        try write(view.showHistory(page, earlier: earlier))
    }

    /// Shows a step of the feed.
    public func apply(_ update: FeedUpdate) throws {
        try write(view.apply(update, at: .now))
    }

    /// Shows that the conversation is read anew.
    public func resynced(because error: DocketClientError) throws {
        try write(view.resynced(at: .now))
    }

    /// Shows that a message is on its way.
    public func sending(_ text: String, id: MessageID) {
        view.sending(text, id: id)
    }

    /// Shows the verdict on a message.
    public func settled(_ id: MessageID, _ outcome: PostOutcome) throws {
        try write(view.settled(id, outcome))
    }

    /// Shows nothing: the verdict tells.
    public func kept(_ id: MessageID) { view.kept(id) }

    /// Shows that a message is kept, and sent later.
    public func postponed(_ id: MessageID, _ error: DocketClientError?) throws {
        try write(view.postponed(id, error))
    }

    /// Shows what was refused.
    public func waiting(_ messages: [QueuedMessage]) throws {
        for row in view.waiting(messages, at: .now).flatMap({ $0.unwrappedRows }) {
            try errors.writeLine(row)
        }
    }

    /// Shows that no verdict on a message will come.
    public func failed(_ id: MessageID, _ error: DocketClientError) throws {
        try write(view.failed(id, error))
    }

    /// Tells when the connection is lost, and when it is there again.
    public func connectionChanged(_ state: ConnectionState) throws {
        view.connectionChanged(state)
        switch state {
        case .offline:
            isOffline = true
            try tell(state)
        case .live where isOffline:
            isOffline = false
            try tell(state)
        case .connecting, .authenticating, .catchingUp, .live, .needsLogin, .closed: break
        }
    }

    private func tell(_ state: ConnectionState) throws {
        try errors.writeLine("\(ConnectionLine.words(state, at: .now))")
    }

    /// Shows what was held back for a moment; other lines do not change by time.
    public func tick() throws { try write(view.tick(at: .now)) }

    /// Shows nothing: what waits was told message by message.
    public func ended() {}

    /// Everything of the peer's up to this offset has been shown.
    public var shownOffset: UInt64? { view.shownOffset }

    private func write(_ paragraphs: [Paragraph]) throws {
        for row in paragraphs.flatMap({ $0.unwrappedRows }) { try output.writeLine(row) }
    }
}

extension Paragraph {
    /// The rows on a screen of any width: broken only where the text is.
    public var unwrappedRows: [TerminalText] { rows(columns: Self.anyWidth) }

    /// More cells than the longest line of a message has.
    private static var anyWidth: Int { 4 * TerminalText.maximumLineLength }
}
