/// Who says or does something, as others may see it.
public struct Party: Hashable, Sendable {
    /// What kind of party it is.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A customer.
        case contact
        /// An employee.
        case agent
        /// A channel that speaks for contacts.
        case integration
        /// Another company's system.
        case partner
        /// The desk itself: timers and automatic replies.
        case desk
        /// A kind that this version does not know.
        case unknown
    }

    /// What kind of party it is.
    public let kind: Kind
    /// Its id; nil for the desk itself.
    public let id: PartyID?
    /// The name shown to others.
    ///
    /// It comes from outside: filter it before it reaches a terminal.
    public let name: String

    /// Describes a party.
    public init(kind: Kind, id: PartyID?, name: String) {
        self.kind = kind
        self.id = id
        self.name = name
    }
}

/// What an agent may do beside answering.
public enum AgentRole: String, Hashable, Sendable, CaseIterable {
    /// Answers requests.
    case agent
    /// Also assigns the requests of others.
    case supervisor
    /// Also manages agents, keys and sessions.
    case administrator
}

/// Who a client is signed in as.
public struct Identity: Hashable, Sendable {
    /// The party.
    public let party: Party
    /// What an agent may do; nil for everybody else.
    public let role: AgentRole?

    /// Describes who is signed in.
    public init(party: Party, role: AgentRole?) {
        self.party = party
        self.role = role
    }
}
