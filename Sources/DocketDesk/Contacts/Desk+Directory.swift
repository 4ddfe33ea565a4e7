package import DocketDomain
package import DocketStore
package import Foundation

/// What is known of a contact, with the company for which it speaks.
package struct KnownContact: Hashable, Sendable {
    /// What is known.
    package let profile: ContactProfile
    /// The company.
    package let company: Company?
}

/// A page of contacts.
package struct ContactPage: Hashable, Sendable {
    /// The contacts.
    package let contacts: [KnownContact]
    /// What gives the next page; `nil` on the last.
    package let nextPage: Data?
}

/// A page of companies.
package struct CompanyPage: Hashable, Sendable {
    /// The companies, by name.
    package let companies: [Company]
    /// What gives the next page; `nil` on the last.
    package let nextPage: Data?
}

extension Desk {
    /// Gives what is known of a contact to those who may know it.
    package func contact(
        _ id: ContactID,
        for principal: Principal
    ) async throws(QueryError) -> KnownContact {
        try await queryLog { reading throws(QueryError) -> KnownContact in
            let known = try storing { () throws(StoreError) -> KnownContact? in
                guard let profile = try reading.profile(of: id) else { return nil }
                return try KnownContact(profile, in: reading)
            }
            guard let known, principal.mayKnow(known.profile) else { throw .notFound }
            return known
        }
    }

    /// Finds contacts for the staff; no page means the first.
    ///
    /// More contacts than the longest page has count as that.
    package func contacts(
        _ criterion: ContactCriterion,
        page: Data?,
        limit: Int
    ) async throws(QueryError) -> ContactPage {
        let count = min(max(limit, 1), limits.pageEntries)
        let epoch = position.epoch
        let place = try NamePageToken.place(page, of: .contacts, epoch: epoch)
        return try await queryLog { reading throws(QueryError) -> ContactPage in
            try storing { () throws(StoreError) in
                let found = try reading.contacts(criterion, after: place, limit: count + 1)
                let page = found.prefix(count)
                let last = found.count > count ? page.last?.place : nil
                return ContactPage(
                    contacts: try page.map { item throws(StoreError) in
                        try KnownContact(item.profile, in: reading)
                    },
                    nextPage: last.map { NamePageToken(.contacts, epoch: epoch, place: $0).data }
                )
            }
        }
    }

    /// Gives one company to the staff.
    package func company(_ id: CompanyID) async throws(QueryError) -> Company {
        try await queryLog { reading throws(QueryError) -> Company in
            let found = try storing { () throws(StoreError) in try reading.company(id) }
            guard let found else { throw .notFound }
            return found
        }
    }

    /// Lists companies for the staff by how their names begin; no page means the first.
    ///
    /// More companies than the longest page has count as that.
    package func companies(
        namePrefix: String,
        page: Data?,
        limit: Int
    ) async throws(QueryError) -> CompanyPage {
        let count = min(max(limit, 1), limits.pageEntries)
        let epoch = position.epoch
        let place = try NamePageToken.place(page, of: .companies, epoch: epoch)
        return try await queryLog { reading throws(QueryError) -> CompanyPage in
            let found = try storing { () throws(StoreError) in
                try reading.companies(namePrefix: namePrefix, after: place.name, limit: count + 1)
            }
            let companies = Array(found.prefix(count))
            let last = found.count > count ? companies.last?.name.nameKey : nil
            return CompanyPage(
                companies: companies,
                nextPage: last.map { name in
                    NamePageToken(
                        .companies,
                        epoch: epoch,
                        place: ContactPlace(name: name, ordinal: 0)
                    ).data
                }
            )
        }
    }
}

extension KnownContact {
    /// A contact with its company.
    fileprivate init(
        _ profile: ContactProfile,
        in reading: any StoreReading
    ) throws(StoreError) {
        self.profile = profile
        var found: Company?
        if let id = profile.company { found = try reading.company(id) }
        company = found
    }
}
