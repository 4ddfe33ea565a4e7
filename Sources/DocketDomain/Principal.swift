/// Who an authenticated connection acts as.
package struct Principal: Hashable, Sendable {
    /// What the principal is, with what its rights depend on.
    package enum Identity: Hashable, Sendable {
        /// A customer, on what is the customer's own.
        case contact(ContactID)
        /// An employee.
        case agent(AgentID, AgentRole)
        /// A channel, which speaks for the contacts it brings.
        case integration(PrincipalID, ChannelKey)
        /// Another company's system.
        case partner(PrincipalID)
        /// The desk itself: timers, and the setting up of an empty desk.
        case desk
    }

    /// What the principal is.
    package let identity: Identity
    /// The name shown to others; at most 128 bytes.
    package let name: String

    /// Names a principal.
    package init(_ identity: Identity, name: String) {
        self.identity = identity
        self.name = name
    }

    /// The desk itself.
    package static let desk = Principal(.desk, name: "")

    /// The id of the principal; `nil` for the desk itself.
    package var id: PrincipalID? {
        switch identity {
        case .contact(let id): PrincipalID(id)
        case .agent(let id, _): PrincipalID(id)
        case .integration(let id, _), .partner(let id): id
        case .desk: nil
        }
    }

    /// The principal as others see it.
    package var party: Party {
        switch identity {
        case .contact: Party(kind: .contact, id: id, name: name)
        case .agent: Party(kind: .agent, id: id, name: name)
        case .integration: Party(kind: .integration, id: id, name: name)
        case .partner: Party(kind: .partner, id: id, name: name)
        case .desk: .desk
        }
    }

    /// The agent and the role, when the principal is one.
    package var agent: (agent: Agent, role: AgentRole)? {
        guard case .agent(let id, let role) = identity else { return nil }
        return (Agent(id: id, name: name), role)
    }

    /// Whether the principal may manage agents, keys, sessions and backups.
    package var isAdministrator: Bool {
        switch identity {
        case .agent(_, let role): role == .administrator
        case .desk: true
        case .contact, .integration, .partner: false
        }
    }
}
