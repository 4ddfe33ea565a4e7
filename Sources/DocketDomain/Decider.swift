/// Collects the facts of one decision; each is applied at once, so that the next is decided on the
/// state it leaves.
struct Decider {
    /// The state after the facts so far.
    var situation: Situation
    /// The facts so far.
    private(set) var events: [Event] = []
    /// How many ids were made of the decision's chance.
    private var madeIDs: UInt64 = 0
    /// Who asks, when, and by which rules.
    let circumstances: Circumstances

    init(situation: Situation, circumstances: Circumstances) {
        self.situation = situation
        self.circumstances = circumstances
    }

    var principal: Principal { circumstances.principal }
    var policy: Policy { circumstances.policy }
    var now: Timestamp { circumstances.now }
    var usesChance: Bool { madeIDs > 0 }

    /// A new id.
    ///
    /// One decision's ids differ in their last bits only: its chance is drawn once.
    mutating func makeID<Tag>() -> Identifier<Tag> {
        defer { madeIDs += 1 }
        let base = circumstances.newRequestID
        return Identifier(high: base.high, low: base.low ^ madeIDs)
    }

    // MARK: Facts

    /// By which way the author acts.
    private var way: Way {
        switch principal.identity {
        case .contact, .agent: .call
        case .integration: .channel
        case .partner: .partner
        case .desk: .timer
        }
    }

    /// Adds a fact about a conversation as a whole.
    mutating func add(
        _ fact: Fact,
        in conversation: ConversationID,
        isInternal: Bool = false
    ) {
        record(
            Event(
                at: now,
                actor: principal.party,
                conversation: conversation,
                request: nil,
                way: way,
                isInternal: isInternal,
                contactNames: ContactNames(in: fact, under: policy),
                fact: fact
            )
        )
    }

    /// Adds a fact about a request.
    ///
    /// What contacts do not see leaves the version that they count.
    mutating func add(_ fact: Fact, to request: SupportRequest, by actor: Party? = nil) {
        let step: UInt64 = fact.countsVersion ? 1 : 0
        let mark = RequestMark(
            id: request.id,
            number: request.number,
            version: request.version + step,
            versionForContact: request.versionForContact
                + (fact.audience == .conversation ? step : 0)
        )
        let isRule = actor == .desk && principal.identity != .desk
        record(
            Event(
                at: now,
                actor: actor ?? principal.party,
                conversation: request.conversation,
                request: mark,
                way: isRule ? .rule : way,
                isInternal: request.details.isInternal,
                contactNames: ContactNames(in: fact, under: policy),
                fact: fact
            )
        )
    }

    /// Adds the fact that a request begins, and gives the request.
    ///
    /// It becomes the request that the decision is about.
    @discardableResult
    mutating func open(
        _ request: OpenedRequest,
        id: RequestID? = nil,
        in conversation: ConversationID,
        by actor: Party,
        isInternal: Bool = false
    ) -> SupportRequest? {
        let mark = RequestMark(
            id: id ?? makeID(),
            number: circumstances.newRequestNumber,
            version: 1
        )
        let fact = Fact.requestOpened(request)
        record(
            Event(
                at: now,
                actor: actor,
                conversation: conversation,
                request: mark,
                way: way,
                isInternal: isInternal,
                contactNames: ContactNames(in: fact, under: policy),
                fact: fact
            )
        )
        return situation.request
    }

    private mutating func record(_ event: Event) {
        situation.apply(event)
        events.append(event)
    }

    // MARK: Who may

    /// The conversation, where the author may see it; forbidden and absent are the same.
    func visibleConversation() throws(Rejection) -> Conversation {
        guard let conversation = situation.conversation,
            conversation.isVisible(to: principal)
        else { throw .notFound }
        return conversation
    }

    /// The author as an agent; nobody else works on requests.
    func actingAgent() throws(Rejection) -> (agent: Agent, role: AgentRole) {
        guard let acting = principal.agent else { throw .notPermitted }
        return acting
    }

    /// The request the command names, at the version that the author has seen, for an agent who
    /// may do something with it.
    func request(for action: WorkAction) throws(Rejection) -> SupportRequest {
        _ = try actingAgent()
        let request = try namedRequest()
        try allow(action, on: request)
        return request
    }

    /// The request the command names, at the version that the author has seen.
    func namedRequest() throws(Rejection) -> SupportRequest {
        guard let request = situation.request else { throw .notFound }
        try checkVersion()
        return request
    }

    /// Refuses what the policy lets others do.
    func allow(_ action: WorkAction, on request: SupportRequest) throws(Rejection) {
        let allowed = policy.actors(for: action)
        guard principal.actors(on: request.assignee?.id).isDisjoint(with: allowed) else { return }
        throw allowed.contains(.assignee) ? .notAssignee : .notPermitted
    }

    /// Refuses when the author has seen another version; version 0 is that of no request.
    func checkVersion() throws(Rejection) {
        guard let expected = circumstances.expectedVersion else { return }
        let current = situation.request?.version(for: principal.audience) ?? 0
        guard expected == current else { throw .versionConflict(current: current) }
    }

    /// Refuses an agent who does not belong to a topic that is for its members only.
    func checkMembership(of request: SupportRequest) throws(Rejection) {
        guard mayHave(request) else { throw .notMember }
    }

    /// Whether the agent who is to have a request belongs to its topic, where that is for its
    /// members only.
    func mayHave(_ request: SupportRequest) -> Bool {
        guard let topic = request.details.topic.flatMap(policy.topic), topic.isForMembersOnly
        else { return true }
        return circumstances.login.map { policy.isMember(login: $0, of: topic) } ?? false
    }

    /// Refuses what a contact asks for who is blocked, whoever speaks for it.
    func checkContact() throws(Rejection) {
        switch principal.identity {
        case .contact, .integration, .partner:
            if situation.isContactBlocked { throw .contactBlocked }
        case .agent, .desk: return
        }
    }

    // MARK: Texts

    /// Refuses a text that says nothing or too much.
    func check(text: String) throws(Rejection) {
        try check(text, .text, bytes: TextLimits.messageBytes)
    }

    /// Refuses a text in which nobody would see anything, or that has more than so many bytes.
    func check(_ text: String, _ field: TextField, bytes limit: Int) throws(Rejection) {
        guard text.isVisible else { throw .textEmpty(field) }
        guard text.utf8.count <= limit else { throw .textTooLong(field, limit: UInt64(limit)) }
    }
}
