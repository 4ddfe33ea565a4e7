/// Collects the facts of one decision; each is applied at once, so that the next is decided on the
/// state it leaves.
struct Decider {
    /// The state after the facts so far.
    var situation: Situation
    /// The facts so far.
    private(set) var events: [Event] = []
    /// Who asks, when, and by which rules.
    let circumstances: Circumstances

    init(situation: Situation, circumstances: Circumstances) {
        self.situation = situation
        self.circumstances = circumstances
    }

    var principal: Principal { circumstances.principal }
    var policy: Policy { circumstances.policy }
    var now: Timestamp { circumstances.now }

    /// Adds a fact about a conversation as a whole.
    mutating func add(_ fact: Fact, in conversation: ConversationID) {
        record(
            Event(
                at: now,
                actor: principal.party,
                conversation: conversation,
                request: nil,
                fact: fact
            )
        )
    }

    /// Adds a fact about a request.
    ///
    /// A note leaves the request's version as it is.
    mutating func add(_ fact: Fact, to request: SupportRequest, by actor: Party? = nil) {
        let step: UInt64 = if case .notePosted = fact { 0 } else { 1 }
        let mark = RequestMark(
            id: request.id,
            number: request.number,
            version: request.version + step
        )
        record(
            Event(
                at: now,
                actor: actor ?? principal.party,
                conversation: request.conversation,
                request: mark,
                fact: fact
            )
        )
    }

    /// Adds the fact that a request begins.
    mutating func open(_ request: OpenedRequest, in conversation: Conversation) {
        let mark = RequestMark(
            id: circumstances.newRequestID,
            number: circumstances.newRequestNumber,
            version: 1
        )
        record(
            Event(
                at: now,
                actor: conversation.contact.party,
                conversation: conversation.id,
                request: mark,
                fact: .requestOpened(request)
            )
        )
    }

    private mutating func record(_ event: Event) {
        situation.apply(event)
        events.append(event)
    }

    /// The conversation, where the author may see it; forbidden and absent are the same.
    func visibleConversation() throws(Rejection) -> Conversation {
        guard let conversation = situation.conversation,
            principal.maySee(contact: conversation.contact.id, channel: conversation.channel)
        else { throw .notFound }
        return conversation
    }

    /// The author as an agent; nobody else works on requests.
    func actingAgent() throws(Rejection) -> (agent: Agent, role: AgentRole) {
        guard let acting = principal.agent else { throw .notPermitted }
        return acting
    }

    /// The request the command names, at the version that the author has seen.
    func namedRequest() throws(Rejection) -> SupportRequest {
        guard let request = situation.request else { throw .notFound }
        try checkVersion()
        return request
    }

    /// Refuses when the author has seen another version; version 0 is that of no request.
    func checkVersion() throws(Rejection) {
        guard let expected = circumstances.expectedVersion else { return }
        let current = situation.request?.version ?? 0
        guard expected == current else { throw .versionConflict(current: current) }
    }

    /// Refuses a text that says nothing or too much.
    func check(text: String) throws(Rejection) {
        guard !text.isEmpty else { throw .textEmpty(.text) }
        guard text.utf8.count <= TextLimits.messageBytes else {
            throw .textTooLong(.text, limit: UInt64(TextLimits.messageBytes))
        }
    }

    /// Moves the request to the status that follows by itself, if one does.
    mutating func move(on trigger: Trigger, because cause: StatusCause, by actor: Party? = nil) {
        guard let request = situation.request,
            let next = policy.next(on: trigger, from: request.status)
        else { return }
        let target = reachable(next, for: request)
        guard target.key != request.status else { return }
        change(request, to: target.key, target.category, because: cause, by: actor)
    }

    /// Adds a change of status.
    mutating func change(
        _ request: SupportRequest,
        to status: StatusKey,
        _ category: StatusCategory,
        because cause: StatusCause,
        by actor: Party? = nil
    ) {
        let change = StatusChange(
            from: request.status,
            to: status,
            category: category,
            cause: cause
        )
        add(.statusChanged(change), to: request, by: actor)
    }

    /// The status itself, or the initial one where it needs an agent and there is none.
    func reachable(_ status: Status, for request: SupportRequest) -> Status {
        status.requiresAssignee && request.assignee == nil ? policy.initialStatus : status
    }
}
