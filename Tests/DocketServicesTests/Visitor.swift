import DocketDomain
import DocketRPC

/// Every kind of caller, with what tells those of one kind apart.
enum Visitor: String, CaseIterable, Sendable {
    case nobody
    /// The contact whose things are asked for.
    case owner
    /// Another contact.
    case stranger
    case agent
    case supervisor
    case administrator
    /// The integration of the channel on which the owner talks.
    case integration
    /// An integration of another channel.
    case otherIntegration
    case partner

    /// What the method table calls the visitor.
    var caller: Caller? {
        switch self {
        case .nobody: nil
        case .owner, .stranger: .contact
        case .agent: .agent
        case .supervisor: .supervisor
        case .administrator: .administrator
        case .integration, .otherIntegration: .integration
        case .partner: .partner
        }
    }

    /// Those who may see the owner's conversation.
    static let seers: Set<Visitor> = [.owner, .agent, .supervisor, .administrator, .integration]
    /// Those who may know what is known of the owner, whom no integration brought.
    static let knowers: Set<Visitor> = [.owner, .agent, .supervisor, .administrator]
    /// All.
    static let all = Set(allCases)

    /// The visitor in person.
    func person(at fixture: ServiceFixture, owner: Person) async throws -> Person {
        switch self {
        case .nobody: fixture.nobody()
        case .owner: owner
        case .stranger: try await fixture.guest("Stranger")
        case .agent: try await fixture.agent("agent")
        case .supervisor: try await fixture.agent("supervisor", .supervisor)
        case .administrator: try await fixture.agent("administrator", .administrator)
        case .integration: try await fixture.keyHolder("Chat", channel: "chat")
        case .otherIntegration: try await fixture.keyHolder("Bridge", channel: "bridge")
        case .partner: try await fixture.keyHolder("Partner", channel: nil)
        }
    }
}
