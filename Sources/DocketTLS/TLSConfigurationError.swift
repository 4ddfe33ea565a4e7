/// Why no context could be made of a configuration.
///
/// Each case says what somebody has to change; texts are OpenSSL's words for a log.
package enum TLSConfigurationError: Error, Equatable, Sendable {
    /// A certificate of the named part cannot be read.
    case unreadableCertificate(part: Part, detail: String)
    /// The private key cannot be read, or is behind a passphrase.
    case unreadablePrivateKey(detail: String)
    /// The private key belongs to another certificate than the first of the chain.
    case keyDoesNotMatchCertificate
    /// A certificate of the chain is not valid yet; counted from 0, the own certificate.
    case certificateNotYetValid(index: Int)
    /// A certificate of the chain has expired; counted from 0, the own certificate.
    case certificateExpired(index: Int)
    /// A certificate of the chain was not issued by the one that follows it.
    case brokenChain(index: Int)
    /// An application protocol's name is empty or longer than 255 bytes, or there is none.
    case invalidApplicationProtocols
    /// The name of the server is neither a host name nor an address.
    case invalidServerName(String)
    /// The versions leave nothing to speak.
    case noVersion
    /// OpenSSL refused a setting.
    case refused(detail: String)

    /// The parts of a configuration that hold certificates.
    package enum Part: String, Equatable, Sendable {
        /// The own certificate and its issuers.
        case identity
        /// The authorities that peers are verified with.
        case authorities
    }
}

extension TLSConfigurationError: CustomStringConvertible {
    /// What is wrong, as somebody may read who has to mend it.
    package var description: String {
        switch self {
        case .unreadableCertificate(.identity, let detail):
            "the certificate cannot be read: \(detail)"
        case .unreadableCertificate(.authorities, let detail):
            "the certificates of the authorities cannot be read: \(detail)"
        case .unreadablePrivateKey(let detail): "the private key cannot be read: \(detail)"
        case .keyDoesNotMatchCertificate: "the private key belongs to another certificate"
        case .certificateNotYetValid(let index): "\(Self.certificate(index)) is not valid yet"
        case .certificateExpired(let index): "\(Self.certificate(index)) has expired"
        case .brokenChain(let index):
            "\(Self.certificate(index)) was not issued by the one that follows it in the file"
        case .invalidApplicationProtocols: "an application protocol has no usable name"
        case .invalidServerName(let name):
            name.isEmpty
                ? "the server has no name" : "'\(name)' is neither a host name nor an address"
        case .noVersion: "no version of TLS is left to speak"
        case .refused(let detail): "TLS refuses a setting: \(detail)"
        }
    }

    private static func certificate(_ index: Int) -> String {
        index == 0 ? "the certificate" : "certificate \(index + 1) of the chain"
    }
}
