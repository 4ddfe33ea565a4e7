internal import COpenSSL

extension TLSError {
    /// Alert codes are reported by OpenSSL as reasons from here on (SSL_AD_REASON_OFFSET).
    private static let firstAlertReason: Int32 = 1000

    /// Translates what the shim noted about a failure.
    init(_ failure: docket_tls_failure) {
        let words = unsafe withUnsafeBytes(of: failure.text) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        let kind = Self.kind(of: failure)
        if case .certificateInvalid = kind,
            let reason = unsafe X509_verify_cert_error_string(failure.verification)
        {
            unsafe self.init(kind, detail: String(cString: reason))
        } else {
            self.init(kind, detail: words)
        }
    }

    private static func kind(of failure: docket_tls_failure) -> Kind {
        switch failure.origin {
        case DOCKET_TLS_FAILURE_NO_PROTOCOL: .noApplicationProtocol
        case DOCKET_TLS_FAILURE_KEY_UPDATES: .tooManyKeyUpdates
        case DOCKET_TLS_FAILURE_BACKLOG: .backlogTooLong
        case DOCKET_TLS_FAILURE_CLIENT_HELLO: .protocolViolation
        case DOCKET_TLS_FAILURE_STALE_CERTIFICATE: .certificateInvalid(.expired)
        case DOCKET_TLS_FAILURE_LIBRARY:
            kind(ofReason: failure.reason, verification: failure.verification)
        default: .internalFailure
        }
    }

    private static func kind(ofReason reason: Int32, verification: Int) -> Kind {
        switch reason {
        case 0: .internalFailure
        case SSL_R_CERTIFICATE_VERIFY_FAILED: kind(ofVerification: Int32(clamping: verification))
        case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE: .certificateRequired
        case SSL_R_NO_APPLICATION_PROTOCOL: .noApplicationProtocol
        case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_VERSION_TOO_LOW, SSL_R_WRONG_SSL_VERSION:
            .unsupportedVersion
        case SSL_R_NO_SHARED_CIPHER, SSL_R_NO_SHARED_GROUPS, SSL_R_NO_SUITABLE_KEY_SHARE,
            SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM, SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS:
            .noSharedAlgorithm
        case SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST, SSL_R_WRONG_VERSION_NUMBER: .notTLS
        case firstAlertReason...firstAlertReason + Int32(UInt8.max):
            .peerAlert(code: UInt8(clamping: reason - firstAlertReason))
        default: .protocolViolation
        }
    }

    private static func kind(ofVerification code: Int32) -> Kind {
        switch code {
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH: .hostnameMismatch
        case X509_V_ERR_CERT_HAS_EXPIRED: .certificateInvalid(.expired)
        case X509_V_ERR_CERT_NOT_YET_VALID: .certificateInvalid(.notYetValid)
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: .certificateInvalid(.selfSigned)
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
            X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_CERT_UNTRUSTED:
            .certificateInvalid(.unknownAuthority)
        case X509_V_ERR_INVALID_PURPOSE: .certificateInvalid(.wrongPurpose)
        case X509_V_ERR_CERT_CHAIN_TOO_LONG, X509_V_ERR_PATH_LENGTH_EXCEEDED:
            .certificateInvalid(.chainTooLong)
        case X509_V_ERR_CERT_REVOKED: .certificateInvalid(.revoked)
        case X509_V_ERR_CERT_SIGNATURE_FAILURE: .certificateInvalid(.badSignature)
        default: .certificateInvalid(.other)
        }
    }
}
