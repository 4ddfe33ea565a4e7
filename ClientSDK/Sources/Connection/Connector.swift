package import DocketRPC
internal import DocketTransport

/// Makes connections to one server.
package protocol Connector: Sendable {
    /// Connects, with a session's token or with none.
    func connect(token: [UInt8]) async throws(RPCError) -> any ServerLink
    /// Tells, for one reader, when the network has changed, so that an attempt may succeed where
    /// the last one failed; a slow reader is told several changes as one. It may end at any time:
    /// then nobody tells.
    var networkChanges: AsyncStream<Void> { get }
}

extension AsyncStream<Void> {
    /// Nothing is ever told.
    package static var ended: AsyncStream<Void> { AsyncStream { $0.finish() } }
}

/// One connection to a server.
package protocol ServerLink: CallChannel {
    /// Waits for the server's greeting; throws why it does not come.
    ///
    /// - Returns: The moment that the server's clock showed; nil where it did not say.
    func greeted() async throws(RPCError) -> Timestamp?
    /// Waits until no new call can be made here; gives why.
    func ended() async -> RPCError
    /// Ends the connection; calls in progress fail.
    func close()
}

extension ClientConnection: ServerLink {
    package func greeted() async throws(RPCError) -> Timestamp? {
        let told = try await serverTime()
        return told == 0 ? nil : Timestamp(millisecondsSinceEpoch: told)
    }

    package func ended() async -> RPCError {
        await refusing()
    }
}
