internal import DocketMessages
internal import FoundationEssentials
internal import SwiftProtobuf

// How contacts and companies become models, and what is said of them becomes messages.

extension Contact {
    init(_ contact: Docket_V1_Contact) throws(DocketClientError) {
        guard let id = PartyID(bytes: contact.id) else {
            throw .malformed("a contact without its id")
        }
        self.init(id: id, name: contact.name)
        emails = contact.emails
        phones = contact.phones
        language = contact.language.nonEmpty
        version = contact.version
        createdAt = Timestamp(nonZero: contact.createdMilliseconds)
        changedAt = Timestamp(nonZero: contact.changedMilliseconds)
        companyID = CompanyID(bytes: contact.companyID)
        companyName = contact.companyName.nonEmpty
        timeZone = contact.timeZone.nonEmpty
        clientCategory = contact.clientCategory.nonEmpty
        isBlocked = contact.blocked
        attributes = contact.attributes.map { Attribute(key: $0.key, value: $0.value) }
        origin = Origin(contact.origin)
        integrationID = PartyID(bytes: contact.integrationID)
        externalID = contact.externalID.nonEmpty
    }
}

extension Contact.Origin {
    fileprivate init(_ origin: Docket_V1_ContactOrigin) {
        self =
            switch origin {
            case .originGuest: .guest
            case .originExternal: .external
            case .originRegistered: .registered
            case .unspecified, .UNRECOGNIZED: .unknown
            }
    }
}

extension ContactFields {
    /// The protocol's form.
    var message: Docket_V1_ContactFields {
        var fields = Docket_V1_ContactFields()
        if let name { fields.name = name }
        // A list that is there may be empty, which removes what was there.
        if let emails { fields.emails = .with { $0.values = emails } }
        if let phones { fields.phones = .with { $0.values = phones } }
        if let language { fields.language = language }
        if let timeZone { fields.timeZone = timeZone }
        if let clientCategory { fields.clientCategory = clientCategory }
        if let isBlocked { fields.blocked = isBlocked }
        if let attributes {
            fields.attributes.values = attributes.map { attribute in
                .with {
                    $0.key = attribute.key
                    $0.value = attribute.value
                }
            }
        }
        return fields
    }
}

extension ContactCriterion {
    /// The protocol's form.
    var message: Docket_V1_FindContactsCall.OneOf_By {
        switch self {
        case .email(let email): .email(email)
        case .phone(let phone): .phone(phone)
        case .externalID(let externalID): .externalID(externalID)
        case .namePrefix(let prefix): .namePrefix(prefix)
        case .company(let id): .companyID(Data(id.bytes))
        }
    }
}

extension Company {
    init(_ company: Docket_V1_Company) throws(DocketClientError) {
        guard let id = CompanyID(bytes: company.id) else {
            throw .malformed("a company without its id")
        }
        self.init(id: id, name: company.name)
        clientCategory = company.clientCategory.nonEmpty
        version = company.version
        createdAt = Timestamp(millisecondsSinceEpoch: company.createdMilliseconds)
        changedAt = Timestamp(millisecondsSinceEpoch: company.changedMilliseconds)
    }
}

extension CompanyFields {
    /// The protocol's form.
    var message: Docket_V1_CompanyFields {
        var fields = Docket_V1_CompanyFields()
        if let name { fields.name = name }
        if let clientCategory { fields.clientCategory = clientCategory }
        return fields
    }
}
