/// How much may be known of a contact or a company.
package enum ContactLimits {
    /// The most e-mail addresses of a contact, and the most phone numbers: nobody has more, and
    /// each is a row by which the contact is found.
    package static let addresses = 16
    /// The longest e-mail address, in bytes of UTF-8 (RFC 5321, section 4.5.3.1.3, without the
    /// angle brackets).
    package static let emailBytes = 254
    /// The longest part of an e-mail address before the last `@`, in bytes of UTF-8 (RFC 5321,
    /// section 4.5.3.1.1).
    static let emailLocalPartBytes = 64
    /// The longest part between two dots of a domain, in bytes (RFC 1035, section 2.3.4).
    static let domainLabelBytes = 63
    /// How many digits a phone number has: short codes have three, and E.164 allows fifteen.
    static let phoneDigits = 3...15
    /// The longest text that is read as a phone number, in bytes of UTF-8: fifteen digits with
    /// signs between all of them.
    package static let phoneBytes = 64
    /// The longest tag of a language, in bytes (RFC 5646, section 4.4.1).
    package static let languageBytes = 35
    /// The longest part of a tag of a language, in bytes (RFC 5646, section 2.1).
    static let languagePartBytes = 8
    /// The longest name of a time zone, in bytes: twice the longest of the database.
    package static let timeZoneBytes = 64
    /// The longest key of a client category, in bytes: as long as any key of a policy.
    package static let categoryBytes = 64
    /// The most attributes of a contact: what fits on an agent's screen.
    package static let attributes = 32
    /// The longest key of an attribute, in bytes of UTF-8.
    package static let attributeKeyBytes = 64
    /// The longest value of an attribute, in bytes of UTF-8.
    package static let attributeValueBytes = 256
}
