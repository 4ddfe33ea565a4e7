internal import DocketCalls
internal import DocketClient
internal import DocketCommandLine
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

/// The desk's contacts and companies.
struct Directory {
    private let client: DocketClient

    /// Contacts or companies of a page: as many as the server gives.
    private static let pageLimit = 200

    init(_ client: DocketClient) {
        self.client = client
    }

    // MARK: Contacts

    /// Finds contacts, so many at most, and says whether there are more.
    func contacts(
        by criterion: Docket_V1_FindContactsCall.OneOf_By?,
        limit: Int
    ) async throws(DocketClientError) -> (contacts: [Docket_V1_Contact], hasMore: Bool) {
        var found: [Docket_V1_Contact] = []
        var call = Docket_V1_FindContactsCall()
        call.by = criterion
        repeat {
            call.limit = UInt32(clamping: min(Self.pageLimit, limit - found.count))
            let asked = call
            let reply = try await client.call { (channel, options) async throws(RPCError) in
                try await ContactsCaller(channel: channel).find(asked, options: options)
            }
            found += reply.contacts
            call.page = reply.nextPage
        } while !call.page.isEmpty && found.count < limit
        return (found, !call.page.isEmpty)
    }

    /// The contact that somebody names by its id, an e-mail address, a phone number, what an
    /// integration calls it, or its name or the beginning of that.
    ///
    /// A whole name goes before the beginning of another.
    func contact(_ name: String) async throws -> Docket_V1_Contact {
        if let id = PartyID(name) { return try await contact(withID: id) }
        let found = try await Self.contact(name) { criterion in
            try await contacts(by: criterion, limit: Self.candidates + 1).contacts
        }
        if let found { return found }
        throw CommandFailure(
            "no contact is known as '\(name)'",
            advice: "See who there is: docket contact find",
            status: .notFound
        )
    }

    /// The contact that a name means by the first criterion that finds somebody.
    ///
    /// A criterion that the server refuses for what the name looks like finds nobody.
    ///
    /// - Parameters:
    ///   - name: How somebody names the contact.
    ///   - find: Looks for contacts by a criterion.
    /// - Returns: The contact; `nil` where nobody was found.
    /// - Throws: What `find` throws, or a failure that lists the candidates where several fit.
    static func contact(
        _ name: String,
        find: (Docket_V1_FindContactsCall.OneOf_By) async throws -> [Docket_V1_Contact]
    ) async throws -> Docket_V1_Contact? {
        for criterion in ContactCriteria.all(for: name) {
            do {
                if let contact = try pick(name, from: try await find(criterion)) { return contact }
            } catch let error as DocketClientError where error.concernsArgument {
                continue
            }
        }
        return nil
    }

    /// The contact that a name means of those that were found; `nil` where none was.
    ///
    /// - Throws: A failure that lists the candidates where several fit.
    static func pick(
        _ name: String,
        from found: [Docket_V1_Contact]
    ) throws(CommandFailure) -> Docket_V1_Contact? {
        let exact = found.filter { $0.name.lowercased() == name.lowercased() }
        let fitting = exact.count == 1 ? exact : found
        guard fitting.count > 1 else { return fitting.first }
        throw ambiguity(name, fitting)
    }

    /// The id of the contact that somebody names; an id need not be looked up.
    func id(of name: String) async throws -> PartyID {
        if let id = PartyID(name) { return id }
        guard let id = PartyID(bytes: try await contact(name).id) else {
            throw CommandFailure("the contact '\(name)' has no id", status: .incompatible)
        }
        return id
    }

    /// Contacts that are named where several fit.
    private static let candidates = 10

    private static func ambiguity(
        _ name: String,
        _ found: [Docket_V1_Contact]
    ) -> CommandFailure {
        let lines = found.prefix(candidates).map { contact in
            let id = PartyID(bytes: contact.id).map { "\($0)" } ?? ""
            let facts = (contact.emails + contact.phones + [contact.externalID]).filter {
                !$0.isEmpty
            }
            return "  \(id)  \(contact.name)  \(facts.joined(separator: " "))"
        }
        let more = found.count > candidates ? ["  and more: docket contact find"] : []
        return CommandFailure(
            "several contacts are known as '\(name)'",
            advice: (["Use the id of one:"] + lines + more).joined(separator: "\n"),
            status: .usage
        )
    }

    /// The contact with an id.
    func contact(
        withID id: PartyID
    ) async throws(DocketClientError) -> Docket_V1_Contact {
        let call = Docket_V1_GetContactCall.with { $0.contactID = Data(id.bytes) }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await ContactsCaller(channel: channel).get(call, options: options)
        }
        return reply.contact
    }

    /// Makes a contact.
    func create(
        _ fields: Docket_V1_ContactFields,
        company: Data
    ) async throws(DocketClientError) -> Docket_V1_Contact {
        let call = Docket_V1_CreateContactCall.with {
            $0.header.commandID = Data(PartyID().bytes)
            $0.fields = fields
            $0.companyID = company
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await ContactsCaller(channel: channel).create(call, options: options)
        }
        return reply.contact
    }

    /// Changes a contact that was seen at a version.
    func update(
        _ contact: Docket_V1_Contact,
        _ fields: Docket_V1_ContactFields
    ) async throws(DocketClientError) -> Docket_V1_Contact {
        let call = Docket_V1_UpdateContactCall.with {
            $0.header = Self.header(seen: contact.version)
            $0.contactID = contact.id
            $0.fields = fields
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await ContactsCaller(channel: channel).update(call, options: options)
        }
        return reply.contact
    }

    /// Says for which company a contact speaks; for none where the id is empty.
    func set(
        _ company: Data,
        of contact: Docket_V1_Contact
    ) async throws(DocketClientError) -> Docket_V1_Contact {
        let call = Docket_V1_SetContactCompanyCall.with {
            $0.header = Self.header(seen: contact.version)
            $0.contactID = contact.id
            $0.companyID = company
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await ContactsCaller(channel: channel).setCompany(call, options: options)
        }
        return reply.contact
    }

    // MARK: Companies

    /// Lists companies by how their names begin, so many at most, and says whether there are more.
    func companies(
        namePrefix: String,
        limit: Int
    ) async throws(DocketClientError) -> (companies: [Docket_V1_Company], hasMore: Bool) {
        var found: [Docket_V1_Company] = []
        var call = Docket_V1_ListCompaniesCall()
        call.namePrefix = namePrefix
        repeat {
            call.limit = UInt32(clamping: min(Self.pageLimit, limit - found.count))
            let asked = call
            let reply = try await client.call { (channel, options) async throws(RPCError) in
                try await CompaniesCaller(channel: channel).list(asked, options: options)
            }
            found += reply.companies
            call.page = reply.nextPage
        } while !call.page.isEmpty && found.count < limit
        return (found, !call.page.isEmpty)
    }

    /// The company that somebody names by its id or its whole name, in any case.
    func company(_ name: String) async throws -> Docket_V1_Company {
        if let id = PartyID(name) { return try await company(id) }
        // Of all names that begin like this, the name itself is the first.
        let found = try await companies(namePrefix: name, limit: 1).companies.first
        guard let found, found.name.lowercased() == name.lowercased() else {
            throw CommandFailure(
                "no company has the name \(name)",
                advice: "See which there are: docket company list",
                status: .notFound
            )
        }
        return found
    }

    private func company(_ id: PartyID) async throws(DocketClientError) -> Docket_V1_Company {
        let call = Docket_V1_GetCompanyCall.with { $0.companyID = Data(id.bytes) }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await CompaniesCaller(channel: channel).get(call, options: options)
        }
        return reply.company
    }

    /// Makes a company.
    func create(
        _ fields: Docket_V1_CompanyFields
    ) async throws(DocketClientError) -> Docket_V1_Company {
        let call = Docket_V1_CreateCompanyCall.with {
            $0.header.commandID = Data(PartyID().bytes)
            $0.fields = fields
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await CompaniesCaller(channel: channel).create(call, options: options)
        }
        return reply.company
    }

    /// Changes a company that was seen at a version.
    func update(
        _ company: Docket_V1_Company,
        _ fields: Docket_V1_CompanyFields
    ) async throws(DocketClientError) -> Docket_V1_Company {
        let call = Docket_V1_UpdateCompanyCall.with {
            $0.header = Self.header(seen: company.version)
            $0.companyID = company.id
            $0.fields = fields
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await CompaniesCaller(channel: channel).update(call, options: options)
        }
        return reply.company
    }

    /// Removes a company.
    func remove(_ company: Docket_V1_Company) async throws(DocketClientError) {
        let call = Docket_V1_RemoveCompanyCall.with {
            $0.header = Self.header(seen: company.version)
            $0.companyID = company.id
        }
        _ = try await client.call { (channel, options) async throws(RPCError) in
            try await CompaniesCaller(channel: channel).remove(call, options: options)
        }
    }

    /// The header of a change of something that was seen at a version.
    private static func header(seen version: UInt64) -> Docket_V1_CommandHeader {
        .with {
            $0.commandID = Data(PartyID().bytes)
            $0.expectedVersion = version
        }
    }
}

extension DocketClientError {
    /// Whether the server refused what an argument looks like, not what it means.
    fileprivate var concernsArgument: Bool {
        ["invalid_argument", "field_missing", "field_too_long"].contains(refusal?.reason)
    }
}
