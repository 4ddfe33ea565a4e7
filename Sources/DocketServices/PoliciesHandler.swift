internal import DocketCalls
package import DocketDesk
internal import DocketDomain
package import DocketMessages
internal import DocketPolicy
package import DocketRPC
internal import DocketStore
internal import FoundationEssentials
internal import SwiftProtobuf

/// Serves `Policies`.
package struct PoliciesHandler: PoliciesService {
    private let desk: Desk

    /// Serves the policies of a desk.
    package init(desk: Desk) {
        self.desk = desk
    }

    package func apply(
        _ call: Docket_V1_ApplyPolicyCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_ApplyPolicyReply {
        let policy: Policy
        do throws(PolicyError) {
            policy = try PolicyDocument.parse(call.text)
        } catch {
            throw RPCError(error)
        }
        let acceptance = try await desk.accept(
            .policy(PolicyChange(text: call.text, policy: policy)),
            header: call.header,
            digest: try context.digest,
            as: try context.principal
        )
        guard case .policy(let version) = acceptance.result else { throw acceptance.mismatch }
        var reply = Docket_V1_ApplyPolicyReply()
        reply.version = version
        reply.offset = acceptance.offset
        return reply
    }

    package func check(
        _ call: Docket_V1_CheckPolicyCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_CheckPolicyReply {
        var reply = Docket_V1_CheckPolicyReply()
        let policy: Policy
        do throws(PolicyError) {
            policy = try PolicyDocument.parse(call.text)
        } catch {
            reply.problems = error.problems.map(Docket_V1_CheckPolicyReply.Problem.init)
            return reply
        }
        let used = try await asking { () async throws(QueryError) in
            try await desk.whatIsUsed(without: policy)
        }
        reply.problems = used.map { path in
            Docket_V1_CheckPolicyReply.Problem(
                PolicyProblem(path: path, rule: "requests use it, so that it has to stay")
            )
        }
        return reply
    }

    package func get(
        _ call: Docket_V1_GetPolicyCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_GetPolicyReply {
        let record = try await asking { () async throws(QueryError) in
            try await desk.policy(version: call.version == 0 ? nil : call.version)
        }
        var reply = Docket_V1_GetPolicyReply()
        reply.version = Docket_V1_PolicyVersion(record)
        reply.text = record.text
        return reply
    }

    package func history(
        _ call: Docket_V1_PolicyHistoryCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_PolicyHistoryReply {
        let limit = try pageLimit(call.limit)
        let token = call.page.isEmpty ? nil : call.page
        let page = try await asking { () async throws(QueryError) in
            try await desk.policies(page: token, limit: limit)
        }
        var reply = Docket_V1_PolicyHistoryReply()
        reply.versions = page.policies.map(Docket_V1_PolicyVersion.init)
        reply.nextPage = page.nextPage ?? Data()
        return reply
    }
}

extension Docket_V1_CheckPolicyReply.Problem {
    fileprivate init(_ problem: PolicyProblem) {
        self.init()
        path = problem.path
        rule = problem.rule
        allowed = problem.allowed
    }
}

extension Docket_V1_PolicyVersion {
    fileprivate init(_ record: PolicyRecord) {
        self.init()
        version = record.version
        name = record.name
        appliedMilliseconds = record.appliedAt.milliseconds
        appliedBy = Docket_V1_Actor(record.appliedBy)
        offset = record.offset
    }
}

extension RPCError {
    /// A document that is not a policy.
    fileprivate init(_ error: PolicyError) {
        let first = error.problems.first
        self.init(
            .policyInvalid,
            first?.description ?? "the document is not a valid policy",
            trailers: [.text("field", first?.path ?? "text")]
        )
    }
}
