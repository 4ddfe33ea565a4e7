internal import DocketDomain

extension MemoryTransaction {
    func profile(of contact: ContactID) -> ContactProfile? { state.profiles[contact] }

    func contacts(
        _ criterion: ContactCriterion,
        after place: ContactPlace,
        limit: Int
    ) -> [(place: ContactPlace, profile: ContactProfile)] {
        let all = state.contactOrder.enumerated().compactMap { index, id in
            state.profiles[id].map { profile in
                (
                    place: criterion.place(of: profile, ordinal: UInt64(index) + 1),
                    profile: profile
                )
            }
        }
        let found = all.filter { $0.profile.matches(criterion) && $0.place.stands(behind: place) }
        return Array(found.sorted { $1.place.stands(behind: $0.place) }.prefix(limit))
    }

    func update(_ profile: ContactProfile, from before: ContactProfile) {
        state.profiles[profile.id] = profile
        if profile.name != before.name { rename(profile) }
    }

    /// Gives the contact its name wherever it is shown.
    private func rename(_ profile: ContactProfile) {
        let contact = Contact(id: profile.id, name: profile.name)
        let principal = PrincipalID(profile.id)
        state.principals[principal] = state.principals[principal].map {
            PrincipalRecord(id: $0.id, name: profile.name, details: $0.details)
        }
        for id in conversations(of: profile.id) {
            state.conversations[id]?.conversation.contact = contact
        }
        for id in state.requestOrder where state.requests[id]?.contact.id == contact.id {
            state.requests[id]?.contact = contact
        }
        for (token, session) in state.sessions where session.principal.id == principal {
            state.sessions[token]?.principal = Principal(
                session.principal.identity,
                name: profile.name
            )
        }
    }

    func company(_ id: CompanyID) -> Company? { state.companies[id] }

    func company(named name: String) -> Company? {
        state.companies.values.first { $0.name.nameKey == name.nameKey }
    }

    func companies(namePrefix: String, after name: String, limit: Int) -> [Company] {
        let found = state.companies.values.filter { company in
            let key = company.name.nameKey
            return key.begins(with: namePrefix.nameKey) && key.stands(behind: name)
        }
        let sorted = found.sorted { $1.name.nameKey.stands(behind: $0.name.nameKey) }
        return Array(sorted.prefix(limit))
    }

    func insert(_ company: Company) { state.companies[company.id] = company }

    func update(_ company: Company) { state.companies[company.id] = company }

    func removeCompany(_ id: CompanyID) { state.companies[id] = nil }
}

extension ContactCriterion {
    /// The place of a contact among those that are found.
    fileprivate func place(of profile: ContactProfile, ordinal: UInt64) -> ContactPlace {
        switch self {
        case .namePrefix: ContactPlace(name: profile.name.nameKey, ordinal: ordinal)
        case .address, .company: ContactPlace(name: "", ordinal: ordinal)
        }
    }
}

extension ContactPlace {
    fileprivate func stands(behind other: ContactPlace) -> Bool {
        name == other.name ? ordinal > other.ordinal : name.stands(behind: other.name)
    }
}

extension ContactProfile {
    fileprivate func matches(_ criterion: ContactCriterion) -> Bool {
        switch criterion {
        case .namePrefix(let prefix): name.nameKey.begins(with: prefix.nameKey)
        case .address(let address): addresses.contains(address)
        case .company(let company): self.company == company
        }
    }
}

extension String {
    /// Whether the bytes of another text are the first of this one.
    fileprivate func begins(with other: String) -> Bool { utf8.starts(with: other.utf8) }

    /// Whether the text sorts behind another, byte by byte.
    fileprivate func stands(behind other: String) -> Bool {
        other.utf8.lexicographicallyPrecedes(utf8)
    }
}
