/// Why a TLS connection ended, other than by an orderly close.
package struct TLSError: Error, Equatable, Sendable {
    /// The closed set of causes.
    package enum Kind: Equatable, Sendable {
        /// The peer's certificate was refused here.
        case certificateInvalid(CertificateFault)
        /// The peer's certificate is for another name than the one that was dialled.
        case hostnameMismatch
        /// A client certificate is required, and the client sent none.
        case certificateRequired
        /// The sides have no application protocol in common, or one of them named none.
        case noApplicationProtocol
        /// The sides have no version of TLS in common.
        case unsupportedVersion
        /// The sides have no cipher suite, group or signature algorithm in common.
        case noSharedAlgorithm
        /// What the peer sends is not TLS at all, such as an HTTP request.
        case notTLS
        /// The peer broke the rules of TLS, or somebody changed bytes on the way.
        case protocolViolation
        /// The peer ended the connection with this alert (RFC 8446, section 6).
        case peerAlert(code: UInt8)
        /// The bytes of the peer ended without close_notify: the connection was lost, or cut.
        case truncated
        /// The peer sent more KeyUpdate messages than `TLSSession.keyUpdateLimit` allows.
        case tooManyKeyUpdates
        /// The owner of the session took too little out of what it put in.
        case backlogTooLong
        /// The session is closed or not yet established, so nothing can be written.
        case notWritable
        /// No memory, or a failure inside OpenSSL.
        case internalFailure
    }

    /// The cause.
    package let kind: Kind

    /// The library's words, for a log; not part of any contract.
    package let detail: String

    /// Makes an error.
    package init(_ kind: Kind, detail: String = "") {
        self.kind = kind
        self.detail = detail
    }
}

extension TLSError.Kind {
    /// The stable name of the cause, for logs, metrics and scripts.
    package var name: String {
        switch self {
        case .certificateInvalid(let fault): "certificate_" + fault.rawValue
        case .hostnameMismatch: "hostname_mismatch"
        case .certificateRequired: "certificate_required"
        case .noApplicationProtocol: "no_application_protocol"
        case .unsupportedVersion: "unsupported_version"
        case .noSharedAlgorithm: "no_shared_algorithm"
        case .notTLS: "not_tls"
        case .protocolViolation: "protocol_violation"
        case .peerAlert(let code): "peer_alert_\(code)"
        case .truncated: "truncated"
        case .tooManyKeyUpdates: "too_many_key_updates"
        case .backlogTooLong: "backlog_too_long"
        case .notWritable: "not_writable"
        case .internalFailure: "internal_failure"
        }
    }
}

extension TLSError: CustomStringConvertible {
    /// The stable name and the library's words.
    package var description: String {
        detail.isEmpty ? kind.name : "\(kind.name): \(detail)"
    }
}
