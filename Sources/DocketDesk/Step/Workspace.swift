internal import DocketDomain
internal import DocketStore

/// The part of the desk's state on which a step decides: any number of conversations, requests,
/// people and whatever else was asked for.
///
/// It is a value and knows no store. What it lacks it names; that something is absent is known as
/// well as what is there.
struct Workspace {
    /// The offset of the log's last entry.
    var head: UInt64 = 0
    /// The number that the next request gets.
    var nextRequestNumber: UInt64 = 1
    /// Whether timers wait that were set back with the clock.
    ///
    /// It is looked up once for a transaction: only the clock changes it.
    var hasTimersSetBack: Bool?
    /// What is kept of commands.
    var records: [CommandID: CommandRecord?] = [:]
    /// The conversations.
    var conversations: [ConversationID: Conversation?] = [:]
    /// The requests.
    var requests: [RequestID: SupportRequest?] = [:]
    /// Whether the company takes nothing from a contact.
    var blocks: [ContactID: Bool] = [:]
    /// What a partner calls by external keys.
    var tickets: [TicketNeed: TicketRecord?] = [:]
    /// The contacts whom integrations and partners know by names of theirs.
    var externalContacts: [ExternalContactNeed: PrincipalRecord?] = [:]
    /// What was found for everything else.
    private var answers: [AnyHashable: Any] = [:]

    /// What was found for a question, as it was found.
    private struct Answer<Asked: Question> {
        let found: Asked.Found
    }

    /// What the workspace has for a need.
    ///
    /// - Throws: `Interruption.missing` where it has to be loaded first.
    func find<Wanted: Need>(_ need: Wanted) throws(Interruption) -> Wanted.Found {
        guard let found = need.found(in: self) else { throw .missing(Missing(need: need)) }
        return found
    }

    /// What was found for a question; `nil` where it was not asked.
    func answer<Asked: Question>(to question: Asked) -> Asked.Found? {
        (answers[question] as? Answer<Asked>)?.found
    }

    /// Keeps what was found for a question.
    mutating func keep<Asked: Question>(_ found: Asked.Found, for question: Asked) {
        answers[question] = Answer<Asked>(found: found)
    }

    /// Loads what a step lacks.
    ///
    /// - Throws: `StoreError.damaged` where it cannot be made out, and what else the store throws.
    mutating func load(_ need: some Need, from store: any StoreReading) throws(StoreError) {
        try need.load(into: &self, from: store)
        precondition(need.found(in: self) != nil, "what is loaded is found")
    }

    /// Keeps a conversation and a request that were read together.
    mutating func keep(_ situation: Situation) {
        if let conversation = situation.conversation {
            conversations[conversation.id] = conversation
        }
        if let request = situation.request { requests[request.id] = request }
    }

    /// Forgets what was read for a step: it is as old as the moment at which it was read.
    mutating func forget() {
        records.removeAll(keepingCapacity: true)
        conversations.removeAll(keepingCapacity: true)
        requests.removeAll(keepingCapacity: true)
        blocks.removeAll(keepingCapacity: true)
        tickets.removeAll(keepingCapacity: true)
        externalContacts.removeAll(keepingCapacity: true)
        if !answers.isEmpty { answers = [:] }
    }
}

extension Workspace {
    /// A request; none where none is named.
    func request(_ id: RequestID?) throws(Interruption) -> SupportRequest? {
        guard let id else { return nil }
        return try find(RequestNeed(id))
    }

    /// A conversation with its newest request; empty when there is none.
    func situation(of id: ConversationID?) throws(Interruption) -> Situation {
        guard let id, let conversation = try find(ConversationNeed(id)) else { return Situation() }
        return Situation(
            conversation: conversation,
            request: try request(conversation.newestRequest)
        )
    }

    /// A request with its conversation; empty when there is none.
    func situation(ofRequest id: RequestID) throws(Interruption) -> Situation {
        guard let request = try request(id) else { return Situation() }
        return Situation(
            conversation: try find(ConversationNeed(request.conversation)),
            request: request
        )
    }

    /// A company; none where none is named.
    func company(_ id: CompanyID?) throws(Interruption) -> Company? {
        guard let id else { return nil }
        return try find(CompanyNeed(id: id))
    }
}
