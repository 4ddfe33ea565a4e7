internal import DocketCalls
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

extension DocketClient {
    /// What the desk knows of the contact who is signed in, or of one whom this integration
    /// brought.
    ///
    /// - Parameter contact: For integrations: the contact. Contacts ask for themselves.
    /// - Returns: The profile.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func profile(
        of contact: PartyID? = nil
    ) async throws(DocketClientError) -> ContactProfile {
        let call = Docket_V1_GetContactCall.with {
            $0.contactID = Data(contact?.bytes ?? [])
        }
        let reply = try await self.call { (channel, options) async throws(RPCError) in
            try await ContactsCaller(channel: channel).get(call, options: options)
        }
        return try ContactProfile(reply.contact)
    }

    /// Changes what the desk knows of the contact who is signed in, or of one whom this integration
    /// brought.
    ///
    /// Agents see a new name at once; who is signed in already goes on under the old one until the
    /// next sign-in.
    ///
    /// - Parameters:
    ///   - change: What to change.
    ///   - contact: For integrations: the contact. Contacts change themselves.
    ///   - version: The version of the profile that was seen; a change since then is answered with
    ///     the refusal `version_conflict`. Nil to change it whatever it is.
    /// - Returns: The profile after the change.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    @discardableResult
    public func changeProfile(
        _ change: ContactProfileChange,
        of contact: PartyID? = nil,
        expecting version: UInt64? = nil
    ) async throws(DocketClientError) -> ContactProfile {
        let call = Docket_V1_UpdateContactCall.with {
            $0.header = .expecting(version)
            $0.contactID = Data(contact?.bytes ?? [])
            $0.fields = change.message
        }
        let reply = try await self.call { (channel, options) async throws(RPCError) in
            try await ContactsCaller(channel: channel).update(call, options: options)
        }
        return try ContactProfile(reply.contact)
    }
}

extension ContactProfile {
    fileprivate init(_ contact: Docket_V1_Contact) throws(DocketClientError) {
        guard let id = PartyID(bytes: contact.id) else {
            throw .malformed("a contact without its id")
        }
        self.id = id
        name = contact.name
        emails = contact.emails
        phones = contact.phones
        language = contact.language
        version = contact.version
    }
}

extension ContactProfileChange {
    fileprivate var message: Docket_V1_ContactFields {
        var fields = Docket_V1_ContactFields()
        if let name { fields.name = name }
        // A list that is there may be empty, which removes what was there.
        if let emails { fields.emails = .with { $0.values = emails } }
        if let phones { fields.phones = .with { $0.values = phones } }
        if let language { fields.language = language }
        return fields
    }
}
