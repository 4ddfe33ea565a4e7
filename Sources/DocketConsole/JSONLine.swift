public import DocketClient
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
        case agent
        case key
        case sessions
    }

    let v = Self.version
    let type: Kind
    var cursor: String?
    var event: EventFields?
    var party: PartyFields?
    var conversation: String?
    var verdict: VerdictFields?
    var state: String?
    var message: String?
    var request: RequestFields?
    var login: String?
    var role: String?
    var key: String?
    var ended: Int?

    private init(_ type: Kind) {
        self.type = type
    }

    /// The line's text, without a line end.
    public func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(self), as: UTF8.self)
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

    /// An agent.
    public init(agent: Party, login: String, role: AgentRole?) {
        self.init(Kind.agent)
        party = PartyFields(agent)
        self.login = login
        self.role = role?.rawValue
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
}
