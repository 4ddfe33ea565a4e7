import DocketCalls
import DocketMessages
import DocketRPC
import Foundation

/// Who may sign in, and with what.
extension MatrixRow {
    /// The rows of agents and their passwords.
    static let people: [Method: MatrixRow] = [
        AdministrationMethods.createAgent: .open { person, target throws(RPCError) in
            var call = Docket_V1_CreateAgentCall()
            call.header = person.header()
            call.login = "new"
            call.name = "New"
            call.password = ServiceFixture.password
            call.role = .agent
            _ = try await person.administration.createAgent(call)
        },
        AdministrationMethods.listAgents: .open { person, target throws(RPCError) in
            _ = try await person.administration.listAgents(Docket_V1_ListAgentsCall())
        },
        AdministrationMethods.lockAgent: .thing { person, target throws(RPCError) in
            _ = try await person.lock(target.agent)
        },
        AdministrationMethods.unlockAgent: .thing { person, target throws(RPCError) in
            // An administrator unlocks what is locked; for others this changes nothing.
            _ = await DocketServicesTests.refusal { () async throws(RPCError) in
                try await person.lock(target.agent)
            }
            try await person.unlock(target.agent)
        },
        AdministrationMethods.setPassword: .thing { person, target throws(RPCError) in
            _ = try await person.setPassword(of: target.agent, to: "another horse")
        },
        AgentsMethods.list: .open { person, target throws(RPCError) in
            _ = try await person.agents.list(Docket_V1_ListColleaguesCall())
        },
        SessionsMethods.changePassword: .open { person, target throws(RPCError) in
            _ = try await person.changePassword(from: ServiceFixture.password, to: "another horse")
        },
    ]

    /// The rows of keys.
    static let keys: [Method: MatrixRow] = [
        AdministrationMethods.createKey: .open { person, target throws(RPCError) in
            var call = Docket_V1_CreateKeyCall()
            call.header = person.header()
            call.kind = .principalPartner
            call.name = "New"
            _ = try await person.administration.createKey(call)
        },
        AdministrationMethods.rotateKey: .thing { person, target throws(RPCError) in
            _ = try await person.rotateKey(of: target.keyHolder)
        },
        AdministrationMethods.listKeys: .open { person, target throws(RPCError) in
            _ = try await person.administration.listKeys(Docket_V1_ListKeysCall())
        },
        AdministrationMethods.revokeKey: .thing { person, target throws(RPCError) in
            var call = Docket_V1_RevokeKeyCall()
            call.header = person.header()
            call.principalID = target.keyHolder
            _ = try await person.administration.revokeKey(call)
        },
    ]
}
