internal import DocketTransport

/// A server, and what makes a client believe that it is the right one.
public struct Server: Hashable, Sendable {
    /// Whose word is taken for the server's identity.
    public enum Trust: Hashable, Sendable {
        /// The certificate authorities that the operating system trusts.
        case system
        /// Exactly these certificates, in PEM form.
        case authorities(pem: String)
    }

    /// The host's name or address, which its certificate must bear.
    public var host: String
    /// The TCP port.
    public var port: UInt16
    /// Whom to trust.
    public var trust: Trust

    /// Names a server.
    public init(host: String, port: UInt16, trust: Trust = .system) {
        self.host = host
        self.port = port
        self.trust = trust
    }

    /// Reads `HOST:PORT`, with an IPv6 address in brackets; nil for anything else.
    public init?(address: String, trust: Trust = .system) {
        guard case .tcp(let host, let number) = TransportAddress(hostAndPort: address),
            let port = UInt16(exactly: number)
        else { return nil }
        self.init(host: host, port: port, trust: trust)
    }
}

extension Server: CustomStringConvertible {
    /// The address as `HOST:PORT`.
    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
