package import DocketRPC
internal import DocketTransport

/// Makes connections to one server.
package protocol Connector: Sendable {
    /// Connects, with a session's token or with none.
    func connect(token: [UInt8]) async throws(RPCError) -> any ServerLink
}

/// One connection to a server.
package protocol ServerLink: CallChannel {
    /// Waits for the server's greeting; throws why it does not come.
    func greeted() async throws(RPCError)
    /// Waits until no new call can be made here; gives why.
    func ended() async -> RPCError
    /// Ends the connection; calls in progress fail.
    func close()
}

extension ClientConnection: ServerLink {
    package func greeted() async throws(RPCError) {
        try await greeting()
    }

    package func ended() async -> RPCError {
        await refusing()
    }
}
