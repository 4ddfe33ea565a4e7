internal import DocketCalls
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

/// What administrators do: agents, keys, sessions, and the server itself.
///
/// For administrators, where nothing else is said. Others are refused with `not_found`, as if there
/// were no such method.
public struct Administration: Sendable {
    let client: DocketClient

    /// Lists the agents, by login.
    ///
    /// For supervisors too.
    ///
    /// - Parameters:
    ///   - count: How many at most, 1 to 200.
    ///   - page: The place of the page; nil for the first.
    /// - Returns: The page.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func agents(
        limit count: Int = 50,
        page: PageToken? = nil
    ) async throws(DocketClientError) -> Page<AgentAccount> {
        let call = Docket_V1_ListAgentsCall.with {
            $0.limit = UInt32(clamping: count)
            $0.page = Data(page?.bytes ?? [])
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await AdministrationCaller(channel: channel).listAgents(call, options: options)
        }
        return try Page(reply.agents, next: reply.nextPage) {
            message throws(DocketClientError) in try AgentAccount(message)
        }
    }

    /// Creates an agent.
    ///
    /// - Parameters:
    ///   - login: What the agent signs in with; 1 to 128 bytes, unique.
    ///   - name: The name that contacts see; 1 to 128 bytes.
    ///   - password: The first password; 8 to 1,024 bytes.
    ///   - role: What the agent may do.
    ///   - id: The agent's id.
    /// - Returns: The agent.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal:
    ///   `login_taken` where another agent has the login.
    public func createAgent(
        login: String,
        name: String,
        password: String,
        role: AgentRole = .agent,
        id: PartyID = PartyID()
    ) async throws(DocketClientError) -> Party {
        let call = Docket_V1_CreateAgentCall.with {
            $0.header = Docket_V1_CommandHeader(id)
            $0.login = login
            $0.name = name
            $0.password = password
            $0.role = role.message
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await AdministrationCaller(channel: channel).createAgent(call, options: options)
        }
        return Party(reply.agent)
    }

    /// Locks an agent out: its sessions end within 5 seconds, and it can sign in no more.
    ///
    /// Its name stays in the history, and its requests stay with it until somebody hands them over.
    ///
    /// - Parameters:
    ///   - agent: The agent.
    ///   - command: The command's id.
    /// - Returns: How many sessions have ended.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal: `no_change`
    ///   where it is locked already, `last_administrator` where nobody could administer the desk
    ///   afterwards.
    @discardableResult
    public func lock(
        _ agent: PartyID,
        command: CommandID = CommandID()
    ) async throws(DocketClientError) -> Int {
        let call = Docket_V1_LockAgentCall.with {
            $0.header = Docket_V1_CommandHeader(command)
            $0.agentID = Data(agent.bytes)
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await AdministrationCaller(channel: channel).lockAgent(call, options: options)
        }
        return Int(reply.ended)
    }

    /// Lets a locked agent sign in again, with the password it had.
    ///
    /// - Parameters:
    ///   - agent: The agent.
    ///   - command: The command's id.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal: `no_change`
    ///   where it is not locked.
    public func unlock(
        _ agent: PartyID,
        command: CommandID = CommandID()
    ) async throws(DocketClientError) {
        let call = Docket_V1_UnlockAgentCall.with {
            $0.header = Docket_V1_CommandHeader(command)
            $0.agentID = Data(agent.bytes)
        }
        _ = try await client.call { (channel, options) async throws(RPCError) in
            try await AdministrationCaller(channel: channel).unlockAgent(call, options: options)
        }
    }

    /// Sets an agent's password, and ends every session of the agent.
    ///
    /// Whether it is locked stays. Agents change their own with `Sessions.changePassword`.
    ///
    /// - Parameters:
    ///   - password: The new password; 8 to 1,024 bytes.
    ///   - agent: The agent.
    ///   - command: The command's id.
    /// - Returns: How many sessions have ended.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    @discardableResult
    public func setPassword(
        _ password: String,
        of agent: PartyID,
        command: CommandID = CommandID()
    ) async throws(DocketClientError) -> Int {
        let call = Docket_V1_SetPasswordCall.with {
            $0.header = Docket_V1_CommandHeader(command)
            $0.agentID = Data(agent.bytes)
            $0.password = password
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await AdministrationCaller(channel: channel).setPassword(call, options: options)
        }
        return Int(reply.ended)
    }

    /// Ends every session of somebody; its connections end within 5 seconds.
    ///
    /// It may sign in again. To keep an agent out, lock it; an integration, revoke its keys.
    ///
    /// - Parameters:
    ///   - party: An agent, a contact, an integration or a partner.
    ///   - command: The command's id.
    /// - Returns: How many sessions there were.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    @discardableResult
    public func revokeSessions(
        of party: PartyID,
        command: CommandID = CommandID()
    ) async throws(DocketClientError) -> Int {
        let call = Docket_V1_RevokeSessionsCall.with {
            $0.header = Docket_V1_CommandHeader(command)
            $0.principalID = Data(party.bytes)
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await AdministrationCaller(channel: channel).revokeSessions(call, options: options)
        }
        return Int(reply.ended)
    }

    /// Gives the server's counters since it started, and its state, in the order of names.
    ///
    /// For supervisors too.
    ///
    /// - Returns: The values.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func stats() async throws(DocketClientError) -> [ServerValue] {
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await AdministrationCaller(channel: channel).stats(
                Docket_V1_StatsCall(),
                options: options
            )
        }
        return reply.values.map { ServerValue(name: $0.name, value: $0.value) }
    }

    /// Writes a consistent copy of the server's store to a new file, while the server goes on.
    ///
    /// A copy that breaks off is begun anew over the next connection. The file has its name only
    /// when it is whole, compared with its digest and durable; nothing is ever overwritten. It has
    /// everything that customers said: only its owner can read it.
    ///
    /// - Parameters:
    ///   - path: The new file.
    ///   - limit: How long to try.
    /// - Returns: What was written.
    /// - Throws: `invalidInput` where the file exists or cannot be written; `incompatible` where it
    ///   is not what the server says; otherwise `DocketClientError` if there is no answer in time,
    ///   or it is a refusal.
    public func backup(
        to path: String,
        within limit: Duration = DocketClient.transferLimit
    ) async throws(DocketClientError) -> BackupCopy {
        try await BackupTransfer(to: path, within: limit).run(on: client)
    }
}

extension AgentAccount {
    fileprivate init(_ agent: Docket_V1_ListAgentsReply.Agent) throws(DocketClientError) {
        guard let id = PartyID(bytes: agent.agent.id) else {
            throw .malformed("an agent without its id")
        }
        self.init(
            id: id,
            name: agent.agent.name,
            login: agent.login,
            role: AgentRole(agent.role),
            isLocked: agent.isLocked
        )
    }
}

extension AgentRole {
    /// The protocol's value.
    fileprivate var message: Docket_V1_AgentRole {
        switch self {
        case .agent: .agent
        case .supervisor: .supervisor
        case .administrator: .administrator
        }
    }
}
