/// A contact, as the desk knows it.
///
/// Agents see all of it. A contact sees of itself, and an integration of those whom it brought, the
/// name, the addresses, the numbers, the language and the version.
public struct Contact: Hashable, Sendable {
    /// How a contact came to the desk.
    public enum Origin: String, Hashable, Sendable, CaseIterable {
        /// As a guest, who signs in with a secret.
        case guest
        /// Through an integration, which speaks for it.
        case external
        /// Made by an agent; it cannot sign in.
        case registered
        /// Not told, or not known to this version.
        case unknown
    }

    /// Something that the people of the desk note about a contact under a name of their own.
    public struct Attribute: Hashable, Sendable {
        /// The name; 1 to 64 bytes, once in a contact.
        public let key: String
        /// The value; at most 256 bytes.
        public let value: String

        /// Describes something that is noted.
        public init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }

    /// Its id.
    public let id: PartyID
    /// The name shown to agents.
    ///
    /// It comes from outside: filter it before it reaches a terminal.
    public let name: String
    /// Its e-mail addresses, the first one first.
    public internal(set) var emails: [String] = []
    /// Its phone numbers: digits, with a plus sign before international ones.
    public internal(set) var phones: [String] = []
    /// The language in which to address it, a tag of BCP 47; nil where it is not known.
    public internal(set) var language: String?
    /// Counts the changes of what the caller sees, from 1; for commands that expect a version.
    public internal(set) var version: UInt64 = 0
    /// When it was made; nil for a caller who is not told.
    public internal(set) var createdAt: Timestamp?
    /// When it last changed; nil for a caller who is not told.
    public internal(set) var changedAt: Timestamp?
    /// The company for which it speaks; nil for none.
    public internal(set) var companyID: CompanyID?
    /// That company's name.
    public internal(set) var companyName: String?
    /// Where it lives, as a name of the time zone database; nil where it is not known.
    public internal(set) var timeZone: String?
    /// How the company ranks it, such as `vip`; nil for no particular rank.
    public internal(set) var clientCategory: String?
    /// Whether the desk does not want to hear from it.
    public internal(set) var isBlocked = false
    /// What else is noted.
    public internal(set) var attributes: [Attribute] = []
    /// How it came.
    public internal(set) var origin = Origin.unknown
    /// The integration that brought it; nil where none did.
    public internal(set) var integrationID: PartyID?
    /// What that integration calls it.
    public internal(set) var externalID: String?

    init(id: PartyID, name: String) {
        self.id = id
        self.name = name
    }
}

/// What to know of a contact.
///
/// What is nil stays as it is, and is not known of a new contact; lists are replaced as a whole. A
/// contact may say of itself, and an integration of those whom it brought, the name, the addresses,
/// the numbers and the language.
public struct ContactFields: Hashable, Sendable {
    /// The name shown to agents; 1 to 128 bytes.
    public var name: String?
    /// E-mail addresses; at most 16, each at most 254 bytes.
    ///
    /// Several contacts may have the same.
    public var emails: [String]?
    /// Phone numbers; at most 16, each of 3 to 15 digits.
    ///
    /// Signs that part digits are left out.
    public var phones: [String]?
    /// A tag of BCP 47, at most 35 bytes; empty for not known.
    public var language: String?
    /// A name of the time zone database, at most 64 bytes; empty for not known.
    public var timeZone: String?
    /// A key of letters, digits, `_` and `-`, at most 64 bytes; empty for none.
    public var clientCategory: String?
    /// Whether the desk does not want to hear from it.
    public var isBlocked: Bool?
    /// What else to note; at most 32.
    public var attributes: [Contact.Attribute]?

    /// Says nothing yet.
    public init() {}

    /// Says what a contact is called.
    public init(name: String) {
        self.name = name
    }
}

/// By what to find contacts.
public enum ContactCriterion: Hashable, Sendable {
    /// An e-mail address, in any case.
    case email(String)
    /// A phone number.
    case phone(String)
    /// What an integration calls it.
    case externalID(String)
    /// How the name begins, in any case.
    case namePrefix(String)
    /// The company for which it speaks.
    case company(CompanyID)
}
