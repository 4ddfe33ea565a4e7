internal import DocketCalls
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

extension Administration {
    /// Creates an integration, which serves a channel and speaks for its contacts, with its first
    /// key.
    ///
    /// - Parameters:
    ///   - name: What people call it; 1 to 128 bytes.
    ///   - channel: The key of the channel it serves.
    ///   - id: The integration's id.
    /// - Returns: The key; this answer alone has it.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal:
    ///   `unknown_channel` where the policy has no such channel.
    public func createIntegration(
        name: String,
        channel: String,
        id: PartyID = PartyID()
    ) async throws(DocketClientError) -> NewKey {
        try await createKey(
            .with {
                $0.header = Docket_V1_CommandHeader(id)
                $0.kind = .principalIntegration
                $0.name = name
                $0.channel = channel
            }
        )
    }

    /// Creates a partner, another company's system, with its first key.
    ///
    /// - Parameters:
    ///   - name: What people call it; 1 to 128 bytes.
    ///   - id: The partner's id.
    /// - Returns: The key; this answer alone has it.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func createPartner(
        name: String,
        id: PartyID = PartyID()
    ) async throws(DocketClientError) -> NewKey {
        try await createKey(
            .with {
                $0.header = Docket_V1_CommandHeader(id)
                $0.kind = .principalPartner
                $0.name = name
            }
        )
    }

    private func createKey(
        _ call: Docket_V1_CreateKeyCall
    ) async throws(DocketClientError) -> NewKey {
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await AdministrationCaller(channel: channel).createKey(call, options: options)
        }
        return NewKey(text: reply.apiKey.nonEmpty, owner: Party(reply.principal))
    }

    /// Makes a further key for an integration or a partner.
    ///
    /// - Parameters:
    ///   - owner: The integration or partner.
    ///   - grace: For how long the keys from before go on, and the sessions they opened: whole
    ///     seconds, up to a year. Nil until they are revoked.
    ///   - command: The command's id.
    /// - Returns: The key; this answer alone has it.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func rotateKey(
        of owner: PartyID,
        grace: Duration? = nil,
        command: CommandID = CommandID()
    ) async throws(DocketClientError) -> NewKey {
        let call = Docket_V1_RotateKeyCall.with {
            $0.header = Docket_V1_CommandHeader(command)
            $0.principalID = Data(owner.bytes)
            if let grace { $0.graceSeconds = UInt32(clamping: grace.components.seconds) }
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await AdministrationCaller(channel: channel).rotateKey(call, options: options)
        }
        return NewKey(
            text: reply.apiKey.nonEmpty,
            keyID: reply.keyID.nonEmpty,
            owner: Party(reply.principal)
        )
    }

    /// Lists the keys of all integrations and partners, by key id.
    ///
    /// - Parameters:
    ///   - count: How many at most, 1 to 200.
    ///   - page: The place of the page; nil for the first.
    /// - Returns: The page.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func keys(
        limit count: Int = 50,
        page: PageToken? = nil
    ) async throws(DocketClientError) -> Page<AccessKey> {
        let call = Docket_V1_ListKeysCall.with {
            $0.limit = UInt32(clamping: count)
            $0.page = Data(page?.bytes ?? [])
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await AdministrationCaller(channel: channel).listKeys(call, options: options)
        }
        return try Page(reply.keys, next: reply.nextPage) {
            message throws(DocketClientError) in AccessKey(message)
        }
    }

    /// Ends one key, and the sessions that it opened.
    ///
    /// - Parameters:
    ///   - keyID: The key's own id.
    ///   - command: The command's id.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func revokeKey(
        _ keyID: String,
        command: CommandID = CommandID()
    ) async throws(DocketClientError) {
        try await revoke(
            .with {
                $0.header = Docket_V1_CommandHeader(command)
                $0.keyID = keyID
            }
        )
    }

    /// Ends every key of an integration or a partner, and all its sessions.
    ///
    /// - Parameters:
    ///   - owner: The integration or partner.
    ///   - command: The command's id.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func revokeKeys(
        of owner: PartyID,
        command: CommandID = CommandID()
    ) async throws(DocketClientError) {
        try await revoke(
            .with {
                $0.header = Docket_V1_CommandHeader(command)
                $0.principalID = Data(owner.bytes)
            }
        )
    }

    private func revoke(_ call: Docket_V1_RevokeKeyCall) async throws(DocketClientError) {
        _ = try await client.call { (channel, options) async throws(RPCError) in
            try await AdministrationCaller(channel: channel).revokeKey(call, options: options)
        }
    }
}

extension AccessKey {
    fileprivate init(_ key: Docket_V1_ListKeysReply.Key) {
        self.init(
            keyID: key.keyID,
            owner: Party(key.principal),
            createdAt: Timestamp(millisecondsSinceEpoch: key.createdMilliseconds)
        )
        channel = key.channel.nonEmpty
        if key.hasLastUsedMilliseconds {
            lastUsedAt = Timestamp(millisecondsSinceEpoch: key.lastUsedMilliseconds)
        }
        if key.hasExpiresMilliseconds {
            expiresAt = Timestamp(millisecondsSinceEpoch: key.expiresMilliseconds)
        }
        if key.hasRevokedMilliseconds {
            revokedAt = Timestamp(millisecondsSinceEpoch: key.revokedMilliseconds)
        }
    }
}
