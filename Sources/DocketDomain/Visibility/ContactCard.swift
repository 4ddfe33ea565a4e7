/// What a contact, and the integration that brought it, see of what the desk knows of it.
package struct ContactCard: Hashable, Sendable {
    /// The contact's id.
    package let id: ContactID
    /// The name shown to agents.
    package let name: String
    /// Its e-mail addresses.
    package let emails: [EmailAddress]
    /// Its phone numbers.
    package let phones: [PhoneNumber]
    /// The language in which to address it; empty where it is not known.
    package let language: String
    /// Counts the changes of all this, from 1.
    package let version: UInt64

    /// Copies what may be seen.
    package init(_ profile: ContactProfile) {
        id = profile.id
        name = profile.name
        emails = profile.emails
        phones = profile.phones
        language = profile.language
        version = profile.versionForContact
    }
}

extension ContactProfile {
    /// The version that an audience counts.
    package func version(for audience: Audience) -> UInt64 {
        audience == .staff ? version : versionForContact
    }

    /// Counts a change: for contacts only what they see of it.
    mutating func countChange(since before: ContactProfile, at moment: Timestamp) {
        version += 1
        changedAt = moment
        if ContactCard(self) != ContactCard(before) { versionForContact += 1 }
    }
}
