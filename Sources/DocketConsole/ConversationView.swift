public import DocketClient
public import DocketCommandLine
public import DocketTerminal

/// What one side sees of a live conversation: lines that scroll, and the status below them.
///
/// A pure value: every change returns the lines to print; moments are arguments.
public struct ConversationView: Sendable {
    private struct Typist: Sendable {
        let name: String
        let until: ContinuousClock.Instant
    }

    private var transcript: Transcript
    private var connection = ConnectionState.connecting
    private var request: RequestLine?
    private var pending = PendingMessages()
    /// Messages of this program that were printed with their verdict, before the feed told them.
    private var printed: Set<MessageID> = []
    /// Events since the connection stood and before all of them were told.
    private var caughtUp = 0
    /// The files that are on their way to this machine.
    var downloads = Downloads()
    private var typists: [PartyID: Typist] = [:]
    private var lastOffset: UInt64 = 0
    private var lastOwnOffset: UInt64?
    /// How far the other side has read; what a reader's colleagues have read is another matter.
    private var peerReadOffset: UInt64 = 0
    /// What a customer is told in other words where the request turns out to be merged by it.
    private var held: [Event] = []
    /// Since when something is held.
    private var heldSince: ContinuousClock.Instant?

    /// Earlier messages are counted up to here.
    public static let mostCounted = 1_000
    /// How long it is held: what one command brings about comes at once.
    private static let longestHeld = Duration.seconds(1)

    /// Everything up to this offset has been shown; nil before the peer said anything.
    public private(set) var shownOffset: UInt64?

    /// A view without a line.
    public init(
        for side: Transcript.Side,
        look: Transcript.Look,
        calendar: LocalCalendar = .current
    ) {
        transcript = Transcript(for: side, look: look, calendar: calendar)
    }

    /// Messages that have no verdict yet.
    public var pendingCount: Int { pending.count }
    /// Those of them that are lost when the program ends.
    var unkeptCount: Int { pending.unkeptCount }

    /// The file of a number that was shown.
    func file(number: Int) -> Message.Attachment? { transcript.file(number: number) }

    // MARK: What happens

    /// The conversation is open.
    ///
    /// - Parameters:
    ///   - reader: Who reads.
    ///   - request: The request that the status line tells of.
    ///   - answers: Whether it goes on telling of that one when a newer request opens.
    public mutating func opened(
        as reader: PartyID?,
        request: SupportRequest?,
        answers: Bool = false
    ) {
        transcript.reader = reader
        self.request = request.map { RequestLine($0, stays: answers) }
    }

    /// The status line tells of another request from now on, or anew of the one it tells of.
    ///
    /// A customer's line tells of the newest request: what becomes of another does not concern it.
    public mutating func turned(to request: SupportRequest) {
        let stays = self.request?.stays ?? true
        guard stays || self.request?.number == request.number else { return }
        self.request = RequestLine(request, stays: stays)
    }

    /// The lines of what was said before.
    ///
    /// - Parameters:
    ///   - page: What was said.
    ///   - count: How many messages stand before it, `mostCounted` for that many or more; nil where
    ///     nobody knows.
    /// - Returns: The lines.
    public mutating func showHistory(_ page: HistoryPage, earlier count: Int?) -> [Paragraph] {
        // What was shown before may reach into the page: then nothing is left out.
        let leavesOut = page.hasMore && page.range.lowerBound > lastOffset
        let hole = leavesOut ? Self.hole(count) : nil
        let earlier = hole.map { [transcript.rule($0)] } ?? []
        let shown = page.events.flatMap { event in
            take(event) { RequestLine(event, before: $0) }
        }
        return earlier + shown + release()
    }

    private static func hole(_ count: Int?) -> TerminalText? {
        switch count {
        case 0: nil
        case nil: "earlier messages, if there are any, are not shown"
        case 1: "1 earlier message is not shown"
        case mostCounted: "\(mostCounted) or more earlier messages are not shown"
        case let count?: "\(count) earlier messages are not shown"
        }
    }

    /// A step of the feed.
    public mutating func apply(
        _ update: FeedUpdate,
        at now: ContinuousClock.Instant
    ) -> [Paragraph] {
        switch update.content {
        case .event(let event):
            if connection == .catchingUp { caughtUp += 1 }
            let shown = take(event) { RequestLine(event, after: $0) }
            if held.isEmpty { heldSince = nil } else { heldSince = heldSince ?? now }
            return shown
        case .typing(let signal):
            if let id = signal.party.id, id != transcript.reader {
                typists[id] = Typist(
                    name: signal.party.name,
                    until: now + TypingSignal.lifetime
                )
            }
            return []
        case .started, .caughtUp, .heartbeat: return []
        }
    }

    /// What is shown because time has passed.
    public mutating func tick(at now: ContinuousClock.Instant) -> [Paragraph] {
        guard let heldSince, now - heldSince >= Self.longestHeld else { return [] }
        return release()
    }

    private mutating func release() -> [Paragraph] {
        defer { (held, heldSince) = ([], nil) }
        return held.flatMap { transcript.lines(for: $0) }
    }

    /// Takes an event in that was not taken yet, and gives the lines to show.
    private mutating func take(
        _ event: Event,
        line: (RequestLine?) -> RequestLine?
    ) -> [Paragraph] {
        guard event.offset > lastOffset else { return [] }
        lastOffset = event.offset
        request = line(request)
        guard transcript.side == .contact else { return show(event) }
        switch event.fact {
        case .requestAssigned(nil, _), .messagesGiven:
            held.append(event)
            return []
        case .statusChanged(let change) where change.cause == .merged: return []
        case .merged: held.removeAll { $0.request?.id == event.request?.id }
        case .messagePosted, .notePosted: break
        // What is not shown may come between, such as what the other request gets.
        default: if Notice(event, for: .contact) == nil { return show(event) }
        }
        return release() + show(event)
    }

    private mutating func show(_ event: Event) -> [Paragraph] {
        let isOwn = event.actor?.id == transcript.reader && transcript.reader != nil
        if let id = event.actor?.id { typists[id] = nil }
        switch event.fact {
        case .messagePosted(let message) where isOwn:
            lastOwnOffset = max(lastOwnOffset ?? 0, event.offset)
            pending.settle(message.id)
            if printed.remove(message.id) != nil { return [] }
        case .messagePosted: shownOffset = event.offset
        case .readMarked(let offset) where event.actor?.kind == transcript.side.peer:
            peerReadOffset = max(peerReadOffset, offset)
        default: break
        }
        return transcript.lines(for: event)
    }

    /// A message of the reader's is on its way.
    public mutating func sending(_ text: String, id: MessageID) {
        pending.say(text, id: id)
    }

    /// A message of the reader's outlives this program.
    mutating func kept(_ id: MessageID) {
        pending.keep(id)
    }

    /// A message of the reader's has its verdict.
    public mutating func settled(_ id: MessageID, _ outcome: PostOutcome) -> [Paragraph] {
        guard let text = pending.settle(id) else { return [] }
        switch outcome {
        case .posted(let receipt):
            printed.insert(id)
            lastOwnOffset = max(lastOwnOffset ?? 0, receipt.offset)
            return transcript.said(text, by: nil, at: receipt.acceptedAt, mark: .stored)
        case .refused(let refusal):
            return lost(text, because: "refused (\(refusal.reason)): \(refusal.message)")
        }
    }

    /// A message of the reader's has no verdict, and none will come.
    public mutating func failed(_ id: MessageID, _ error: DocketClientError) -> [Paragraph] {
        guard let text = pending.settle(id) else { return [] }
        return lost(text, because: "not confirmed: \(error.message)")
    }

    /// A message of the reader's has no verdict yet; it is kept, and sent later.
    public mutating func postponed(_ id: MessageID, _ error: DocketClientError?) -> [Paragraph] {
        guard let text = pending.postpone(id) else { return [] }
        let sign: TerminalText = transcript.look == .rich ? ("… " as TerminalText).bold : ""
        let reason: TerminalText = error.map { "\($0.message); " } ?? ""
        return [
            Paragraph(TerminalText(untrusted: text), lead: sign + "queued: "),
            Paragraph(sign + reason + "it is kept, and sent later"),
        ]
    }

    /// What waits on this machine is this; gives the lines of what will not leave by itself.
    public mutating func waiting(
        _ messages: [QueuedMessage],
        at now: ContinuousClock.Instant
    ) -> [Paragraph] {
        pending.update(messages, at: now).flatMap { stopped in
            lost(stopped.text, because: "it \(stopped.words)") + [note(Self.outboxHint)]
        }
    }

    private static let outboxHint: TerminalText = """
        It holds up what you say next. /retry sends it again, /discard gives it up.
        """

    /// What is told as the program ends.
    func leaving() -> [Paragraph] {
        let count = pending.keptCount
        guard count > 0 else { return [] }
        let messages: TerminalText = count == 1 ? "1 message waits" : "\(count) messages wait"
        return [
            note(messages + ". The next docket-chat sends what can be sent."),
            note("See what waits: docket-chat outbox list"),
        ]
    }

    private mutating func lost(_ text: String, because why: TerminalText) -> [Paragraph] {
        let sign: TerminalText = transcript.look == .rich ? ("! " as TerminalText).bold : ""
        return [
            Paragraph(TerminalText(untrusted: text), lead: sign + "not sent: "),
            Paragraph(sign + why),
        ]
    }

    /// The connection has changed.
    public mutating func connectionChanged(_ state: ConnectionState) {
        if state == .catchingUp, connection != .catchingUp { caughtUp = 0 }
        connection = state
        if state != .live { typists = [:] }
    }

    /// The feed begins anew after the server could not go on from its cursor.
    public mutating func resynced(at moment: Timestamp) -> [Paragraph] {
        lastOffset = 0
        peerReadOffset = 0
        (held, heldSince) = ([], nil)
        request?.forgetVersion()
        // Nothing that was said is left out this time, whether or not its verdict was shown.
        printed = []
        return [
            transcript.line("The server was restored. What was said is shown again:", at: moment)
        ]
    }

    /// A line of the program's own.
    public func note(_ text: TerminalText) -> Paragraph {
        Paragraph(transcript.look == .rich ? text.dim : text)
    }

    // MARK: The status line

    /// What goes on, in one line.
    public func status(at now: ContinuousClock.Instant) -> TerminalText {
        let stands = ConnectionLine.text(connection, told: caughtUp, at: now)
        // What waits matters more than for how long, and a narrow terminal shows the beginning.
        let waits = isOffline && pending.movingCount > 0
        let parts: [TerminalText?] = [
            stoppedText, waits ? "… \(pending.movingCount) queued" : nil, stands,
            waits ? nil : pending.words, downloads.words, typingText(at: now),
            request?.text(for: transcript.side), waits ? nil : markText,
            ConnectionLine.reason(connection),
        ]
        let shown = parts.compactMap { $0 }
        return shown.dropFirst().reduce(shown.first ?? "") { $0 + " · " + $1 }
    }

    private var isOffline: Bool {
        switch connection {
        case .offline, .needsLogin: true
        case .connecting, .authenticating, .catchingUp, .live, .closed: false
        }
    }

    private var stoppedText: TerminalText? {
        guard pending.stoppedCount > 0 else { return nil }
        let behind: TerminalText =
            pending.behindCount > 0 ? ", \(pending.behindCount) behind it" : ""
        return ("! \(pending.stoppedCount) not sent" + behind).coloured(.red)
    }

    private var markText: TerminalText? {
        guard pending.count == 0, let lastOwnOffset else { return nil }
        return lastOwnOffset <= peerReadOffset ? "✓✓ read" : "✓ stored"
    }

    private func typingText(at now: ContinuousClock.Instant) -> TerminalText? {
        let names = typists.values.filter { $0.until > now }.map(\.name).sorted()
        guard let first = names.first else { return nil }
        return names.count == 1 ? "\(first) is typing…" : "\(names.count) people are typing…"
    }
}
