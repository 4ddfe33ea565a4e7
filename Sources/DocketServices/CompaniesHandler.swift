internal import DocketCalls
package import DocketDesk
internal import DocketDomain
package import DocketMessages
package import DocketRPC
internal import DocketStore
internal import FoundationEssentials

/// Serves `Companies`.
package struct CompaniesHandler: CompaniesService {
    private let desk: Desk

    /// Serves the companies of a desk.
    package init(desk: Desk) {
        self.desk = desk
    }

    package func create(
        _ call: Docket_V1_CreateCompanyCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_CompanyChangeReply {
        let id: CompanyID = try identifier(call.header.commandID, "header.command_id")
        guard call.fields.hasName else { throw .field(.fieldMissing, "fields.name") }
        let edit = try CompanyEdit(call.fields)
        return try await change(.create(id, edit), call.header, context)
    }

    package func get(
        _ call: Docket_V1_GetCompanyCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_GetCompanyReply {
        let id: CompanyID = try identifier(call.companyID, "company_id")
        let company = try await asking { () async throws(QueryError) in
            try await desk.company(id)
        }
        var reply = Docket_V1_GetCompanyReply()
        reply.company = Docket_V1_Company(company)
        return reply
    }

    package func list(
        _ call: Docket_V1_ListCompaniesCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_ListCompaniesReply {
        guard call.namePrefix.utf8.count <= TextLimits.nameBytes else {
            throw .field("name_prefix", isLongerThan: TextLimits.nameBytes)
        }
        let limit = try pageLimit(call.limit)
        let token = call.page.isEmpty ? nil : call.page
        let page = try await asking { () async throws(QueryError) in
            try await desk.companies(namePrefix: call.namePrefix, page: token, limit: limit)
        }
        var reply = Docket_V1_ListCompaniesReply()
        reply.companies = page.companies.map { Docket_V1_Company($0) }
        reply.nextPage = page.nextPage ?? Data()
        return reply
    }

    package func update(
        _ call: Docket_V1_UpdateCompanyCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_CompanyChangeReply {
        let id: CompanyID = try identifier(call.companyID, "company_id")
        let edit = try CompanyEdit(call.fields)
        return try await change(.update(id, edit), call.header, context)
    }

    private func change(
        _ change: CompanyChange,
        _ header: Docket_V1_CommandHeader,
        _ context: CallContext
    ) async throws(RPCError) -> Docket_V1_CompanyChangeReply {
        let acceptance = try await accept(change, header, context)
        guard case .company(let company) = acceptance.result else { throw acceptance.mismatch }
        var reply = Docket_V1_CompanyChangeReply()
        reply.offset = acceptance.offset
        reply.company = company
        return reply
    }

    package func remove(
        _ call: Docket_V1_RemoveCompanyCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_RemoveCompanyReply {
        let id: CompanyID = try identifier(call.companyID, "company_id")
        let acceptance = try await accept(.remove(id), call.header, context)
        var reply = Docket_V1_RemoveCompanyReply()
        reply.offset = acceptance.offset
        return reply
    }

    private func accept(
        _ change: CompanyChange,
        _ header: Docket_V1_CommandHeader,
        _ context: CallContext
    ) async throws(RPCError) -> Acceptance {
        try await desk.accept(
            .directory(.company(change)),
            header: header,
            digest: try context.digest,
            as: try context.principal
        )
    }
}
