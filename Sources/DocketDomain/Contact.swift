/// A customer.
package struct Contact: Hashable, Sendable {
    /// The contact's id.
    package let id: ContactID
    /// The name shown to agents; 1 to 128 bytes.
    package let name: String

    /// Names a contact.
    package init(id: ContactID, name: String) {
        self.id = id
        self.name = name
    }

    /// The contact as the author of something.
    package var party: Party { Party(kind: .contact, id: PrincipalID(id), name: name) }
}
