internal import DocketCalls
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

/// The desk's contacts.
///
/// Agents find, make and change all of them. A contact reads and changes itself, an integration
/// those whom it brought; an integration or a partner brings them with `ensure`. A call that its
/// caller may not make, and a contact that it may not see, are refused with `not_found`: forbidden
/// looks like absent.
///
/// A change that is `expecting` the version at which its author saw the contact is refused with
/// `version_conflict` where somebody has changed it since.
public struct Contacts: Sendable {
    let client: DocketClient

    /// Finds contacts: by how their names begin in the order of names, otherwise the oldest first.
    ///
    /// For agents.
    ///
    /// - Parameters:
    ///   - criterion: By what; nil for everybody.
    ///   - count: How many at most, 1 to 200.
    ///   - page: The place of the page; nil for the first. It belongs to one criterion.
    /// - Returns: The page.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal:
    ///   `invalid_argument` or `field_too_long` for what cannot be such an address or number.
    public func find(
        by criterion: ContactCriterion? = nil,
        limit count: Int = 50,
        page: PageToken? = nil
    ) async throws(DocketClientError) -> Page<Contact> {
        let call = Docket_V1_FindContactsCall.with {
            $0.by = criterion?.message
            $0.limit = UInt32(clamping: count)
            $0.page = Data(page?.bytes ?? [])
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await ContactsCaller(channel: channel).find(call, options: options)
        }
        return try Page(reply.contacts, next: reply.nextPage) {
            message throws(DocketClientError) in try Contact(message)
        }
    }

    /// Gives one contact as it is now.
    ///
    /// For agents, for contacts themselves, and for integrations of those whom they brought.
    ///
    /// - Parameter id: The contact; nil for the contact who is signed in.
    /// - Returns: What the caller may see of it.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func get(_ id: PartyID? = nil) async throws(DocketClientError) -> Contact {
        let call = Docket_V1_GetContactCall.with { $0.contactID = Data(id?.bytes ?? []) }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await ContactsCaller(channel: channel).get(call, options: options)
        }
        return try Contact(reply.contact)
    }

    /// Gives the contact whom an integration's channel, or a partner's system, knows by an external
    /// id, and makes it if there is none.
    ///
    /// - Parameters:
    ///   - externalID: The contact's name there, unique for the integration or the partner; 1 to
    ///     256 bytes.
    ///   - name: The name shown to agents; 1 to 128 bytes.
    ///   - id: The contact's id, if it is made now.
    /// - Returns: The contact.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func ensure(
        externalID: String,
        name: String,
        id: PartyID = PartyID()
    ) async throws(DocketClientError) -> Party {
        let call = Docket_V1_EnsureContactCall.with {
            $0.header = Docket_V1_CommandHeader(id)
            $0.externalID = externalID
            $0.name = name
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await ContactsCaller(channel: channel).ensure(call, options: options)
        }
        return Party(reply.contact)
    }

    /// Makes a contact by hand, for instance after a phone call; it cannot sign in.
    ///
    /// For agents.
    ///
    /// - Parameters:
    ///   - fields: What is known of it; the name at least.
    ///   - company: The company for which it speaks; nil for none.
    ///   - id: The contact's id.
    /// - Returns: The contact.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func create(
        _ fields: ContactFields,
        company: CompanyID? = nil,
        id: PartyID = PartyID()
    ) async throws(DocketClientError) -> Contact {
        let call = Docket_V1_CreateContactCall.with {
            $0.header = Docket_V1_CommandHeader(id)
            $0.fields = fields.message
            $0.companyID = Data(company?.bytes ?? [])
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await ContactsCaller(channel: channel).create(call, options: options)
        }
        return try Contact(reply.contact)
    }

    /// Changes what is known of a contact.
    ///
    /// For agents; contacts change themselves, and integrations those whom they brought. Agents see
    /// a new name at once; who is signed in already goes on under the old one until the next
    /// sign-in.
    ///
    /// - Parameters:
    ///   - id: The contact; nil for the contact who is signed in.
    ///   - fields: What to change.
    ///   - version: The version that was seen; nil to change it whatever it is.
    ///   - command: The command's id.
    /// - Returns: The contact after the change.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    @discardableResult
    public func update(
        _ id: PartyID? = nil,
        _ fields: ContactFields,
        expecting version: UInt64? = nil,
        command: CommandID = CommandID()
    ) async throws(DocketClientError) -> Contact {
        let call = Docket_V1_UpdateContactCall.with {
            $0.header = Docket_V1_CommandHeader(command, expecting: version)
            $0.contactID = Data(id?.bytes ?? [])
            $0.fields = fields.message
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await ContactsCaller(channel: channel).update(call, options: options)
        }
        return try Contact(reply.contact)
    }

    /// Says for which company a contact speaks.
    ///
    /// For agents.
    ///
    /// - Parameters:
    ///   - company: The company; nil for none.
    ///   - id: The contact.
    ///   - version: The version that was seen; nil to change it whatever it is.
    ///   - command: The command's id.
    /// - Returns: The contact after the change.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    @discardableResult
    public func setCompany(
        _ company: CompanyID?,
        of id: PartyID,
        expecting version: UInt64? = nil,
        command: CommandID = CommandID()
    ) async throws(DocketClientError) -> Contact {
        let call = Docket_V1_SetContactCompanyCall.with {
            $0.header = Docket_V1_CommandHeader(command, expecting: version)
            $0.contactID = Data(id.bytes)
            $0.companyID = Data(company?.bytes ?? [])
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await ContactsCaller(channel: channel).setCompany(call, options: options)
        }
        return try Contact(reply.contact)
    }
}
