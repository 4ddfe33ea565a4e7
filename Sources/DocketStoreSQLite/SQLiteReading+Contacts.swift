internal import DocketDomain
internal import DocketStore
internal import Foundation

extension SQLiteReading {
    func profile(of contact: ContactID) throws(StoreError) -> ContactProfile? {
        try row(Statements.profile, [.id(contact)]) { try $0.profile(0) }
    }

    func contacts(
        _ criterion: ContactCriterion,
        after place: ContactPlace,
        limit: Int
    ) throws(StoreError) -> [(place: ContactPlace, profile: ContactProfile)] {
        let ordinal = SQLValue.number(place.ordinal)
        let count = SQLValue.number(limit)
        switch criterion {
        case .namePrefix(let prefix):
            return try contacts(namePrefix: prefix.nameKey, after: place, limit: limit)
        case .address(let address):
            let arguments: [4 of SQLValue] = [
                .number(address.kind.rawValue), .text(address.value), ordinal, count,
            ]
            return try rows(Statements.contactsByAddress, arguments) { try $0.found() }
        case .company(let company):
            let arguments: [3 of SQLValue] = [.id(company), ordinal, count]
            return try rows(Statements.contactsByCompany, arguments) { try $0.found() }
        }
    }

    /// Those with the name of the place, and then those with the names behind it.
    ///
    /// Asked for at once, every page would pass over all earlier ones of the same name.
    private func contacts(
        namePrefix prefix: String,
        after place: ContactPlace,
        limit: Int
    ) throws(StoreError) -> [(place: ContactPlace, profile: ContactProfile)] {
        let isWithin = place.name.utf8.starts(with: prefix.utf8)
        let alike =
            isWithin
            ? try rows(
                Statements.contactsOfName,
                [.text(place.name), .number(place.ordinal), .number(limit)]
            ) { try $0.found() } : []
        let arguments: [3 of SQLValue] = [
            .text(prefix.firstKey(behind: place.name)), .text(prefix + lastCharacter),
            .number(limit - alike.count),
        ]
        return alike + (try rows(Statements.contactsByName, arguments) { try $0.found() })
    }

    func company(_ id: CompanyID) throws(StoreError) -> Company? {
        try row(Statements.company, [.id(id)]) { try $0.company() }
    }

    func company(named name: String) throws(StoreError) -> Company? {
        try row(Statements.companyByName, [.text(name.nameKey)]) { try $0.company() }
    }

    func companies(
        namePrefix: String,
        after name: String,
        limit: Int
    ) throws(StoreError) -> [Company] {
        let prefix = namePrefix.nameKey
        let arguments: [3 of SQLValue] = [
            .text(prefix.firstKey(behind: name)), .text(prefix + lastCharacter), .number(limit),
        ]
        return try rows(Statements.companies, arguments) { try $0.company() }
    }
}

/// What sorts behind every text with the same beginning: the last code point, which is reserved
/// and never a character (Unicode, section 23.7).
private let lastCharacter = "\u{10FFFF}"

extension String {
    /// Where a list of the names with this beginning goes on behind a name: at the text that sorts
    /// next behind it, byte by byte.
    ///
    /// It is one bound and not two, as an index is entered at one and walked along to the other.
    fileprivate func firstKey(behind name: String) -> String {
        name.utf8.lexicographicallyPrecedes(utf8) ? self : name + "\0"
    }
}

extension StatementRow {
    fileprivate func profile(_ column: Int32) throws -> ContactProfile {
        guard let profile = ContactProfile(encoded: blob(column)) else {
            throw StoreError.damaged("a contact's profile is none")
        }
        return profile
    }

    fileprivate func found() throws -> (place: ContactPlace, profile: ContactProfile) {
        (ContactPlace(name: text(0), ordinal: unsigned(1)), try profile(2))
    }

    fileprivate func company() throws -> Company {
        var company = Company(id: try id(0), name: text(1), at: moment(4))
        company.clientCategory = text(2)
        company.version = unsigned(3)
        company.changedAt = moment(5)
        return company
    }
}
