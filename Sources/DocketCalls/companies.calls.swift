// Made from docket/v1/companies.proto by protoc-gen-docket; do not edit.

package import DocketMessages
package import DocketRPC

/// The methods of `docket.v1.Companies`.
package enum CompaniesMethods {
    /// Makes a company.
    package static let create = Method(
        "docket.v1.Companies/Create", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Gives one company.
    package static let get = Method(
        "docket.v1.Companies/Get", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000))
    /// Lists companies, by name.
    package static let list = Method(
        "docket.v1.Companies/List", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000))
    /// Changes what is known of a company.
    package static let update = Method(
        "docket.v1.Companies/Update", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Removes a company for which no contact speaks.
    package static let remove = Method(
        "docket.v1.Companies/Remove", .unary,
        callers: Callers(.supervisor, .administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)

    /// All of them.
    package static let all: [Method] = [create, get, list, update, remove]
}

/// Companies, for which contacts speak. A request belongs to a company through its contact alone.
package protocol CompaniesQueries: Sendable {
    /// Gives one company.
    func get(
        _ call: Docket_V1_GetCompanyCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_GetCompanyReply
    /// Lists companies, by name.
    func list(
        _ call: Docket_V1_ListCompaniesCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_ListCompaniesReply
}

/// Companies, for which contacts speak. A request belongs to a company through its contact alone.
package protocol CompaniesService: CompaniesQueries {
    /// Makes a company.
    func create(
        _ call: Docket_V1_CreateCompanyCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_CompanyChangeReply
    /// Changes what is known of a company.
    func update(
        _ call: Docket_V1_UpdateCompanyCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_CompanyChangeReply
    /// Removes a company for which no contact speaks.
    func remove(
        _ call: Docket_V1_RemoveCompanyCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_RemoveCompanyReply
}

extension CompaniesQueries {
    /// Adds the service's queries to a router.
    package func registerQueries(in router: inout Router) {
        router.unary(CompaniesMethods.get) {
            (call, context) async throws(RPCError) in
            try await self.get(call, context: context)
        }
        router.unary(CompaniesMethods.list) {
            (call, context) async throws(RPCError) in
            try await self.list(call, context: context)
        }
    }
}

extension CompaniesService {
    /// Adds the service's methods to a router.
    package func register(in router: inout Router) {
        registerQueries(in: &router)
        router.unary(CompaniesMethods.create) {
            (call, context) async throws(RPCError) in
            try await self.create(call, context: context)
        }
        router.unary(CompaniesMethods.update) {
            (call, context) async throws(RPCError) in
            try await self.update(call, context: context)
        }
        router.unary(CompaniesMethods.remove) {
            (call, context) async throws(RPCError) in
            try await self.remove(call, context: context)
        }
    }
}

/// Calls the methods of `docket.v1.Companies`.
package struct CompaniesCaller: Sendable {
    private let channel: any CallChannel

    /// Makes calls over `channel`.
    package init(channel: any CallChannel) {
        self.channel = channel
    }

    /// Makes a company.
    package func create(
        _ call: Docket_V1_CreateCompanyCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_CompanyChangeReply {
        try await channel.unary(CompaniesMethods.create, call, options: options)
    }

    /// Gives one company.
    package func get(
        _ call: Docket_V1_GetCompanyCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_GetCompanyReply {
        try await channel.unary(CompaniesMethods.get, call, options: options)
    }

    /// Lists companies, by name.
    package func list(
        _ call: Docket_V1_ListCompaniesCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_ListCompaniesReply {
        try await channel.unary(CompaniesMethods.list, call, options: options)
    }

    /// Changes what is known of a company.
    package func update(
        _ call: Docket_V1_UpdateCompanyCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_CompanyChangeReply {
        try await channel.unary(CompaniesMethods.update, call, options: options)
    }

    /// Removes a company for which no contact speaks.
    package func remove(
        _ call: Docket_V1_RemoveCompanyCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_RemoveCompanyReply {
        try await channel.unary(CompaniesMethods.remove, call, options: options)
    }
}

extension Docket_V1_CreateCompanyCall: CommandCall {}
extension Docket_V1_RemoveCompanyCall: CommandCall {}
extension Docket_V1_UpdateCompanyCall: CommandCall {}
