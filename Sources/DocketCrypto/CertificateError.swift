/// Why a certificate or key could not be read or made.
package enum CertificateError: Error, Equatable, Sendable {
    /// The text holds no certificate at all.
    case noCertificate
    /// The text is not PEM, or what it holds is not a certificate; with OpenSSL's words.
    case unreadableCertificate(String)
    /// The text holds no private key, or one behind a passphrase; with OpenSSL's words.
    case unreadablePrivateKey(String)
    /// The name cannot stand in a certificate.
    case invalidName(String)
    /// OpenSSL refused to make the certificate; with its words.
    case notMade(String)
}

extension CertificateError: CustomStringConvertible {
    /// What is wrong, as somebody may read who has to mend it.
    package var description: String {
        switch self {
        case .noCertificate: "there is no certificate in it"
        case .unreadableCertificate(let detail), .unreadablePrivateKey(let detail):
            detail.isEmpty ? "it is not in PEM form" : "it is not in PEM form (\(detail))"
        case .invalidName(let name): "'\(name)' cannot stand in a certificate"
        case .notMade(let detail): "the certificate cannot be made (\(detail))"
        }
    }
}
