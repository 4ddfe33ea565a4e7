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
            let first = place.name.isEmpty ? prefix.nameKey : place.name
            let arguments: [SQLValue] = [
                .text(first), .text(prefix.nameKey + lastCharacter), .text(place.name), ordinal,
                count,
            ]
            return try rows(Statements.contactsByName, arguments) { try $0.found() }
        case .address(let address):
            let arguments: [SQLValue] = [
                .number(address.kind.rawValue), .text(address.value), ordinal, count,
            ]
            return try rows(Statements.contactsByAddress, arguments) { try $0.found() }
        case .company(let company):
            let arguments: [SQLValue] = [.id(company), ordinal, count]
            return try rows(Statements.contactsByCompany, arguments) { try $0.found() }
        }
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
        let arguments: [SQLValue] = [
            .text(prefix), .text(prefix + lastCharacter), .text(name), .number(limit),
        ]
        return try rows(Statements.companies, arguments) { try $0.company() }
    }
}

/// What sorts behind every text with the same beginning: the last code point, which is reserved
/// and never a character (Unicode, section 23.7).
private let lastCharacter = "\u{10FFFF}"

extension StatementRow {
    fileprivate func profile(_ column: Int32) throws -> ContactProfile {
        guard let profile = ContactProfile(encoded: blob(column)) else {
            throw StoreError.corrupted("a contact's profile is none")
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
