package import DocketDomain

/// By what contacts are found.
package enum ContactCriterion: Hashable, Sendable {
    /// By how the name begins, in any case; by all where the beginning is empty.
    case namePrefix(String)
    /// By an address under which they are reached or known.
    case address(ContactAddress)
    /// By the company for which they speak.
    case company(CompanyID)
}

/// A text by which a contact is found.
package struct ContactAddress: Hashable, Sendable {
    /// What the text is.
    package enum Kind: UInt8, Sendable {
        /// An e-mail address, in lower case.
        case email = 1
        /// A phone number.
        case phone = 2
        /// What an integration calls the contact.
        case externalID = 3
    }

    /// What the text is.
    package let kind: Kind
    /// The text.
    package let value: String

    /// Describes an address.
    package init(_ kind: Kind, _ value: String) {
        self.kind = kind
        self.value = value
    }
}

/// A place among the contacts that are found, behind which the next page begins.
///
/// Contacts found by name stand by name and then by age, others by age alone.
package struct ContactPlace: Hashable, Sendable {
    /// The contact's name as it is sorted; empty where names do not count.
    package let name: String
    /// The contact's place by age, from 1.
    package let ordinal: UInt64

    /// Names a place.
    package init(name: String, ordinal: UInt64) {
        self.name = name
        self.ordinal = ordinal
    }

    /// Before the first contact.
    package static let start = ContactPlace(name: "", ordinal: 0)
}

extension ContactProfile {
    /// Everything by which the contact is found beside its name and company.
    package var addresses: Set<ContactAddress> {
        var addresses = Set(emails.map { ContactAddress(.email, $0.searchKey) })
        addresses.formUnion(phones.map { ContactAddress(.phone, $0.text) })
        if case .external(_, let externalID) = origin {
            addresses.insert(ContactAddress(.externalID, externalID))
        }
        return addresses
    }
}
