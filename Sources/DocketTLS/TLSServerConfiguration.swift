package import DocketCrypto

/// What a server's TLS is made of.
package struct TLSServerConfiguration: Sendable {
    /// Whether clients prove who they are with a certificate.
    package enum ClientCertificates: Sendable, Equatable {
        /// None is asked for.
        case none
        /// One is asked for, and one that is sent must be signed by these authorities (PEM).
        case optional(authorities: String)
        /// No handshake succeeds without one that is signed by these authorities (PEM).
        case required(authorities: String)
    }

    /// The server's certificate chain and key.
    package var identity: TLSIdentity

    /// The oldest version that is spoken.
    package var minimumVersion: TLSVersion = .tls13

    /// The application protocols (ALPN, RFC 7301) that are spoken, best first.
    ///
    /// A client that offers none of them, or none at all, is refused.
    package var applicationProtocols: [String] = [TLSSession.applicationProtocol]

    /// What is asked of clients.
    package var clientCertificates = ClientCertificates.none

    /// The keys of the tickets by which clients resume a session; nil turns resumption off.
    ///
    /// Contexts that share a ring honour each other's tickets if they ask the same of clients.
    package var ticketKeys: TicketKeyRing?

    /// The moment at which certificates are judged; nil means the system's clock at each
    /// handshake.
    package var verificationTime: UnixTime?

    /// Makes a configuration with the defaults that the properties name.
    package init(identity: TLSIdentity, ticketKeys: TicketKeyRing?) {
        self.identity = identity
        self.ticketKeys = ticketKeys
    }
}
