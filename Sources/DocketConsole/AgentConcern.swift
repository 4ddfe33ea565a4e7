internal import DocketClient

/// Which of a desk's events concern an agent: what others do to the requests that the agent has or
/// watches, and what contacts write to those that nobody has.
///
/// A pure value: it is told of requests and events, and of nothing else.
struct AgentConcern: Sendable {
    private struct Known: Sendable {
        var assignee: PartyID?
        var isWatched: Bool
    }

    /// Requests that are remembered at most; those that are forgotten are asked for again.
    static let mostKnown = 10_000

    private let agent: PartyID
    private var known: [RequestID: Known] = [:]

    /// Knows of no request yet.
    init(of agent: PartyID) {
        self.agent = agent
    }

    /// Whether something has to be learnt of the request before an event of it is judged.
    func knows(_ request: RequestID) -> Bool { known[request] != nil }

    /// Learns whose a request is.
    mutating func learn(_ request: SupportRequest) {
        if known.count >= Self.mostKnown { known = [:] }
        known[request.id] = Known(
            assignee: request.assignee?.id,
            isWatched: request.details.watchers.contains { $0.id == agent }
        )
    }

    /// How much an event matters to the agent.
    enum Weight: Hashable, Sendable {
        /// It is about a request that the agent has or watches, or that goes to or from the agent.
        case own
        /// A contact waits with a request that nobody has.
        case unclaimed
        /// It is somebody else's, or the agent's own doing.
        case none
    }

    /// Judges an event, and learns from it.
    mutating func weigh(_ event: Event) -> Weight {
        guard let id = event.request?.id else { return .none }
        let before = known[id]
        follow(event, id)
        let isOwn = [before, known[id]].contains { state in
            state?.isWatched == true || state?.assignee == agent
        }
        guard event.actor?.id != agent else { return .none }
        if isOwn || names(event.fact) { return .own }
        guard known[id]?.assignee == nil, event.actor?.kind == .contact else { return .none }
        let speaks = event.fact.requestUpdates.contains { change in
            switch change {
            case .opened, .said: true
            case .status, .assignee, .title, .topic, .watcher, .merged: false
            }
        }
        return speaks ? .unclaimed : .none
    }

    /// Whether a fact itself tells that the request came to the agent or left it.
    ///
    /// What is known may be newer than the fact, or not there: it is learnt when an event comes.
    private func names(_ fact: Event.Fact) -> Bool {
        fact.requestUpdates.contains { change in
            switch change {
            case .assignee(let agent, let former): [agent?.id, former?.id].contains(self.agent)
            case .watcher(let party, _): party.id == agent
            case .opened, .said, .status, .title, .topic, .merged: false
            }
        }
    }

    private mutating func follow(_ event: Event, _ id: RequestID) {
        for change in event.fact.requestUpdates {
            switch change {
            case .opened:
                if known.count >= Self.mostKnown { known = [:] }
                known[id] = Known(assignee: nil, isWatched: false)
            case .assignee(let assignee, _): known[id]?.assignee = assignee?.id
            case .watcher(let party, let watches):
                if party.id == agent { known[id]?.isWatched = watches }
            case .said, .status, .title, .topic, .merged: break
            }
        }
    }
}
