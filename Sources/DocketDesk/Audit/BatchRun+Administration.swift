internal import DocketDomain
internal import DocketStore

extension BatchRun {
    /// Tells the log of a change of administration, and gives the entry's offset.
    ///
    /// A change without an author was made by its subject, as by a guest who enters.
    mutating func note(
        _ change: AdministrativeChange,
        by principal: Principal?
    ) throws(StoreError) -> UInt64 {
        let event = Event(
            at: now,
            actor: principal?.party ?? change.party,
            conversation: nil,
            request: nil,
            way: Self.way(of: principal),
            fact: .administered(change)
        )
        let entry = try log.append(event)
        announce(PublishedEntry(entry: entry, contact: nil, channel: nil))
        return entry.offset
    }

    private static func way(of principal: Principal?) -> Way {
        switch principal?.identity {
        case .contact, .agent, .desk, nil: .call
        case .integration: .channel
        case .partner: .partner
        }
    }
}

extension AdministrativeChange {
    /// The subject as the author of something.
    fileprivate var party: Party {
        switch subject {
        case .contact(let id): Contact(id: id, name: name).party
        case .agent(let id): Agent(id: id, name: name).party
        case .integration(let id): Party(kind: .integration, id: id, name: name)
        case .partner(let id): Party(kind: .partner, id: id, name: name)
        case .company: .desk
        }
    }

    /// What a principal that was made looks like to the log: everything but its secrets.
    init(created record: PrincipalRecord, key: APIKeyRecord? = nil) {
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
