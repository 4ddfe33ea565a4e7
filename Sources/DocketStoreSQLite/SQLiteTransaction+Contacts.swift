internal import DocketDomain
internal import DocketStore
internal import Foundation

extension SQLiteTransaction {
    /// Describes a contact that has just been made.
    func insert(_ profile: ContactProfile) throws(StoreError) {
        newRows.add(profile: [
            .number(try key(of: PrincipalID(profile.id))), .text(profile.name.nameKey),
            .blob(profile.encoded()),
        ])
        for address in profile.addresses { try insert(address, of: profile.id) }
    }

    func isBlocked(_ contact: ContactID) throws(StoreError) -> Bool {
        if let known = memory.isBlocked(contact) { return known }
        let found = try profile(of: contact)?.isBlocked ?? false
        memory.keep(isBlocked: found, contact)
        return found
    }

    func update(
        _ profile: ContactProfile,
        from before: ContactProfile
    ) throws(StoreError) {
        memory.keep(isBlocked: profile.isBlocked, profile.id)
        try execute(
            Statements.updateProfile,
            [
                .text(profile.name.nameKey), .blob(profile.encoded()), .id(profile.company),
                .id(profile.id),
            ]
        )
        for address in before.addresses.subtracting(profile.addresses) {
            try execute(
                Statements.removeAddress,
                [.number(address.kind.rawValue), .text(address.value), .id(profile.id)]
            )
        }
        for address in profile.addresses.subtracting(before.addresses) {
            try insert(address, of: profile.id)
        }
        if profile.name != before.name { try rename(profile) }
    }

    private func insert(
        _ address: ContactAddress,
        of contact: ContactID
    ) throws(StoreError) {
        newRows.add(address: [
            .number(address.kind.rawValue), .text(address.value),
            .number(try key(of: PrincipalID(contact))),
        ])
    }

    private func rename(_ profile: ContactProfile) throws(StoreError) {
        try execute(Statements.renamePrincipal, [.text(profile.name), .id(profile.id)])
        try forgetNames()
    }

    func insert(_ company: Company) throws(StoreError) {
        try execute(
            Statements.insertCompany,
            [
                .id(company.id), .text(company.name), .text(company.name.nameKey),
                .text(company.clientCategory), .number(company.version),
                .moment(company.createdAt), .moment(company.changedAt),
            ]
        )
    }

    func update(_ company: Company) throws(StoreError) {
        try execute(
            Statements.updateCompany,
            [
                .text(company.name), .text(company.name.nameKey), .text(company.clientCategory),
                .number(company.version), .moment(company.changedAt), .id(company.id),
            ]
        )
    }

    func removeCompany(_ id: CompanyID) throws(StoreError) {
        try execute(Statements.removeCompany, [.id(id)])
    }
}
