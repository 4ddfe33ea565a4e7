/// How a contact came to the desk, which never changes.
package enum ContactOrigin: Hashable, Sendable {
    /// As a guest, who signs in with a secret.
    case guest
    /// Through an integration, which has this name for it.
    case external(integration: PrincipalID, externalID: String)
    /// Made by an agent; it cannot sign in.
    case registered
}

/// What the desk knows of a contact.
package struct ContactProfile: Hashable, Sendable {
    /// The contact's id.
    package let id: ContactID
    /// How it came.
    package let origin: ContactOrigin
    /// The name shown to agents; 1 to 128 bytes.
    package var name: String
    /// Its e-mail addresses; at most 16.
    ///
    /// Other contacts may have the same: families and offices share them.
    package var emails: [EmailAddress] = []
    /// Its phone numbers; at most 16.
    package var phones: [PhoneNumber] = []
    /// The company for which it speaks.
    package var company: CompanyID?
    /// The language in which to address it, a tag of BCP 47; empty where it is not known.
    package var language = ""
    /// Where it lives, as a name of the time zone database; empty where it is not known.
    package var timeZone = ""
    /// How the company ranks it; empty for no particular rank.
    package var clientCategory = ""
    /// Whether the desk does not want to hear from it.
    ///
    /// The mark is for the people and rules of the desk; by itself it keeps nobody out.
    package var isBlocked = false
    /// What else is noted, by key; at most 32.
    package var attributes: [ContactAttribute] = []
    /// Counts the changes, from 1.
    package var version: UInt64 = 1
    /// Counts the changes of what the contact sees of it, from 1.
    package var versionForContact: UInt64 = 1
    /// When it was made.
    package let createdAt: Timestamp
    /// When it last changed.
    package var changedAt: Timestamp

    /// What is known of a new contact.
    package init(id: ContactID, name: String, origin: ContactOrigin, at moment: Timestamp) {
        self.id = id
        self.origin = origin
        self.name = name
        createdAt = moment
        changedAt = moment
    }

    /// What people may change, by the names of the call's fields, as text.
    var texts: [(field: String, text: String)] {
        [
            ("name", name),
            ("emails", emails.map(\.text).joined(separator: ", ")),
            ("phones", phones.map(\.text).joined(separator: ", ")),
            ("language", language),
            ("time_zone", timeZone),
            ("client_category", clientCategory),
            ("blocked", isBlocked ? "yes" : "no"),
            ("attributes", attributes.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")),
        ]
    }
}

extension Principal {
    /// Whether the principal may see what is known of a contact, and change it.
    ///
    /// A contact sees itself, an integration those whom it brought, an agent all, and a partner
    /// none.
    package func mayKnow(_ profile: ContactProfile) -> Bool {
        switch identity {
        case .contact(let own): return own == profile.id
        case .agent, .desk: return true
        case .integration(let own, _):
            guard case .external(let integration, _) = profile.origin else { return false }
            return integration == own
        case .partner: return false
        }
    }
}
