internal import DocketDomain
internal import DocketStore
internal import Foundation

/// What the columns of a principal's row hold, which depend on the kind.
struct PrincipalColumns {
    let kind: Int64
    var role: Int64?
    var login: String?
    var password: String?
    var secret: Data?
    var channel: ChannelKey?
    var integration: PrincipalID?
    var externalID: String?

    /// By what name the one who brought it finds it.
    var externalName: ExternalName? {
        guard let integration, let externalID else { return nil }
        return ExternalName(owner: integration, name: externalID)
    }

    init(_ details: PrincipalRecord.Details) {
        switch details {
        case .guest(let digest):
            kind = Int64(PartyKind.contact.rawValue)
            secret = digest.data
        case .external(let owner, let name):
            kind = Int64(PartyKind.contact.rawValue)
            integration = owner
            externalID = name
        case .registered:
            kind = Int64(PartyKind.contact.rawValue)
        case .agent(let agentRole, let agentLogin, let passwordHash, _):
            kind = Int64(PartyKind.agent.rawValue)
            role = Int64(agentRole.rawValue)
            login = agentLogin
            password = passwordHash
        case .integration(let served):
            kind = Int64(PartyKind.integration.rawValue)
            channel = served
        case .partner:
            kind = Int64(PartyKind.partner.rawValue)
        }
    }
}
