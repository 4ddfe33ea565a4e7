/// Which text of a command a refusal is about, by the name of its field in the call.
package enum TextField: String, CaseIterable, Sendable {
    /// What a message or a note says.
    case text
    /// What a person or a key's owner is called.
    case name
    /// What an agent signs in with.
    case login
    /// What a channel calls a contact.
    case externalID = "external_id"
    /// What a partner calls a request.
    case externalKey = "external_key"
    /// What people call a request.
    case title
    /// Why a status was set.
    case reason
    /// A tag.
    case tag
}
