/// An employee who answers.
package struct Agent: Hashable, Sendable {
    /// The agent's id.
    package let id: AgentID
    /// The name shown to contacts; 1 to 128 bytes.
    package let name: String

    /// Names an agent.
    package init(id: AgentID, name: String) {
        self.id = id
        self.name = name
    }

    /// The agent as the author of something.
    package var party: Party { Party(kind: .agent, id: PrincipalID(id), name: name) }
}

/// What an agent may do beside answering.
///
/// Each role includes those before it.
package enum AgentRole: UInt8, Sendable, Comparable, CaseIterable {
    /// Answers requests.
    case agent = 1
    /// Also assigns and finishes the requests of others.
    case supervisor = 2
    /// Also manages agents, keys, sessions and backups.
    case administrator = 3

    /// Whether one role includes less than another.
    package static func < (left: AgentRole, right: AgentRole) -> Bool {
        left.rawValue < right.rawValue
    }
}
