internal import DocketClient
internal import DocketCommandLine
internal import DocketTerminal

/// What happens at a desk, a line each: for people, or as JSON.
struct WatchFace {
    /// How lines look.
    enum Look {
        /// For people; at a terminal with emphasis, and a bell for what concerns them.
        case text(isTerminal: Bool)
        /// One JSON object a line.
        case json
    }

    private let look: Look
    private let output: OutputWriter
    private let errors: OutputWriter
    private let calendar: LocalCalendar
    private var day: LocalCalendar.Day?
    private let reader: PartyID
    private var isOffline = false
    private var state: ConnectionState?

    init(
        _ look: Look,
        for reader: PartyID,
        output: OutputWriter = .standard,
        errors: OutputWriter = .standardError,
        calendar: LocalCalendar = .current
    ) {
        self.look = look
        self.reader = reader
        self.output = output
        self.errors = errors
        self.calendar = calendar
    }

    /// Shows a step of the feed.
    ///
    /// - Parameters:
    ///   - update: The step.
    ///   - concerns: Whether it concerns the agent.
    /// - Throws: What the output throws.
    mutating func show(_ update: FeedUpdate, concerns: Bool) throws {
        switch look {
        case .json:
            var isEvent = false
            if case .event = update.content { isEvent = true }
            let line = JSONLine(update, concerns: isEvent ? concerns : nil)
            try output.write(line.text() + "\n")
        case .text(let isTerminal):
            guard case .event(let event) = update.content,
                let words = Self.words(for: event, reader: reader)
            else { return }
            try showDay(of: event)
            let mark: TerminalText = concerns ? "! " : "  "
            let time: TerminalText = "\(calendar.time(of: event.at)) "
            let line = mark + time.dim + (concerns ? words.bold : words)
            // The bell is rung with the line that says why.
            if concerns, isTerminal { try output.write("\u{7}") }
            try output.writeLine(line, styled: isTerminal)
        }
    }

    private mutating func showDay(of event: Event) throws {
        let day = calendar.day(of: event.at)
        guard day != self.day else { return }
        self.day = day
        try output.writeLine("-- \(calendar.name(of: day)) --")
    }

    /// An event in one line; nil for what nobody needs to see.
    static func words(for event: Event, reader: PartyID) -> TerminalText? {
        let number: TerminalText = event.request.map { "#\($0.number) " } ?? ""
        switch event.fact {
        case .messagePosted(let message):
            let isOwn = event.actor?.id == reader
            let name = isOwn ? "you" : Speech.name(of: event.actor)
            return "\(Speech.sign(isOwn: isOwn)) " + number + name + ": " + content(of: message)
        case .notePosted(let note):
            return "\(Speech.desk) " + number + "note by " + Speech.name(of: event.actor)
                + ": \(note.text)"
        default:
            return Notice(event, for: .agent).map { "\(Speech.desk) " + $0.text }
        }
    }

    /// A message in one line: what was said, and how many files came with it.
    private static func content(of message: Message) -> TerminalText {
        let names = message.attachments.map(\.name).joined(separator: ", ")
        let files: TerminalText = names.isEmpty ? "" : "[\(names)]"
        guard !message.text.isEmpty else { return files }
        return "\(message.text)" + (names.isEmpty ? "" : " " + files)
    }

    /// Tells when the connection is lost, and when it is there again.
    mutating func connectionChanged(_ state: ConnectionState) throws {
        guard state != self.state else { return }
        self.state = state
        if case .json = look { return try output.write(JSONLine(state).text() + "\n") }
        switch state {
        case .offline: isOffline = true
        case .live where isOffline: isOffline = false
        case .connecting, .authenticating, .catchingUp, .live, .needsLogin, .closed: return
        }
        try errors.writeLine("\(ConnectionLine.words(state, at: .now))")
    }

    /// Tells that the feed begins anew after the server was restored from a backup.
    func resynced(because error: DocketClientError) throws {
        if case .json = look {
            return try output.write(JSONLine(resyncRequired: error).text() + "\n")
        }
        try errors.writeLine("The server was restored. What happened before is not shown.")
    }
}
