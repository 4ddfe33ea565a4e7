import DocketCalls
import DocketMessages
import DocketRPC
import Foundation

/// Short ways to administer.
extension Person {
    var agents: AgentsCaller { AgentsCaller(channel: connection) }

    @discardableResult
    func lock(_ agent: Data) async throws(RPCError) -> UInt32 {
        var call = Docket_V1_LockAgentCall()
        call.header = header()
        call.agentID = agent
        return try await administration.lockAgent(call).ended
    }

    func unlock(_ agent: Data) async throws(RPCError) {
        var call = Docket_V1_UnlockAgentCall()
        call.header = header()
        call.agentID = agent
        _ = try await administration.unlockAgent(call)
    }

    @discardableResult
    func setPassword(
        of agent: Data,
        to password: String,
        id: Data? = nil
    ) async throws(RPCError) -> UInt32 {
        var call = Docket_V1_SetPasswordCall()
        call.header = header(id)
        call.agentID = agent
        call.password = password
        return try await administration.setPassword(call).ended
    }

    @discardableResult
    func changePassword(
        from old: String,
        to new: String,
        id: Data? = nil
    ) async throws(RPCError) -> UInt32 {
        var call = Docket_V1_ChangePasswordCall()
        call.header = header(id)
        call.oldPassword = old
        call.newPassword = new
        return try await sessions.changePassword(call).ended
    }

    func rotateKey(
        of holder: Data,
        grace: UInt32? = nil,
        id: Data? = nil
    ) async throws(RPCError) -> Docket_V1_RotateKeyReply {
        var call = Docket_V1_RotateKeyCall()
        call.header = header(id)
        call.principalID = holder
        if let grace { call.graceSeconds = grace }
        return try await administration.rotateKey(call)
    }

    func revokeKey(_ keyID: String) async throws(RPCError) {
        var call = Docket_V1_RevokeKeyCall()
        call.header = header()
        call.keyID = keyID
        _ = try await administration.revokeKey(call)
    }
}
