package import DocketCrypto

/// What a client's TLS is made of.
///
/// There is no switch that turns verification off: who wants to trust a server of their own
/// names its certificate authority.
package struct TLSClientConfiguration: Sendable {
    /// Whose word a client takes for a server's identity.
    package enum Trust: Sendable, Equatable {
        /// The certificate authorities that the operating system trusts.
        case system
        /// Exactly these certificates (PEM).
        case certificates(String)
    }

    /// Whom to trust.
    package var trust: Trust

    /// The oldest version that is spoken.
    package var minimumVersion: TLSVersion = .tls13

    /// The newest version that is spoken.
    package var maximumVersion: TLSVersion = .tls13

    /// The application protocols (ALPN, RFC 7301) that are offered, best first.
    package var applicationProtocols: [String] = [TLSSession.applicationProtocol]

    /// The certificate to show when the server asks for one.
    package var identity: TLSIdentity?

    /// How many servers' tickets are kept for resumption; 0 turns resumption off.
    package var ticketLimit = 256

    /// The moment at which certificates are judged; nil means the system's clock at each
    /// handshake.
    package var verificationTime: UnixTime?

    /// Makes a configuration with the defaults that the properties name.
    package init(trust: Trust) {
        self.trust = trust
    }
}
