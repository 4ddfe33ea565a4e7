internal import DocketCalls
internal import DocketMessages
internal import DocketRPC
internal import SwiftProtobuf

/// The caller's own session and password.
///
/// For everybody who is signed in, where nothing else is said.
public struct Sessions: Sendable {
    let client: DocketClient

    /// Says who the connection acts as, and until when.
    ///
    /// - Returns: The session.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func describe() async throws(DocketClientError) -> SessionDescription {
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await SessionsCaller(channel: channel).describe(
                Docket_V1_DescribeCall(),
                options: options
            )
        }
        return SessionDescription(
            identity: Identity(party: reply.principal, role: reply.role),
            expiresIn: .seconds(Int64(clamping: reply.expiresInSeconds))
        )
    }

    /// Changes the caller's own password; its other sessions end, this one goes on.
    ///
    /// For agents. The client goes on with the session it has. When that has expired it signs in
    /// with the credential that it was given, which has the old password: make another client then.
    ///
    /// - Parameters:
    ///   - old: The password until now.
    ///   - new: The new one; 8 to 1,024 bytes.
    ///   - command: The command's id.
    /// - Returns: How many other sessions have ended.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal:
    ///   `wrong_password` where the old one is not it.
    @discardableResult
    public func changePassword(
        from old: String,
        to new: String,
        command: CommandID = CommandID()
    ) async throws(DocketClientError) -> Int {
        let call = Docket_V1_ChangePasswordCall.with {
            $0.header = Docket_V1_CommandHeader(command)
            $0.oldPassword = old
            $0.newPassword = new
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await SessionsCaller(channel: channel).changePassword(call, options: options)
        }
        return Int(reply.ended)
    }

    /// Ends the session, on the server too, and closes the client, which would otherwise sign in
    /// again.
    ///
    /// A client with a profile keeps what waits in its outbox. The client is closed even where the
    /// server could not be told; its session then ends when it expires.
    ///
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    public func signOut(
        within limit: Duration = DocketClient.defaultLimit
    ) async throws(DocketClientError) {
        defer { client.close() }
        let call = Docket_V1_SignOutCall.with { $0.header = Docket_V1_CommandHeader(CommandID()) }
        _ = try await client.call(within: limit) { (channel, options) async throws(RPCError) in
            try await SessionsCaller(channel: channel).signOut(call, options: options)
        }
    }
}
