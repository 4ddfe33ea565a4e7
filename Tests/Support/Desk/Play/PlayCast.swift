import DocketDesk
package import DocketDomain
import DocketStore

/// Who takes part in a play.
package struct PlayCast: Sendable {
    /// Contacts who write themselves.
    package private(set) var contacts: [Principal] = []
    /// Agents: three, and a supervisor.
    package private(set) var agents: [Principal] = []
    /// A channel's integration.
    package private(set) var integration = Principal.desk
    /// Another company's system.
    package private(set) var partner = Principal.desk
    /// The contact whom the integration brings.
    package private(set) var external: Contact?

    init() {}

    /// Makes them.
    init(fixture: DeskFixture, policy: Policy) async {
        for index in 0..<3 { contacts.append(await fixture.guest("contact-\(index)")) }
        for index in 0..<3 { agents.append(await fixture.agent("agent-\(index)")) }
        agents.append(await fixture.agent("supervisor", .supervisor))
        let channel = policy.channel("bridge")?.key ?? policy.channels.last?.key ?? "bridge"
        integration = await fixture.keyHolder("bridge-1", channel: channel)
        partner = await fixture.keyHolder("partner-1", channel: nil)
        let contact: ContactID = fixture.id()
        _ = await fixture.ask(
            .ensureContact(contact, externalID: "+49", name: "external"),
            as: integration,
            id: CommandID(contact)
        )
        external = Contact(id: contact, name: "external")
    }

    /// Every contact: those who write themselves, and the one whom the integration brings.
    var people: [Contact] {
        contacts.compactMap { principal in
            principal.id.map { Contact(id: ContactID($0), name: principal.name) }
        } + [external].compactMap(\.self)
    }

    /// Who speaks for a contact.
    func speaker(for contact: ContactID) -> Principal {
        contacts.first { $0.id == PrincipalID(contact) } ?? integration
    }
}

extension DeskFixture {
    /// Makes an integration of a channel, or a partner where there is none.
    package func keyHolder(_ name: String, channel: ChannelKey?) async -> Principal {
        let principal: PrincipalID = id()
        let key = APIKeyRecord(keyID: name, principal: principal, secret: digest(name))
        _ = await ask(
            .createKeyHolder(principal, name: name, channel: channel, key: key),
            as: .desk,
            id: CommandID(principal)
        )
        let identity: Principal.Identity =
            channel.map { .integration(principal, $0) } ?? .partner(principal)
        return Principal(identity, name: name)
    }
}
