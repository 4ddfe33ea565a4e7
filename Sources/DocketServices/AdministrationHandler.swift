internal import DocketCalls
package import DocketDesk
internal import DocketDomain
package import DocketMessages
package import DocketRPC
internal import DocketStore
internal import Foundation
internal import SwiftProtobuf
internal import Synchronization

/// Serves `Administration`.
package final class AdministrationHandler: AdministrationService {
    /// The shortest password, in bytes.
    package static let shortestPassword = 8
    /// The longest password, in bytes.
    package static let longestPassword = 1_024
    /// Bytes of a backup sent at a time: with its numbers it fits one frame.
    private static let chunkSize = 15_000
    /// Bytes of a backup read at a time, a whole number of chunks: a hop to the disk is rare then,
    /// and less than a mebibyte is held.
    private static let blockSize = 64 * chunkSize
    /// Copies that there may be at a time: each takes as much of the disk as the store.
    private static let copiesAtOnce = 1

    private let desk: Desk
    private let identities: Identities
    private let stats: @Sendable () async -> [(name: String, value: Double)]
    private let backupFolder: String
    private let copies = Mutex(0)

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
            let least = Self.shortestPassword
            throw .field(.invalidArgument, "password", "has less than \(least) bytes")
        }
        let role = try known(call.role, "role", as: call.role.domain)
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
        let limit = try pageLimit(call.limit)
        let token = call.page.isEmpty ? nil : call.page
        let page = try await asking { () async throws(QueryError) in
            try await desk.agents(page: token, limit: limit)
        }
        var reply = Docket_V1_ListAgentsReply()
        reply.nextPage = page.nextPage ?? Data()
        reply.agents = page.agents.compactMap { record in
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
        case .unspecified: throw .field(.fieldMissing, "kind")
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
        try beginCopy()
        defer { copies.withLock { $0 -= 1 } }
        let path = "\(backupFolder)/\(BackupFile.prefix)\(UUID().uuidString)"
        do throws(BackupError) {
            try await desk.backUp(to: path)
        } catch {
            throw RPCError(error)
        }
        var failure: RPCError?
        do throws(RPCError) {
            try await send(path, to: replies)
        } catch {
            failure = error
        }
        // Taking a large file off a disk takes a while too.
        await desk.besideLoops { _ = unsafe unlink(path) }
        if let failure { throw failure }
    }

    private func beginCopy() throws(RPCError) {
        let isAllowed = copies.withLock { copies in
            guard copies < Self.copiesAtOnce else { return false }
            copies += 1
            return true
        }
        guard isAllowed else {
            throw RPCError(
                .overloaded,
                "another copy is being made",
                isNotProcessed: true,
                retryAfter: .seconds(1)
            )
        }
    }

    /// Sends a file in chunks, the last one with the digest of them all.
    private func send(
        _ path: String,
        to replies: ReplyWriter<Docket_V1_BackupChunk>
    ) async throws(RPCError) {
        let reader = try await desk.besideLoops { () throws(RPCError) in
            try BackupReader(path, blockBytes: Self.blockSize)
        }
        var chunk = Docket_V1_BackupChunk()
        chunk.totalBytes = reader.totalBytes
        var digest: Data?
        while digest == nil {
            let block = try await desk.besideLoops { () throws(RPCError) in try reader.next() }
            digest = block.digest
            var rest = block.bytes[...]
            while !rest.isEmpty {
                chunk.data = rest.prefix(Self.chunkSize)
                rest = rest.dropFirst(Self.chunkSize)
                if rest.isEmpty, let digest { chunk.sha256 = digest }
                try await replies.write(chunk)
            }
        }
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
