internal import DocketCalls
internal import DocketCrypto
package import DocketDesk
internal import DocketDomain
package import DocketMessages
package import DocketRPC
internal import DocketStore
internal import Foundation
internal import SwiftProtobuf

/// Serves `Administration`.
package struct AdministrationHandler: AdministrationService {
    /// The shortest password, in bytes.
    package static let shortestPassword = 8
    /// The longest password, in bytes.
    package static let longestPassword = 1_024
    /// Bytes of a backup sent at a time: with its numbers it fits one frame.
    private static let chunkSize = 15_000

    private let desk: Desk
    private let identities: Identities
    private let stats: @Sendable () async -> [(name: String, value: Double)]
    private let backupFolder: String

    /// Puts the service together.
    ///
    /// `stats` gives the server's counters; backups are made in `backupFolder` and removed once
    /// they are sent.
    package init(
        desk: Desk,
        identities: Identities,
        backupFolder: String,
        stats: @escaping @Sendable () async -> [(name: String, value: Double)]
    ) {
        self.desk = desk
        self.identities = identities
        self.backupFolder = backupFolder
        self.stats = stats
    }

    package func createAgent(
        _ call: Docket_V1_CreateAgentCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_CreateAgentReply {
        try require(call.login, atMost: TextLimits.nameBytes, "login")
        try require(call.name, atMost: TextLimits.nameBytes, "name")
        try require(call.password, atMost: Self.longestPassword, "password")
        guard call.password.utf8.count >= Self.shortestPassword else {
            throw .field(.invalidArgument, "password")
        }
        guard let role = call.role.domain else { throw .field(.invalidArgument, "role") }
        let id: AgentID = try identifier(call.header.commandID, "header.command_id")
        let hash = try await signing { () async throws(SignInError) in
            try await identities.passwordHash(call.password)
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
        let agents = try await asking { () async throws(QueryError) in try await desk.agents() }
        var reply = Docket_V1_ListAgentsReply()
        reply.agents = agents.compactMap { record in
            guard case .agent(_, let login, _) = record.details else { return nil }
            var agent = Docket_V1_ListAgentsReply.Agent()
            agent.agent = Docket_V1_Actor(record.principal.party)
            agent.login = login
            agent.role = Docket_V1_AgentRole(of: record.principal)
            return agent
        }
        return reply
    }

    package func createKey(
        _ call: Docket_V1_CreateKeyCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_CreateKeyReply {
        try require(call.name, atMost: TextLimits.nameBytes, "name")
        let channel: String?
        switch call.kind {
        case .principalIntegration:
            try require(call.channel, atMost: 64, "channel")
            channel = call.channel
        case .principalPartner: channel = nil
        default: throw .field(.invalidArgument, "kind")
        }
        let id: PrincipalID = try identifier(call.header.commandID, "header.command_id")
        let key = identities.makeKey()
        let record = try await signing { () async throws(SignInError) in
            try identities.record(ofKey: key, for: id)
        }
        let acceptance = try await desk.accept(
            .identity(
                .createKeyHolder(id, name: call.name, channel: channel, key: record)
            ),
            header: call.header,
            digest: try context.digest,
            as: try context.principal
        )
        var reply = Docket_V1_CreateKeyReply()
        reply.apiKey = acceptance.isRepetition ? "" : key
        reply.principal = Docket_V1_Actor(try acceptance.party)
        return reply
    }

    package func revokeKey(
        _ call: Docket_V1_RevokeKeyCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_RevokeKeyReply {
        let id: PrincipalID = try identifier(call.principalID, "principal_id")
        _ = try await desk.accept(
            .identity(.revokeKeys(id)),
            header: call.header,
            digest: try context.digest,
            as: try context.principal
        )
        return Docket_V1_RevokeKeyReply()
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
        guard case .sessionsEnded(let count) = acceptance.result else { throw acceptance.mismatch }
        var reply = Docket_V1_RevokeSessionsReply()
        reply.ended = count
        return reply
    }

    package func stats(
        _ call: Docket_V1_StatsCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_StatsReply {
        var reply = Docket_V1_StatsReply()
        reply.values = await stats().sorted { $0.name < $1.name }.map { entry in
            .with {
                $0.name = entry.name
                $0.value = entry.value
            }
        }
        return reply
    }

    package func backup(
        _ call: Docket_V1_BackupCall,
        replies: ReplyWriter<Docket_V1_BackupChunk>,
        context: CallContext
    ) async throws(RPCError) {
        let path = "\(backupFolder)/\(BackupFile.prefix)\(UUID().uuidString)"
        do throws(StoreError) {
            try await desk.backUp(to: path)
        } catch .full {
            throw RPCError(Unavailability.diskFull)
        } catch {
            throw RPCError(.serverError, "the copy failed: \(error)")
        }
        defer { _ = unsafe unlink(path) }
        try await Self.send(path, to: replies)
    }

    /// Sends a file in chunks, the last one with the digest of them all.
    private static func send(
        _ path: String,
        to replies: ReplyWriter<Docket_V1_BackupChunk>
    ) async throws(RPCError) {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw RPCError(.serverError, "the copy cannot be read")
        }
        defer { try? file.close() }
        var hash = SHA256()
        var chunk = Docket_V1_BackupChunk()
        do {
            chunk.totalBytes = try file.seekToEnd()
            try file.seek(toOffset: 0)
            var sent: UInt64 = 0
            while sent < chunk.totalBytes, let data = try file.read(upToCount: chunkSize) {
                unsafe hash.update(data.span.bytes)
                sent += UInt64(data.count)
                chunk.data = data
                guard sent < chunk.totalBytes else { break }
                try await replies.write(chunk)
            }
        } catch let error as RPCError {
            throw error
        } catch {
            throw RPCError(.serverError, "the copy cannot be read")
        }
        chunk.sha256 = Data(hash.finish().bytes)
        try await replies.write(chunk)
    }

    private func signing<Result>(
        _ body: () async throws(SignInError) -> Result
    ) async throws(RPCError) -> Result {
        do throws(SignInError) {
            return try await body()
        } catch {
            throw RPCError(error)
        }
    }
}

/// The files in which copies of the store wait to be sent.
package enum BackupFile {
    /// What their names begin with.
    ///
    /// A server that was killed leaves one behind; the next removes it.
    package static let prefix = "backup-"
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
