// Made from docket/v1/policies.proto by protoc-gen-docket; do not edit.

package import DocketMessages
package import DocketRPC

/// The methods of `docket.v1.Policies`.
package enum PoliciesMethods {
    /// Puts a policy into force, for everything that is decided after it.
    package static let apply = Method(
        "docket.v1.Policies/Apply", .unary,
        callers: Callers(.administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Says what is wrong with a policy, and what keeps it from coming into force now.
    package static let check = Method(
        "docket.v1.Policies/Check", .unary,
        callers: Callers(.supervisor, .administrator),
        defaultTimeout: .milliseconds(30000))
    /// Gives a policy.
    package static let get = Method(
        "docket.v1.Policies/Get", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000))
    /// Lists the versions, the newest first.
    package static let history = Method(
        "docket.v1.Policies/History", .unary,
        callers: Callers(.agent, .supervisor, .administrator),
        defaultTimeout: .milliseconds(30000))

    /// All of them.
    package static let all: [Method] = [apply, check, get, history]
}

/// The rules of the desk. Each policy that came into force has a version; none is ever changed.
package protocol PoliciesQueries: Sendable {
    /// Says what is wrong with a policy, and what keeps it from coming into force now.
    func check(
        _ call: Docket_V1_CheckPolicyCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_CheckPolicyReply
    /// Gives a policy.
    func get(
        _ call: Docket_V1_GetPolicyCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_GetPolicyReply
    /// Lists the versions, the newest first.
    func history(
        _ call: Docket_V1_PolicyHistoryCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_PolicyHistoryReply
}

/// The rules of the desk. Each policy that came into force has a version; none is ever changed.
package protocol PoliciesService: PoliciesQueries {
    /// Puts a policy into force, for everything that is decided after it.
    func apply(
        _ call: Docket_V1_ApplyPolicyCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_ApplyPolicyReply
}

extension PoliciesQueries {
    /// Adds the service's queries to a router.
    package func registerQueries(in router: inout Router) {
        router.unary(PoliciesMethods.check) {
            (call, context) async throws(RPCError) in
            try await self.check(call, context: context)
        }
        router.unary(PoliciesMethods.get) {
            (call, context) async throws(RPCError) in
            try await self.get(call, context: context)
        }
        router.unary(PoliciesMethods.history) {
            (call, context) async throws(RPCError) in
            try await self.history(call, context: context)
        }
    }
}

extension PoliciesService {
    /// Adds the service's methods to a router.
    package func register(in router: inout Router) {
        registerQueries(in: &router)
        router.unary(PoliciesMethods.apply) {
            (call, context) async throws(RPCError) in
            try await self.apply(call, context: context)
        }
    }
}

/// Calls the methods of `docket.v1.Policies`.
package struct PoliciesCaller: Sendable {
    private let channel: any CallChannel

    /// Makes calls over `channel`.
    package init(channel: any CallChannel) {
        self.channel = channel
    }

    /// Puts a policy into force, for everything that is decided after it.
    package func apply(
        _ call: Docket_V1_ApplyPolicyCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_ApplyPolicyReply {
        try await channel.unary(PoliciesMethods.apply, call, options: options)
    }

    /// Says what is wrong with a policy, and what keeps it from coming into force now.
    package func check(
        _ call: Docket_V1_CheckPolicyCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_CheckPolicyReply {
        try await channel.unary(PoliciesMethods.check, call, options: options)
    }

    /// Gives a policy.
    package func get(
        _ call: Docket_V1_GetPolicyCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_GetPolicyReply {
        try await channel.unary(PoliciesMethods.get, call, options: options)
    }

    /// Lists the versions, the newest first.
    package func history(
        _ call: Docket_V1_PolicyHistoryCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_PolicyHistoryReply {
        try await channel.unary(PoliciesMethods.history, call, options: options)
    }
}

extension Docket_V1_ApplyPolicyCall: CommandCall {}
