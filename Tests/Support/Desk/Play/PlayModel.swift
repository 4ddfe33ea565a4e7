package import DocketDomain
package import DocketStore

/// The state that the log alone gives: every event applied, and nothing else looked at.
package struct PlayModel: Sendable {
    /// Somebody's place in a conversation.
    package struct Reader: Hashable, Sendable {
        /// Who reads.
        package let principal: PrincipalID
        /// What they read.
        package let conversation: ConversationID
    }

    /// A message at its place among the public entries of a request.
    package struct Place: Hashable, Sendable {
        /// The place.
        package let sequence: UInt64
        /// The message.
        package let message: MessageID
    }

    /// Each conversation with all its requests.
    package private(set) var situations: [ConversationID: Situation] = [:]
    /// The requests, in the order in which they began.
    package private(set) var order: [RequestID] = []
    /// Every conversation, in the order in which they began.
    package private(set) var conversations: [ConversationID] = []
    /// The messages that belong to each request now.
    package private(set) var messages: [RequestID: [Place]] = [:]
    /// How far everybody has read.
    package private(set) var marks: [Reader: Situation] = [:]
    /// The log.
    package private(set) var entries: [LogEntry] = []
    /// The rules in force.
    package private(set) var policy: Policy
    /// The rules that the next `policyApplied` puts into force.
    package var nextPolicy: Policy?
    /// The rules under which each request entered its status.
    package private(set) var policies: [RequestID: Policy] = [:]
    /// How many public entries each request has had.
    package private(set) var sequences: [RequestID: UInt64] = [:]
    /// Where each message stands in the log.
    package private(set) var offsets: [MessageID: UInt64] = [:]
    /// When agents answered.
    package private(set) var answers: [MessageID: Timestamp] = [:]
    /// The beginnings of the messages.
    package private(set) var beginnings: [MessageID: String] = [:]
    /// How each request was when its contact last began it anew.
    package private(set) var rests: [RequestID: SupportRequest] = [:]
    /// Whether something happened earlier than what stands before it, since the clock was set back.
    package private(set) var hasGoneBack = false
    private var moment = Timestamp(milliseconds: 0)
    private var places: [RequestID: ConversationID] = [:]

    /// Begins with an empty log.
    package init(policy: Policy) { self.policy = policy }

    /// A request.
    package func request(_ id: RequestID) -> SupportRequest? {
        places[id].flatMap { situations[$0]?.request(id) }
    }

    /// All requests, by number.
    package var requests: [SupportRequest] {
        order.compactMap(request).sorted { $0.number < $1.number }
    }

    /// A conversation.
    package func conversation(_ id: ConversationID) -> Conversation? {
        situations[id]?.conversation
    }

    /// Takes the log's next entry.
    package mutating func apply(_ entry: LogEntry, _ event: Event) {
        entries.append(entry)
        if event.at < moment { hasGoneBack = true }
        moment = event.at
        if case .policyApplied = event.fact, let next = nextPolicy { policy = next }
        guard let conversation = event.conversation else { return }
        keepRest(before: event)
        situations[conversation, default: Situation()].apply(event)
        if let request = event.request?.id { note(event, of: request, in: conversation) }
        switch event.fact {
        case .conversationOpened where !conversations.contains(conversation):
            conversations.append(conversation)
        case .readMarked, .receivedMarked:
            guard let principal = event.actor.id else { return }
            let reader = Reader(principal: principal, conversation: conversation)
            marks[reader, default: Situation()].apply(event)
        default: return
        }
    }

    /// Keeps how a request was that its contact begins anew, by a message or by what that does to
    /// the status before.
    private mutating func keepRest(before event: Event) {
        guard let id = event.request?.id, let request = request(id), request.session == nil else {
            return
        }
        switch event.fact {
        case .statusChanged(let change) where change.cause == .contactReplied:
            rests[id] = request
        case .messagePosted where event.actor.kind == .contact:
            if request.details.reactivation == nil { rests[id] = request }
        default: return
        }
    }

    private mutating func note(
        _ event: Event,
        of request: RequestID,
        in conversation: ConversationID
    ) {
        switch event.fact {
        case .requestOpened:
            order.append(request)
            places[request] = conversation
            policies[request] = policy
        case .statusChanged: policies[request] = policy
        case .messagePosted(let message):
            sequences[request, default: 0] += 1
            offsets[message.id] = UInt64(entries.count)
            if event.actor.kind == .agent, message.sequence > 1 { answers[message.id] = event.at }
            beginnings[message.id] =
                RequestMessage(
                    id: message.id,
                    offset: 0,
                    sequence: message.sequence,
                    isFromContact: false,
                    text: message.headline
                ).beginning
            messages[request, default: []].append(
                Place(sequence: message.sequence, message: message.id)
            )
        case .messagesGiven(let moved):
            let gone = Set(moved.messages)
            messages[request]?.removeAll { gone.contains($0.message) }
        case .messagesTaken(let moved):
            sequences[request, default: 0] += UInt64(moved.messages.count)
            let placed = Set(moved.messages)
            messages[request]?.removeAll { placed.contains($0.message) }
            for (place, id) in moved.messages.enumerated() {
                messages[request, default: []].append(
                    Place(sequence: moved.firstSequence + UInt64(place), message: id)
                )
            }
        default: return
        }
    }
}
