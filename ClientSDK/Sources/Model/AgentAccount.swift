/// An agent to whom requests can be handed: what it takes to name a colleague and no more.
public struct Colleague: Hashable, Sendable {
    /// The agent's id.
    public let id: PartyID
    /// The name that contacts see.
    public let name: String
    /// What the agent signs in with.
    public let login: String
}

/// An agent, as those who manage agents see it.
public struct AgentAccount: Hashable, Sendable {
    /// The agent's id.
    public let id: PartyID
    /// The name that contacts see.
    public let name: String
    /// What the agent signs in with.
    public let login: String
    /// What the agent may do; nil for a role that this version does not know.
    public let role: AgentRole?
    /// Whether it is locked out.
    public let isLocked: Bool
}
