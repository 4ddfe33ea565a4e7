internal import DocketDomain
internal import DocketStore
internal import Foundation

/// What brings in somebody who may sign in, or a contact: a creation, answered with whoever it is.
protocol PrincipalMaking: DeskCommand {}

extension PrincipalMaking {
    func earlierResult(
        at offset: UInt64,
        _ payload: Data?,
        in step: Step
    ) throws(Interruption) -> Acceptance.Result? {
        let named = payload.flatMap { PrincipalID(bytes: $0) }
        guard let id = named ?? step.submission.key.map({ PrincipalID($0.id) }) else { return nil }
        return try step.workspace.find(PrincipalNeed(id)).map { .principal($0.principal.party) }
    }
}

extension Step {
    /// Makes somebody new.
    ///
    /// The log tells of it, but not of contacts who come by themselves: no one of the company has
    /// done anything, and what they do is told from their first conversation on. Their offset is 0.
    fileprivate mutating func create(
        _ record: PrincipalRecord,
        key: APIKeyRecord? = nil
    ) -> Acceptance {
        change(.principal(record))
        if let key { change(.key(key)) }
        let offset: UInt64 =
            switch record.details {
            case .guest, .external: 0
            case .agent, .integration, .partner, .registered:
                note(AdministrativeChange(created: record, key: key))
            }
        keep(.created(offset: offset))
        return Acceptance(offset: offset, result: .principal(record.principal.party))
    }
}

/// Creates a contact who has no account elsewhere.
struct GuestCreation: PrincipalMaking {
    let id: ContactID
    let name: String
    let secret: Digest

    func perform(in step: inout Step) throws(Interruption) -> Acceptance {
        try step.check(name, .name)
        return step.create(
            PrincipalRecord(id: PrincipalID(id), name: name, details: .guest(secret: secret))
        )
    }
}

/// Gives the contact whom an integration or a partner knows by a name, and makes it if there is
/// none.
struct ContactEnsuring: PrincipalMaking {
    let id: ContactID
    let externalID: String
    let name: String

    func perform(in step: inout Step) throws(Interruption) -> Acceptance {
        let bringer: PrincipalID
        switch step.submission.principal?.identity {
        case .integration(let id, _), .partner(let id): bringer = id
        case .contact, .agent, .desk, nil: throw .rejected(.notPermitted)
        }
        try step.check(name, .name)
        try step.check(externalID, .externalID, bytes: TextLimits.externalIDBytes)
        let need = ExternalContactNeed(broughtBy: bringer, externalID: externalID)
        guard let known = try step.workspace.find(need) else {
            return step.create(
                PrincipalRecord(
                    id: PrincipalID(id),
                    name: name,
                    details: .external(integration: bringer, externalID: externalID)
                )
            )
        }
        step.keep(.accepted(offset: 0, payload: known.id.data))
        return Acceptance(offset: 0, result: .principal(known.principal.party))
    }
}

/// Creates an agent.
struct AgentCreation: PrincipalMaking {
    let id: AgentID
    let name: String
    let role: AgentRole
    let login: String
    let passwordHash: String

    func perform(in step: inout Step) throws(Interruption) -> Acceptance {
        try step.requireAdministrator()
        try step.check(name, .name)
        try step.check(login, .login)
        guard try step.workspace.find(LoginNeed(login: login)) == nil else {
            throw .rejected(.loginTaken)
        }
        return step.create(
            PrincipalRecord(
                id: PrincipalID(id),
                name: name,
                details: .agent(role, login: login, passwordHash: passwordHash)
            )
        )
    }
}

/// Creates an integration of a channel, or a partner where there is no channel, with its first key.
struct KeyHolderCreation: PrincipalMaking {
    let id: PrincipalID
    let name: String
    let channel: ChannelKey?
    let key: APIKeyRecord

    func perform(in step: inout Step) throws(Interruption) -> Acceptance {
        try step.requireAdministrator()
        try step.check(name, .name)
        guard channel.map({ step.policy.channel($0) != nil }) ?? true else {
            throw .rejected(.unknownChannel)
        }
        let details = channel.map { PrincipalRecord.Details.integration($0) } ?? .partner
        return step.create(PrincipalRecord(id: id, name: name, details: details), key: key)
    }
}

extension AdministrativeChange {
    /// The subject as the author of something.
    var party: Party {
        switch subject {
        case .contact(let id): Contact(id: id, name: name).party
        case .agent(let id): Agent(id: id, name: name).party
        case .integration(let id): Party(kind: .integration, id: id, name: name)
        case .partner(let id): Party(kind: .partner, id: id, name: name)
        case .company: .desk
        }
    }

    /// What a principal that was made looks like to the log: everything but its secrets.
    fileprivate init(created record: PrincipalRecord, key: APIKeyRecord?) {
        var fields = [("name", record.name)]
        switch record.details {
        case .guest, .registered, .partner: break
        case .external(_, let externalID): fields.append(("external_id", externalID))
        case .agent(let role, let login, _, _): fields += [("login", login), ("role", "\(role)")]
        case .integration(let channel): fields.append(("channel", channel))
        }
        if let key { fields.append(("key", key.keyID)) }
        self.init(
            record.subject,
            name: record.name,
            .created,
            fields: fields.map { FieldChange(field: $0.0, before: "", after: $0.1) }
        )
    }
}

extension PrincipalRecord {
    /// The principal as the subject of a change.
    var subject: AdministrativeChange.Subject {
        switch details {
        case .guest, .external, .registered: .contact(ContactID(id))
        case .agent: .agent(AgentID(id))
        case .integration: .integration(id)
        case .partner: .partner(id)
        }
    }
}
