internal import DocketCalls
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

/// The companies for which the desk's contacts speak.
///
/// For agents. A change that is `expecting` the version at which its author saw the company is
/// refused with `version_conflict` where somebody has changed it since.
public struct Companies: Sendable {
    let client: DocketClient

    /// Lists companies by name.
    ///
    /// - Parameters:
    ///   - prefix: How the name begins, in any case; empty for all.
    ///   - count: How many at most, 1 to 200.
    ///   - page: The place of the page; nil for the first. It belongs to one beginning of a name.
    /// - Returns: The page.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func list(
        namePrefix prefix: String = "",
        limit count: Int = 50,
        page: PageToken? = nil
    ) async throws(DocketClientError) -> Page<Company> {
        let call = Docket_V1_ListCompaniesCall.with {
            $0.namePrefix = prefix
            $0.limit = UInt32(clamping: count)
            $0.page = Data(page?.bytes ?? [])
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await CompaniesCaller(channel: channel).list(call, options: options)
        }
        return try Page(reply.companies, next: reply.nextPage) {
            message throws(DocketClientError) in try Company(message)
        }
    }

    /// Gives one company as it is now; `not_found` where there is none.
    public func get(_ id: CompanyID) async throws(DocketClientError) -> Company {
        let call = Docket_V1_GetCompanyCall.with { $0.companyID = Data(id.bytes) }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await CompaniesCaller(channel: channel).get(call, options: options)
        }
        return try Company(reply.company)
    }

    /// Makes a company.
    ///
    /// - Parameters:
    ///   - fields: What is known of it; the name at least.
    ///   - id: The company's id.
    /// - Returns: The company.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal:
    ///   `name_taken` where another company has the name.
    public func create(
        _ fields: CompanyFields,
        id: CompanyID = CompanyID()
    ) async throws(DocketClientError) -> Company {
        let call = Docket_V1_CreateCompanyCall.with {
            $0.header = Docket_V1_CommandHeader(id)
            $0.fields = fields.message
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await CompaniesCaller(channel: channel).create(call, options: options)
        }
        return try Company(reply.company)
    }

    /// Changes what is known of a company.
    ///
    /// - Parameters:
    ///   - id: The company.
    ///   - fields: What to change.
    ///   - version: The version that was seen; nil to change it whatever it is.
    ///   - command: The command's id.
    /// - Returns: The company after the change.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    @discardableResult
    public func update(
        _ id: CompanyID,
        _ fields: CompanyFields,
        expecting version: UInt64? = nil,
        command: CommandID = CommandID()
    ) async throws(DocketClientError) -> Company {
        let call = Docket_V1_UpdateCompanyCall.with {
            $0.header = Docket_V1_CommandHeader(command, expecting: version)
            $0.companyID = Data(id.bytes)
            $0.fields = fields.message
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await CompaniesCaller(channel: channel).update(call, options: options)
        }
        return try Company(reply.company)
    }

    /// Removes a company for which no contact speaks.
    ///
    /// For supervisors and administrators.
    ///
    /// - Parameters:
    ///   - id: The company.
    ///   - version: The version that was seen; nil to remove it whatever it is.
    ///   - command: The command's id.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal: `in_use`
    ///   where contacts speak for it.
    public func remove(
        _ id: CompanyID,
        expecting version: UInt64? = nil,
        command: CommandID = CommandID()
    ) async throws(DocketClientError) {
        let call = Docket_V1_RemoveCompanyCall.with {
            $0.header = Docket_V1_CommandHeader(command, expecting: version)
            $0.companyID = Data(id.bytes)
        }
        _ = try await client.call { (channel, options) async throws(RPCError) in
            try await CompaniesCaller(channel: channel).remove(call, options: options)
        }
    }
}
