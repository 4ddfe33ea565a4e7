/// What came of giving ciphertext to a session.
package struct TLSReceipt: Equatable, Sendable {
    /// Why the session stopped.
    package enum Ending: Equatable, Sendable {
        /// Everything given was used, as far as it was complete. More is needed from the peer.
        case drained
        /// The output is full and more plaintext may wait: call again, with nothing or with more.
        case outputFull
        /// The peer has said that it sends nothing more. Writing is still possible.
        case closed
        /// The connection is over. An alert for the peer may be among the pending ciphertext.
        case failed(TLSError)
    }

    /// How many bytes of plaintext were written.
    ///
    /// They count whatever the ending is.
    package let plaintextCount: Int

    /// Whether the handshake was completed in this call.
    ///
    /// Plaintext may have followed it already.
    package let completedHandshake: Bool

    /// Why the session stopped.
    package let ending: Ending
}
