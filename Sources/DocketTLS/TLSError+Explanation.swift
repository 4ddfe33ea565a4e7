extension TLSError {
    /// What happened, as a client tells the person who wants to reach the server; `description` is
    /// for logs.
    package var explanation: String {
        switch kind {
        case .certificateInvalid(.other): "the server's certificate is not accepted: \(detail)"
        case .certificateInvalid(let fault): "the server's certificate \(fault.explanation)"
        case .hostnameMismatch: "the server's certificate is for another name"
        case .certificateRequired: "the server wants a certificate"
        case .noApplicationProtocol: "the server does not speak docket/1"
        case .unsupportedVersion: "the two sides have no version of TLS in common"
        case .noSharedAlgorithm: "the two sides have no algorithm of TLS in common"
        case .notTLS: "the server does not speak TLS"
        case .protocolViolation: "the server broke the rules of TLS"
        case .peerAlert(let code): Self.explanation(ofAlert: code)
        case .truncated: "the connection was cut"
        case .tooManyKeyUpdates, .backlogTooLong, .notWritable, .internalFailure:
            "TLS failed (\(kind.name))"
        }
    }

    /// The alerts that say something to a person (RFC 8446, section 6).
    private static func explanation(ofAlert code: UInt8) -> String {
        switch code {
        case 70: "the two sides have no version of TLS in common"
        case 116: "the server wants a certificate"
        case 120: "the server does not speak docket/1"
        default: "the server ended TLS with alert \(code)"
        }
    }
}

extension CertificateFault {
    /// What is wrong, as it follows "the server's certificate ".
    fileprivate var explanation: String {
        switch self {
        case .expired: "has expired"
        case .notYetValid: "is not valid yet"
        case .selfSigned: "is signed by itself and not trusted"
        case .unknownAuthority: "is from an authority that is not trusted"
        case .wrongPurpose: "is not made for a server"
        case .chainTooLong: "has too many authorities above it"
        case .revoked: "was revoked"
        case .badSignature: "has a wrong signature"
        case .other: "is not accepted"
        }
    }
}
