internal import DocketCalls
internal import DocketDesk
internal import DocketDomain
package import DocketMessages
package import DocketRPC
internal import DocketStore
internal import Foundation

/// Agents and their sessions.
extension AdministrationHandler {
    package func createAgent(
        _ call: Docket_V1_CreateAgentCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_CreateAgentReply {
        try require(call.login, atMost: TextLimits.nameBytes, "login")
        try require(call.name, atMost: TextLimits.nameBytes, "name")
        let password = try PasswordRule.new(call.password, "password")
        let role = try known(call.role, "role", as: call.role.domain)
        let id: AgentID = try identifier(call.header.commandID, "header.command_id")
        let hash = try await signingIn { () async throws(SignInError) in
            try await identities.passwordHash(password)
        }
        // A password can be guessed from its digest, so a repetition is known without it.
        var content = call
        content.password = ""
        let acceptance = try await desk.accept(
            .identity(
                .createAgent(
                    id,
                    name: call.name,
                    role,
                    login: call.login,
                    passwordHash: hash
                )
            ),
            header: call.header,
            digest: try Digest(of: content, AdministrationMethods.createAgent),
            as: try context.principal
        )
        var reply = Docket_V1_CreateAgentReply()
        reply.agent = Docket_V1_Actor(try acceptance.party)
        return reply
    }

    package func listAgents(
        _ call: Docket_V1_ListAgentsCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_ListAgentsReply {
        let limit = try pageLimit(call.limit)
        let token = call.page.isEmpty ? nil : call.page
        let page = try await asking { () async throws(QueryError) in
            try await desk.agents(page: token, limit: limit)
        }
        var reply = Docket_V1_ListAgentsReply()
        reply.nextPage = page.nextPage ?? Data()
        reply.agents = page.agents.compactMap { record in
            guard let login = record.login else { return nil }
            var agent = Docket_V1_ListAgentsReply.Agent()
            agent.agent = Docket_V1_Actor(record.principal.party)
            agent.login = login
            agent.role = Docket_V1_AgentRole(of: record.principal)
            agent.isLocked = record.isLocked
            return agent
        }
        return reply
    }

    package func lockAgent(
        _ call: Docket_V1_LockAgentCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_LockAgentReply {
        let id: AgentID = try identifier(call.agentID, "agent_id")
        let acceptance = try await desk.accept(
            .identity(.lockAgent(id)),
            header: call.header,
            digest: try context.digest,
            as: try context.principal
        )
        var reply = Docket_V1_LockAgentReply()
        reply.ended = try acceptance.endedSessions
        return reply
    }

    package func unlockAgent(
        _ call: Docket_V1_UnlockAgentCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_UnlockAgentReply {
        let id: AgentID = try identifier(call.agentID, "agent_id")
        _ = try await desk.accept(
            .identity(.unlockAgent(id)),
            header: call.header,
            digest: try context.digest,
            as: try context.principal
        )
        return Docket_V1_UnlockAgentReply()
    }

    package func setPassword(
        _ call: Docket_V1_SetPasswordCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_SetPasswordReply {
        let id: AgentID = try identifier(call.agentID, "agent_id")
        let password = try PasswordRule.new(call.password, "password")
        let hash = try await signingIn { () async throws(SignInError) in
            try await identities.passwordHash(password)
        }
        // A password can be guessed from its digest, so a repetition is known without it.
        var content = call
        content.password = ""
        let acceptance = try await desk.accept(
            .identity(.setPassword(id, hash: hash)),
            header: call.header,
            digest: try Digest(of: content, AdministrationMethods.setPassword),
            as: try context.principal
        )
        var reply = Docket_V1_SetPasswordReply()
        reply.ended = try acceptance.endedSessions
        return reply
    }

    package func revokeSessions(
        _ call: Docket_V1_RevokeSessionsCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_RevokeSessionsReply {
        let id: PrincipalID = try identifier(call.principalID, "principal_id")
        let acceptance = try await desk.accept(
            .identity(.endSessions(id)),
            header: call.header,
            digest: try context.digest,
            as: try context.principal
        )
        var reply = Docket_V1_RevokeSessionsReply()
        reply.ended = try acceptance.endedSessions
        return reply
    }
}

extension Docket_V1_AgentRole {
    /// The role in the domain's words.
    fileprivate var domain: AgentRole? {
        switch self {
        case .agent: .agent
        case .supervisor: .supervisor
        case .administrator: .administrator
        case .unspecified, .UNRECOGNIZED: nil
        }
    }
}
