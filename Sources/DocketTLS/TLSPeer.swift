package import DocketCrypto

/// What a handshake settled.
package struct TLSPeer: Equatable, Sendable {
    /// The version that is spoken.
    package let version: TLSVersion

    /// The application protocol that is spoken.
    package let applicationProtocol: String

    /// Whether an earlier session was resumed, which saves the certificates' work.
    package let isResumed: Bool

    /// The verified names of the peer's certificate; empty if it showed none.
    package let names: [SubjectAlternativeName]
}
