public import DocketClient
internal import DocketCommandLine
public import DocketTerminal

/// A conversation as JSON, one object a line.
public actor JSONFace: ConversationFace {
    private let output: OutputWriter
    private var state: ConnectionState?
    private var isOver = false

    /// Writes to a descriptor.
    public init(output: OutputWriter = .standard) {
        self.output = output
    }

    /// Writes one line.
    public func write(_ line: JSONLine) throws {
        guard !isOver else { return }
        try output.write(line.text() + "\n")
    }

    /// Writes nothing: every event names its conversation.
    public func opened(as identity: Identity?, request: SupportRequest?, answers: Bool) {}

    /// Writes nothing: every verdict names its request.
    public func turned(to request: SupportRequest) {}

    /// History is not written: its events have no cursor.
    ///
    /// `--since` gives them as events.
    public func showHistory(_ page: HistoryPage, earlier: Int?) {}

    /// Shows a step of the feed.
    public func apply(_ update: FeedUpdate) throws {
        try write(JSONLine(update))
    }

    /// Ends the program after a last line: only its caller knows what to do with what it kept.
    public func resynced(because error: DocketClientError) throws {
        try write(JSONLine(resyncRequired: error))
        isOver = true
        throw CommandFailure(error)
    }

    /// Writes nothing: the verdict tells.
    public func sending(_ text: String, id: MessageID) {}

    /// Shows the verdict on a message.
    public func settled(_ id: MessageID, _ outcome: PostOutcome) throws {
        try write(JSONLine(verdictOn: id, outcome))
    }

    /// Writes nothing: the verdict tells.
    public func kept(_ id: MessageID) {}

    /// Writes nothing: `docket-chat outbox list` tells.
    public func waiting(_ messages: [QueuedMessage]) {}

    /// Shows that a message is kept, and sent later.
    public func postponed(_ id: MessageID, _ error: DocketClientError?) throws {
        try write(JSONLine(standingOf: id, .queued(because: error)))
    }

    /// Shows that no verdict on a message will come.
    public func failed(_ id: MessageID, _ error: DocketClientError) throws {
        try write(JSONLine(noVerdictOn: id, error))
    }

    /// Shows how the connection stands.
    public func connectionChanged(_ state: ConnectionState) throws {
        guard state != self.state else { return }
        self.state = state
        try write(JSONLine(state))
    }

    /// Writes nothing.
    public func tick() {}

    /// Writes nothing: the exit status tells.
    public func ended() {}

    /// Nothing: a program reads, not a person.
    public var shownOffset: UInt64? { nil }
}
