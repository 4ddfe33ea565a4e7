internal import DocketCalls
internal import DocketDesk
internal import DocketDomain
package import DocketMessages
package import DocketRPC
internal import DocketStore
internal import Foundation

/// Keys of integrations and partners.
extension AdministrationHandler {
    /// The longest grace of the keys that a new one follows, in seconds: a year.
    private static let longestGrace: UInt32 = 365 * 86_400

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
        let record = try await signingIn { () async throws(SignInError) in
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

    package func rotateKey(
        _ call: Docket_V1_RotateKeyCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_RotateKeyReply {
        let id: PrincipalID = try identifier(call.principalID, "principal_id")
        guard call.graceSeconds <= Self.longestGrace else {
            throw .field(.invalidArgument, "grace_seconds")
        }
        let grace = call.hasGraceSeconds ? Duration.seconds(Int64(call.graceSeconds)) : nil
        let key = identities.makeKey()
        let record = try await signingIn { () async throws(SignInError) in
            try identities.record(ofKey: key, for: id)
        }
        let acceptance = try await desk.accept(
            .identity(.addKey(record, grace: grace)),
            header: call.header,
            digest: try context.digest,
            as: try context.principal
        )
        var reply = Docket_V1_RotateKeyReply()
        if !acceptance.isRepetition {
            reply.apiKey = key
            reply.keyID = record.keyID
        }
        reply.principal = Docket_V1_Actor(try acceptance.party)
        return reply
    }

    package func listKeys(
        _ call: Docket_V1_ListKeysCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_ListKeysReply {
        let limit = try pageLimit(call.limit)
        let token = call.page.isEmpty ? nil : call.page
        let page = try await asking { () async throws(QueryError) in
            try await desk.apiKeys(page: token, limit: limit)
        }
        var reply = Docket_V1_ListKeysReply()
        reply.nextPage = page.nextPage ?? Data()
        reply.keys = page.keys.map(Docket_V1_ListKeysReply.Key.init)
        return reply
    }

    package func revokeKey(
        _ call: Docket_V1_RevokeKeyCall,
        context: CallContext
    ) async throws(RPCError) -> Docket_V1_RevokeKeyReply {
        _ = try await desk.accept(
            .identity(try Self.revocation(call)),
            header: call.header,
            digest: try context.digest,
            as: try context.principal
        )
        return Docket_V1_RevokeKeyReply()
    }

    /// One key, or all of somebody: a call that names both could mean either.
    private static func revocation(
        _ call: Docket_V1_RevokeKeyCall
    ) throws(RPCError) -> IdentityChange {
        guard !call.keyID.isEmpty else {
            return .revokeKeys(try identifier(call.principalID, "principal_id"))
        }
        guard call.principalID.isEmpty else { throw .field(.invalidArgument, "principal_id") }
        try require(call.keyID, atMost: longestKeyID, "key_id")
        return .revokeKey(call.keyID)
    }

    /// The longest id of a key, in bytes: 8 random bytes in hexadecimal.
    private static let longestKeyID = 16
}

extension Docket_V1_ListKeysReply.Key {
    fileprivate init(_ entry: APIKeyEntry) {
        self.init()
        keyID = entry.keyID
        principal = Docket_V1_Actor(entry.owner.principal.party)
        if case .integration(let key) = entry.owner.details { channel = key }
        createdMilliseconds = entry.createdAt.milliseconds
        if let moment = entry.lastUsedAt { lastUsedMilliseconds = moment.milliseconds }
        if let moment = entry.expiresAt { expiresMilliseconds = moment.milliseconds }
        if let moment = entry.revokedAt { revokedMilliseconds = moment.milliseconds }
    }
}
