public import DocketClient
public import DocketCommandLine
internal import FoundationEssentials

/// One line of what programs of Docket write for programs: a JSON object with a version.
///
/// The fields that a type of line has, and their meaning, stand in `Documentation/ChatJSON.md`.
/// Fields are only ever added.
public struct JSONLine: Encodable, Sendable {
    /// The version of the lines.
    public static let version = 1

    /// What a line tells.
    public enum Kind: String, Encodable, Sendable {
        case started
        case event
        case caughtUp = "caught_up"
        case heartbeat
        case typing
        case verdict
        case state
        case resyncRequired = "resync_required"
        case request
        case entry
        case chain
        case note
        case agent
        case key
        case sessions
        case hit
        case searched
        case failure
        case queued
        case reply
        case delivery
        case parked
        case condition
        case left
    }

    let v = Self.version
    let type: Kind
    var cursor: String?
    var event: EventFields?
    var party: PartyFields?
    var conversation: String?
    var verdict: VerdictFields?
    var queued: QueuedFields?
    var state: String?
    var message: String?
    var request: RequestFields?
    var previous: RequestFields?
    var next: RequestFields?
    var sequence: UInt64?
    var id: String?
    var offset: UInt64?
    var login: String?
    var role: String?
    var locked: Bool?
    var key: String?
    var keyID: String?
    var ended: Int?
    var hit: HitFields?
    var indexedUpTo: UInt64?
    var head: UInt64?
    var concerns: Bool?
    var number: UInt64?
    var reason: String?
    var line: Int?
    var count: Int?
    var externalID: String?
    var path: String?
    var delivery: DeliveryFields?
    var parked: ParkedFields?
    var condition: ConditionFields?
    var left: LeftFields?

    init(_ type: Kind) {
        self.type = type
    }

    /// What a terminal would obey though JSON allows it: DEL, the controls of C1 (U+009B begins an
    /// escape sequence), line and paragraph separators, and what turns the direction of text.
    private static let escaped: [ClosedRange<UInt32>] = [
        0x7F...0x9F, 0x061C...0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069,
    ]

    /// The line's text, without a line end.
    ///
    /// Its characters are safe to show: what people wrote can neither move a terminal's cursor nor
    /// reorder what it shows, and to whoever reads the JSON it is what was written.
    public func text() throws -> String { try Self.text(of: self) }

    /// The text of a line that only one program writes, with the same promises.
    package static func text(of line: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return escape(String(decoding: try encoder.encode(line), as: UTF8.self))
    }

    /// Writes as JSON's `\uXXXX` what the encoder leaves as it is, which only strings have.
    private static func escape(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isEscaped) else { return text }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            if isEscaped(scalar) {
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
    }

    private static func isEscaped(_ scalar: Unicode.Scalar) -> Bool {
        escaped.contains { $0.contains(scalar.value) }
    }
}

extension JSONLine {
    /// A step of a feed.
    public init(_ update: FeedUpdate) {
        switch update.content {
        case .started: self.init(Kind.started)
        case .caughtUp: self.init(Kind.caughtUp)
        case .heartbeat: self.init(Kind.heartbeat)
        case .event(let event):
            self.init(Kind.event)
            self.event = EventFields(event)
        case .typing(let signal):
            self.init(Kind.typing)
            party = PartyFields(signal.party)
            conversation = "\(signal.conversationID)"
        }
        cursor = "\(update.cursor)"
    }

    /// The verdict on a message.
    public init(verdictOn id: MessageID, _ outcome: PostOutcome) {
        self.init(Kind.verdict)
        verdict = VerdictFields(id, outcome)
    }

    /// How a message stands that is kept until it has a verdict.
    public init(standingOf id: MessageID, _ outcome: SendOutcome) {
        self.init(Kind.verdict)
        verdict = VerdictFields(id, outcome)
    }

    /// A message that waits.
    public init(_ message: QueuedMessage) {
        self.init(Kind.queued)
        queued = QueuedFields(message)
    }

    /// A request, a ticket or a comment that waits.
    public init(_ request: QueuedRequest) {
        self.init(Kind.queued)
        queued = QueuedFields(request)
    }

    /// The lack of a verdict on a message.
    public init(noVerdictOn id: MessageID, _ error: DocketClientError) {
        self.init(Kind.verdict)
        verdict = VerdictFields(id, error)
    }

    /// The state of the connection.
    public init(_ state: ConnectionState) {
        self.init(Kind.state)
        switch state {
        case .connecting: self.state = "connecting"
        case .authenticating: self.state = "authenticating"
        case .catchingUp: self.state = "catching_up"
        case .live: self.state = "live"
        case .offline(_, let error):
            self.state = "offline"
            message = error.message
        case .needsLogin(let error):
            self.state = "needs_login"
            message = error.message
        case .closed: self.state = "closed"
        }
    }

    /// The feed cannot go on from its cursor.
    public init(resyncRequired error: DocketClientError) {
        self.init(Kind.resyncRequired)
        message = error.refusal?.particulars
    }

    /// A request.
    public init(_ request: SupportRequest) {
        self.init(Kind.request)
        self.request = RequestFields(request)
    }

    /// Something that belongs to a request, and its place among the request's public entries.
    public init(entry event: Event, sequence: UInt64?) {
        self.init(Kind.entry)
        self.event = EventFields(event)
        self.sequence = sequence
    }

    /// Why something was not done to one of several requests.
    public init(failure: CommandFailure, ofRequest number: UInt64) {
        self.init(Kind.failure)
        self.number = number
        reason = failure.reason
        message = failure.message
    }

    /// Something that happened, and whether it concerns whoever reads.
    public init(_ update: FeedUpdate, concerns: Bool?) {
        self.init(update)
        self.concerns = concerns
    }

    /// The requests before and after one.
    public init(_ neighbours: RequestNeighbours) {
        self.init(Kind.chain)
        previous = neighbours.previous.map(RequestFields.init)
        next = neighbours.next.map(RequestFields.init)
    }

    /// A note that was written, and its place in the order of everything.
    public init(note id: NoteID, at offset: UInt64) {
        self.init(Kind.note)
        self.id = "\(id)"
        self.offset = offset
    }

    /// A key that was revoked, by the id of whose it was.
    public init(revokedKeyOf id: PartyID) {
        self.init(Kind.key)
        self.id = "\(id)"
    }

    /// One key that was revoked, by its own id.
    public init(revokedKey keyID: String) {
        self.init(Kind.key)
        self.keyID = keyID
    }

    /// An agent.
    public init(agent: Party, login: String, role: AgentRole?, isLocked: Bool = false) {
        self.init(Kind.agent)
        party = PartyFields(agent)
        self.login = login
        self.role = role?.rawValue
        locked = isLocked ? true : nil
    }

    /// A key that was made; the key itself is there the one time that it is shown.
    public init(key: String, of party: Party) {
        self.init(Kind.key)
        self.key = key
        self.party = PartyFields(party)
    }

    /// The number of sessions that were ended.
    public init(endedSessions count: Int) {
        self.init(Kind.sessions)
        ended = count
    }

    /// A message or a note that was found.
    public init(_ found: FoundText) {
        self.init(Kind.hit)
        hit = HitFields(found)
    }

    /// The end of a search: the offset up to which everything was looked through, and that of the
    /// last event.
    public init(searchedUpTo indexed: UInt64, head: UInt64) {
        self.init(Kind.searched)
        indexedUpTo = indexed
        self.head = head
    }
}
