package import DocketDomain

/// A request that a partner opens under a name of its own, for a contact of its own.
///
/// A creation. Its digest must not cover the request's id, so that the same content under the same
/// external key is known whatever id comes with it.
package struct TicketPush: Hashable, Sendable {
    /// What to open; the contact in it is looked up by `contactExternalID`.
    package let creation: CreateRequest
    /// What the partner calls the request.
    package let externalKey: String
    /// What the partner calls the contact.
    package let contactExternalID: String
    /// The name of the contact, if it is made now.
    package let contactName: String

    /// Describes a ticket.
    package init(
        _ creation: CreateRequest,
        externalKey: String,
        contactExternalID: String,
        contactName: String
    ) {
        self.creation = creation
        self.externalKey = externalKey
        self.contactExternalID = contactExternalID
        self.contactName = contactName
    }
}
