/// What the desk knows of a contact, as the contact itself and its integration see it.
public struct ContactProfile: Hashable, Sendable {
    /// The contact's id.
    public let id: PartyID
    /// The name shown to agents.
    public let name: String
    /// Its e-mail addresses.
    public let emails: [String]
    /// Its phone numbers: digits, with a plus sign before international ones.
    public let phones: [String]
    /// The language in which to address it, a tag of BCP 47; empty where it is not known.
    public let language: String
    /// Counts the changes of all this, from 1.
    public let version: UInt64
}

/// What to change of a contact's profile; what is nil stays, and lists are replaced as a whole.
public struct ContactProfileChange: Hashable, Sendable {
    /// The name shown to agents; 1 to 128 bytes.
    public var name: String?
    /// E-mail addresses; at most 16, each at most 254 bytes.
    public var emails: [String]?
    /// Phone numbers; at most 16, each of 3 to 15 digits.
    public var phones: [String]?
    /// A tag of BCP 47, at most 35 bytes; empty for not known.
    public var language: String?

    /// Describes a change.
    public init(
        name: String? = nil,
        emails: [String]? = nil,
        phones: [String]? = nil,
        language: String? = nil
    ) {
        self.name = name
        self.emails = emails
        self.phones = phones
        self.language = language
    }
}
