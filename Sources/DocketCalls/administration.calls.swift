// Made from docket/v1/administration.proto by protoc-gen-docket; do not edit.

package import DocketMessages
package import DocketRPC

/// The methods of `docket.v1.Administration`.
package enum AdministrationMethods {
    /// Creates an agent.
    package static let createAgent = Method(
        "docket.v1.Administration/CreateAgent", .unary,
        callers: Callers(.administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Lists the agents.
    package static let listAgents = Method(
        "docket.v1.Administration/ListAgents", .unary,
        callers: Callers(.supervisor, .administrator),
        defaultTimeout: .milliseconds(30000))
    /// Locks an agent out: every session ends, its connections end within 5 seconds, and it can sign
    /// in no more. Its name stays in the history and its requests stay with it until somebody hands
    /// them over. `no_change` where it is locked already, `last_administrator` where nobody could
    /// administer the desk afterwards.
    package static let lockAgent = Method(
        "docket.v1.Administration/LockAgent", .unary,
        callers: Callers(.administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Lets a locked agent sign in again, with the password it had. `no_change` where it is not
    /// locked.
    package static let unlockAgent = Method(
        "docket.v1.Administration/UnlockAgent", .unary,
        callers: Callers(.administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Sets an agent's password and ends every session of the agent. Whether it is locked stays.
    package static let setPassword = Method(
        "docket.v1.Administration/SetPassword", .unary,
        callers: Callers(.administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Creates a key for an integration or a partner. The key is shown only once.
    package static let createKey = Method(
        "docket.v1.Administration/CreateKey", .unary,
        callers: Callers(.administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Makes a further key for an integration or a partner that exists. The key is shown this one
    /// time. The keys it had before go on, until they are revoked or for as long as the call says.
    package static let rotateKey = Method(
        "docket.v1.Administration/RotateKey", .unary,
        callers: Callers(.administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Lists the keys of all integrations and partners, without their secrets.
    package static let listKeys = Method(
        "docket.v1.Administration/ListKeys", .unary,
        callers: Callers(.administrator),
        defaultTimeout: .milliseconds(30000))
    /// Ends one key and the sessions it opened, or every key of an integration or a partner and all
    /// its sessions.
    package static let revokeKey = Method(
        "docket.v1.Administration/RevokeKey", .unary,
        callers: Callers(.administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Ends every session of a principal; its connections end within 5 seconds.
    package static let revokeSessions = Method(
        "docket.v1.Administration/RevokeSessions", .unary,
        callers: Callers(.administrator),
        defaultTimeout: .milliseconds(30000), isCommand: true)
    /// Gives the server's counters.
    package static let stats = Method(
        "docket.v1.Administration/Stats", .unary,
        callers: Callers(.supervisor, .administrator),
        defaultTimeout: .milliseconds(30000))
    /// Streams a consistent copy of the store while the server goes on.
    package static let backup = Method(
        "docket.v1.Administration/Backup", .serverStreaming,
        callers: Callers(.administrator),
        defaultTimeout: nil)

    /// All of them.
    package static let all: [Method] = [createAgent, listAgents, lockAgent, unlockAgent, setPassword, createKey, rotateKey, listKeys, revokeKey, revokeSessions, stats, backup]
}

/// What administrators do.
package protocol AdministrationQueries: Sendable {
    /// Lists the agents.
    func listAgents(
        _ call: Docket_V1_ListAgentsCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_ListAgentsReply
    /// Lists the keys of all integrations and partners, without their secrets.
    func listKeys(
        _ call: Docket_V1_ListKeysCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_ListKeysReply
    /// Gives the server's counters.
    func stats(
        _ call: Docket_V1_StatsCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_StatsReply
    /// Streams a consistent copy of the store while the server goes on.
    func backup(
        _ call: Docket_V1_BackupCall, replies: ReplyWriter<Docket_V1_BackupChunk>,
        context: CallContext
    ) async throws(RPCError)
}

/// What administrators do.
package protocol AdministrationService: AdministrationQueries {
    /// Creates an agent.
    func createAgent(
        _ call: Docket_V1_CreateAgentCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_CreateAgentReply
    /// Locks an agent out: every session ends, its connections end within 5 seconds, and it can sign
    /// in no more. Its name stays in the history and its requests stay with it until somebody hands
    /// them over. `no_change` where it is locked already, `last_administrator` where nobody could
    /// administer the desk afterwards.
    func lockAgent(
        _ call: Docket_V1_LockAgentCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_LockAgentReply
    /// Lets a locked agent sign in again, with the password it had. `no_change` where it is not
    /// locked.
    func unlockAgent(
        _ call: Docket_V1_UnlockAgentCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_UnlockAgentReply
    /// Sets an agent's password and ends every session of the agent. Whether it is locked stays.
    func setPassword(
        _ call: Docket_V1_SetPasswordCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_SetPasswordReply
    /// Creates a key for an integration or a partner. The key is shown only once.
    func createKey(
        _ call: Docket_V1_CreateKeyCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_CreateKeyReply
    /// Makes a further key for an integration or a partner that exists. The key is shown this one
    /// time. The keys it had before go on, until they are revoked or for as long as the call says.
    func rotateKey(
        _ call: Docket_V1_RotateKeyCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_RotateKeyReply
    /// Ends one key and the sessions it opened, or every key of an integration or a partner and all
    /// its sessions.
    func revokeKey(
        _ call: Docket_V1_RevokeKeyCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_RevokeKeyReply
    /// Ends every session of a principal; its connections end within 5 seconds.
    func revokeSessions(
        _ call: Docket_V1_RevokeSessionsCall, context: CallContext
    ) async throws(RPCError) -> Docket_V1_RevokeSessionsReply
}

extension AdministrationQueries {
    /// Adds the service's queries to a router.
    package func registerQueries(in router: inout Router) {
        router.unary(AdministrationMethods.listAgents) {
            (call, context) async throws(RPCError) in
            try await self.listAgents(call, context: context)
        }
        router.unary(AdministrationMethods.listKeys) {
            (call, context) async throws(RPCError) in
            try await self.listKeys(call, context: context)
        }
        router.unary(AdministrationMethods.stats) {
            (call, context) async throws(RPCError) in
            try await self.stats(call, context: context)
        }
        router.serverStreaming(AdministrationMethods.backup) {
            (call, replies, context) async throws(RPCError) in
            try await self.backup(call, replies: replies, context: context)
        }
    }
}

extension AdministrationService {
    /// Adds the service's methods to a router.
    package func register(in router: inout Router) {
        registerQueries(in: &router)
        router.unary(AdministrationMethods.createAgent) {
            (call, context) async throws(RPCError) in
            try await self.createAgent(call, context: context)
        }
        router.unary(AdministrationMethods.lockAgent) {
            (call, context) async throws(RPCError) in
            try await self.lockAgent(call, context: context)
        }
        router.unary(AdministrationMethods.unlockAgent) {
            (call, context) async throws(RPCError) in
            try await self.unlockAgent(call, context: context)
        }
        router.unary(AdministrationMethods.setPassword) {
            (call, context) async throws(RPCError) in
            try await self.setPassword(call, context: context)
        }
        router.unary(AdministrationMethods.createKey) {
            (call, context) async throws(RPCError) in
            try await self.createKey(call, context: context)
        }
        router.unary(AdministrationMethods.rotateKey) {
            (call, context) async throws(RPCError) in
            try await self.rotateKey(call, context: context)
        }
        router.unary(AdministrationMethods.revokeKey) {
            (call, context) async throws(RPCError) in
            try await self.revokeKey(call, context: context)
        }
        router.unary(AdministrationMethods.revokeSessions) {
            (call, context) async throws(RPCError) in
            try await self.revokeSessions(call, context: context)
        }
    }
}

/// Calls the methods of `docket.v1.Administration`.
package struct AdministrationCaller: Sendable {
    private let channel: any CallChannel

    /// Makes calls over `channel`.
    package init(channel: any CallChannel) {
        self.channel = channel
    }

    /// Creates an agent.
    package func createAgent(
        _ call: Docket_V1_CreateAgentCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_CreateAgentReply {
        try await channel.unary(AdministrationMethods.createAgent, call, options: options)
    }

    /// Lists the agents.
    package func listAgents(
        _ call: Docket_V1_ListAgentsCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_ListAgentsReply {
        try await channel.unary(AdministrationMethods.listAgents, call, options: options)
    }

    /// Locks an agent out: every session ends, its connections end within 5 seconds, and it can sign
    /// in no more. Its name stays in the history and its requests stay with it until somebody hands
    /// them over. `no_change` where it is locked already, `last_administrator` where nobody could
    /// administer the desk afterwards.
    package func lockAgent(
        _ call: Docket_V1_LockAgentCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_LockAgentReply {
        try await channel.unary(AdministrationMethods.lockAgent, call, options: options)
    }

    /// Lets a locked agent sign in again, with the password it had. `no_change` where it is not
    /// locked.
    package func unlockAgent(
        _ call: Docket_V1_UnlockAgentCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_UnlockAgentReply {
        try await channel.unary(AdministrationMethods.unlockAgent, call, options: options)
    }

    /// Sets an agent's password and ends every session of the agent. Whether it is locked stays.
    package func setPassword(
        _ call: Docket_V1_SetPasswordCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_SetPasswordReply {
        try await channel.unary(AdministrationMethods.setPassword, call, options: options)
    }

    /// Creates a key for an integration or a partner. The key is shown only once.
    package func createKey(
        _ call: Docket_V1_CreateKeyCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_CreateKeyReply {
        try await channel.unary(AdministrationMethods.createKey, call, options: options)
    }

    /// Makes a further key for an integration or a partner that exists. The key is shown this one
    /// time. The keys it had before go on, until they are revoked or for as long as the call says.
    package func rotateKey(
        _ call: Docket_V1_RotateKeyCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_RotateKeyReply {
        try await channel.unary(AdministrationMethods.rotateKey, call, options: options)
    }

    /// Lists the keys of all integrations and partners, without their secrets.
    package func listKeys(
        _ call: Docket_V1_ListKeysCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_ListKeysReply {
        try await channel.unary(AdministrationMethods.listKeys, call, options: options)
    }

    /// Ends one key and the sessions it opened, or every key of an integration or a partner and all
    /// its sessions.
    package func revokeKey(
        _ call: Docket_V1_RevokeKeyCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_RevokeKeyReply {
        try await channel.unary(AdministrationMethods.revokeKey, call, options: options)
    }

    /// Ends every session of a principal; its connections end within 5 seconds.
    package func revokeSessions(
        _ call: Docket_V1_RevokeSessionsCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_RevokeSessionsReply {
        try await channel.unary(AdministrationMethods.revokeSessions, call, options: options)
    }

    /// Gives the server's counters.
    package func stats(
        _ call: Docket_V1_StatsCall, options: CallOptions = CallOptions()
    ) async throws(RPCError) -> Docket_V1_StatsReply {
        try await channel.unary(AdministrationMethods.stats, call, options: options)
    }

    /// Streams a consistent copy of the store while the server goes on.
    package func backup(
        _ call: Docket_V1_BackupCall, options: CallOptions = CallOptions()
    ) throws(RPCError) -> MessageStream<Docket_V1_BackupChunk> {
        try channel.serverStreaming(AdministrationMethods.backup, call, options: options)
    }
}

extension Docket_V1_CreateAgentCall: CommandCall {}
extension Docket_V1_CreateKeyCall: CommandCall {}
extension Docket_V1_LockAgentCall: CommandCall {}
extension Docket_V1_RevokeKeyCall: CommandCall {}
extension Docket_V1_RevokeSessionsCall: CommandCall {}
extension Docket_V1_RotateKeyCall: CommandCall {}
extension Docket_V1_SetPasswordCall: CommandCall {}
extension Docket_V1_UnlockAgentCall: CommandCall {}
