internal import DocketCalls
package import DocketDesk
internal import DocketDomain
package import DocketMessages
package import DocketRPC
internal import DocketStore
internal import FoundationEssentials

/// Serves `Contacts`.
package struct ContactsHandler: ContactsService {
    private let desk: Desk

    /// Serves the contacts of a desk.
    package init(desk: Desk) {
        self.desk = desk
    }

    package func ensure(
        _ call: Docket_V1_EnsureContactCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_EnsureContactReply {
        try require(call.externalID, atMost: TextLimits.externalIDBytes, "external_id")
        try require(call.name, atMost: TextLimits.nameBytes, "name")
        let id: ContactID = try identifier(call.header.commandID, "header.command_id")
        let acceptance = try await desk.accept(
            .identity(.ensureContact(id, externalID: call.externalID, name: call.name)),
            header: call.header,
            digest: try context.digest,
            as: try context.principal
        )
        var reply = Docket_V1_EnsureContactReply()
        reply.contact = Docket_V1_Actor(try acceptance.party)
        return reply
    }

    package func get(
        _ call: Docket_V1_GetContactCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_GetContactReply {
        let principal = try context.principal
        let id = try Self.contact(call.contactID, of: principal)
        let known = try await asking { () async throws(QueryError) in
            try await desk.contact(id, for: principal)
        }
        var reply = Docket_V1_GetContactReply()
        reply.contact = Docket_V1_Contact(
            known.profile,
            company: known.company,
            for: principal.audience
        )
        if case .integration(let own, _) = principal.identity,
            case .external(own, let externalID) = known.profile.origin
        {
            reply.contact.externalID = externalID
        }
        return reply
    }

    package func find(
        _ call: Docket_V1_FindContactsCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_FindContactsReply {
        let criterion = try ContactCriterion(call.by)
        let limit = try pageLimit(call.limit)
        let token = call.page.isEmpty ? nil : call.page
        let page = try await asking { () async throws(QueryError) in
            try await desk.contacts(criterion, page: token, limit: limit)
        }
        var reply = Docket_V1_FindContactsReply()
        reply.contacts = page.contacts.map { Docket_V1_Contact($0.profile, company: $0.company) }
        reply.nextPage = page.nextPage ?? Data()
        return reply
    }

    package func create(
        _ call: Docket_V1_CreateContactCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_ContactChangeReply {
        let id: ContactID = try identifier(call.header.commandID, "header.command_id")
        guard call.fields.hasName else { throw .field(.fieldMissing, "fields.name") }
        let edit = try ContactEdit(call.fields)
        let company = try optionalIdentifier(
            call.companyID,
            "company_id",
            as: CompanyID.self
        )
        return try await change(.create(id, edit, company: company), call.header, context)
    }

    package func update(
        _ call: Docket_V1_UpdateContactCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_ContactChangeReply {
        let principal = try context.principal
        let id = try Self.contact(call.contactID, of: principal)
        let edit = try ContactEdit(call.fields)
        if let field = edit.fieldBeyond(principal) {
            throw .field(.invalidArgument, "fields.\(field)")
        }
        return try await change(.update(id, edit), call.header, context)
    }

    package func setCompany(
        _ call: Docket_V1_SetContactCompanyCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_ContactChangeReply {
        let id: ContactID = try identifier(call.contactID, "contact_id")
        let company = try optionalIdentifier(
            call.companyID,
            "company_id",
            as: CompanyID.self
        )
        return try await change(.setCompany(id, company), call.header, context)
    }

    private func change(
        _ change: ContactChange,
        _ header: Docket_V1_CommandHeader,
        _ context: CallContext
    ) async throws(RPCError) -> Docket_V1_ContactChangeReply {
        let acceptance = try await desk.accept(
            .directory(.contact(change)),
            header: header,
            digest: try context.digest,
            as: try context.principal
        )
        guard case .contact(let contact) = acceptance.result else { throw acceptance.mismatch }
        var reply = Docket_V1_ContactChangeReply()
        reply.offset = acceptance.offset
        reply.contact = contact
        return reply
    }

    /// The contact that a field names; a contact need not name itself.
    private static func contact(
        _ bytes: Data,
        of principal: Principal
    ) throws(RPCError) -> ContactID {
        if bytes.isEmpty, case .contact(let own) = principal.identity { return own }
        return try identifier(bytes, "contact_id")
    }
}

extension ContactCriterion {
    /// By what a call finds contacts.
    fileprivate init(_ by: Docket_V1_FindContactsCall.OneOf_By?) throws(RPCError) {
        switch by {
        case nil: self = .namePrefix("")
        case .namePrefix(let prefix):
            try require(prefix, atMost: TextLimits.nameBytes, "name_prefix")
            self = .namePrefix(prefix)
        case .email(let text):
            let email = try reading { () throws(FieldFault) in
                try EmailAddress(text, path: "email")
            }
            self = .address(ContactAddress(.email, email.searchKey))
        case .phone(let text):
            let phone = try reading { () throws(FieldFault) in
                try PhoneNumber(text, path: "phone")
            }
            self = .address(ContactAddress(.phone, phone.text))
        case .externalID(let text):
            try require(text, atMost: TextLimits.externalIDBytes, "external_id")
            self = .address(ContactAddress(.externalID, text))
        case .companyID(let bytes): self = .company(try identifier(bytes, "company_id"))
        }
    }
}
