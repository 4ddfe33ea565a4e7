/// What to change of a contact; what is `nil` stays, and lists are replaced as a whole.
///
/// Whatever it holds is in the form in which it is kept: it is checked on the way in.
package struct ContactEdit: Hashable, Sendable {
    /// The name shown to agents.
    package private(set) var name: String?
    /// The e-mail addresses.
    package private(set) var emails: [EmailAddress]?
    /// The phone numbers.
    package private(set) var phones: [PhoneNumber]?
    /// The language; empty for not known.
    package private(set) var language: String?
    /// The time zone; empty for not known.
    package private(set) var timeZone: String?
    /// The client category; empty for none.
    package private(set) var clientCategory: String?
    /// Whether the desk does not want to hear from it.
    package var isBlocked: Bool?
    /// The attributes, by key.
    package private(set) var attributes: [ContactAttribute]?

    /// Changes nothing.
    package init() {}

    /// Gives the contact another name; 1 to 128 bytes.
    package mutating func set(name text: String) throws(FieldFault) {
        name = try ContactText.name(text, path: "name")
    }

    /// Replaces the e-mail addresses; at most 16.
    package mutating func set(emails texts: [String]) throws(FieldFault) {
        emails = try ContactText.list(texts, "emails", atMost: ContactLimits.addresses) {
            text,
            path throws(FieldFault) in try EmailAddress(text, path: path)
        }
    }

    /// Replaces the phone numbers; at most 16.
    package mutating func set(phones texts: [String]) throws(FieldFault) {
        phones = try ContactText.list(texts, "phones", atMost: ContactLimits.addresses) {
            text,
            path throws(FieldFault) in try PhoneNumber(text, path: path)
        }
    }

    /// Sets the language, a tag of BCP 47 of at most 35 bytes, or nothing.
    package mutating func set(language text: String) throws(FieldFault) {
        language = try ContactText.language(text, path: "language")
    }

    /// Sets the time zone, a name of the time zone database of at most 64 bytes, or nothing.
    package mutating func set(timeZone text: String) throws(FieldFault) {
        timeZone = try ContactText.timeZone(text, path: "time_zone")
    }

    /// Sets the client category, a key of at most 64 bytes, or nothing.
    package mutating func set(clientCategory text: String) throws(FieldFault) {
        clientCategory = try ContactText.category(text, path: "client_category")
    }

    /// Replaces the attributes; at most 32, each key once.
    package mutating func set(attributes pairs: [ContactAttribute]) throws(FieldFault) {
        let limit = ContactLimits.attributes
        _ = try ContactText.list(pairs, "attributes", atMost: limit) {
            pair,
            path throws(FieldFault) in
            guard !pair.key.isEmpty else { throw FieldFault("\(path).key", .missing) }
            _ = try ContactText.bounded(
                pair.value,
                "\(path).value",
                ContactLimits.attributeValueBytes
            )
            return try ContactText.bounded(
                pair.key,
                "\(path).key",
                ContactLimits.attributeKeyBytes
            )
        }
        attributes = pairs.sorted { $0.key < $1.key }
    }

    /// The first field that this principal does not change of a contact that it may know.
    ///
    /// A contact and an integration change how to address and reach the contact; what the company
    /// thinks of it is the staff's to say.
    package func fieldBeyond(_ principal: Principal) -> String? {
        guard !principal.isStaff else { return nil }
        let others = [
            ("time_zone", timeZone != nil), ("client_category", clientCategory != nil),
            ("blocked", isBlocked != nil), ("attributes", attributes != nil),
        ]
        return others.first { $0.1 }?.0
    }

    /// The profile with the changes, as of its version.
    func applied(to profile: ContactProfile) -> ContactProfile {
        var after = profile
        if let name { after.name = name }
        if let emails { after.emails = emails }
        if let phones { after.phones = phones }
        if let language { after.language = language }
        if let timeZone { after.timeZone = timeZone }
        if let clientCategory { after.clientCategory = clientCategory }
        if let isBlocked { after.isBlocked = isBlocked }
        if let attributes { after.attributes = attributes }
        return after
    }
}
