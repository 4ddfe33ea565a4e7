import DocketCalls
import DocketMessages
import DocketRPC
import Foundation
import SwiftProtobuf

/// Short ways to work with contacts and companies.
extension Person {
    var companies: CompaniesCaller { CompaniesCaller(channel: channel) }

    func find(
        _ by: Docket_V1_FindContactsCall.OneOf_By?,
        limit: UInt32 = 0,
        page: Data = Data()
    ) async throws(RPCError) -> Docket_V1_FindContactsReply {
        var call = Docket_V1_FindContactsCall()
        call.by = by
        call.limit = limit
        call.page = page
        return try await contacts.find(call)
    }

    /// A contact, or the caller itself.
    func contact(_ id: Data = Data()) async throws(RPCError) -> Docket_V1_Contact {
        var call = Docket_V1_GetContactCall()
        call.contactID = id
        return try await contacts.get(call).contact
    }

    /// Changes a contact, or the caller itself.
    @discardableResult
    func update(
        _ id: Data = Data(),
        expecting version: UInt64? = nil,
        _ fill: (inout Docket_V1_ContactFields) -> Void
    ) async throws(RPCError) -> Docket_V1_Contact {
        var call = Docket_V1_UpdateContactCall()
        call.header = header(expecting: version)
        call.contactID = id
        fill(&call.fields)
        return try await contacts.update(call).contact
    }

    @discardableResult
    func set(_ company: Data, of contact: Data) async throws(RPCError) -> Docket_V1_Contact {
        var call = Docket_V1_SetContactCompanyCall()
        call.header = header()
        call.contactID = contact
        call.companyID = company
        return try await contacts.setCompany(call).contact
    }

    @discardableResult
    func makeCompany(_ name: String) async throws(RPCError) -> Docket_V1_CompanyChangeReply {
        var call = Docket_V1_CreateCompanyCall()
        call.header = header()
        call.fields.name = name
        return try await companies.create(call)
    }

    func removeCompany(
        _ id: Data,
        header: Docket_V1_CommandHeader? = nil
    ) async throws(RPCError) {
        var call = Docket_V1_RemoveCompanyCall()
        call.header = header ?? self.header()
        call.companyID = id
        _ = try await companies.remove(call)
    }
}
