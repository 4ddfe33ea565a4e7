internal import COpenSSL
internal import DocketCrypto

/// The settings that client and server contexts share, around one SSL_CTX.
///
/// Sendable although it holds a pointer: the SSL_CTX is configured before anybody else sees it and
/// not changed afterwards, and OpenSSL allows several threads to make sessions of one.
@safe final class TLSContext: @unchecked Sendable {
    /// AES-128 first: it is as safe as the others, and hardware does it fastest.
    private static let suites =
        "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384"

    /// For TLS 1.2 only ephemeral keys and authenticated encryption (RFC 9325, section 4.2).
    private static let olderSuites = "ECDHE+AESGCM:ECDHE+CHACHA20"

    private static let groups = "X25519:P-256"

    let pointer: OpaquePointer

    init(
        method: OpaquePointer,
        minimum: TLSVersion,
        maximum: TLSVersion
    ) throws(TLSConfigurationError) {
        ERR_clear_error()
        guard minimum <= maximum else { throw .noVersion }
        guard let context = unsafe SSL_CTX_new(method) else { throw .drained() }
        unsafe pointer = unsafe context
        unsafe try check(docket_tls_context_harden(context))
        unsafe try check(
            docket_tls_context_set_versions(context, minimum.rawValue, maximum.rawValue)
        )
        unsafe try check(SSL_CTX_set_ciphersuites(context, Self.suites))
        unsafe try check(SSL_CTX_set_cipher_list(context, Self.olderSuites))
        unsafe try check(docket_tls_context_set_groups(context, Self.groups))
    }

    deinit {
        unsafe SSL_CTX_free(pointer)
    }

    /// Shows an identity to peers, after having tested it: a server that starts with a certificate
    /// nobody accepts would fail at its first client instead of at its start.
    ///
    /// - Returns: the own certificate.
    func show(
        _ identity: TLSIdentity,
        at now: UnixTime
    ) throws(TLSConfigurationError) -> Certificate {
        let chain = try Self.certificates(in: identity.certificateChain, part: .identity)
        try Self.checkChain(chain, at: now)
        let key = try Self.privateKey(in: identity)
        unsafe try check(SSL_CTX_use_certificate(pointer, chain[0].pointer))
        for issuer in chain.dropFirst() {
            unsafe try check(docket_tls_context_add_chain_certificate(pointer, issuer.pointer))
        }
        guard unsafe SSL_CTX_use_PrivateKey(pointer, key.pointer) == 1,
            unsafe SSL_CTX_check_private_key(pointer) == 1
        else {
            ERR_clear_error()
            throw .keyDoesNotMatchCertificate
        }
        return chain[0]
    }

    /// Trusts authorities, and tells clients their names when a certificate is asked of them.
    func trust(_ authorities: [Certificate], announced: Bool) throws(TLSConfigurationError) {
        for authority in authorities {
            unsafe try check(
                X509_STORE_add_cert(SSL_CTX_get_cert_store(pointer), authority.pointer)
            )
            if announced {
                unsafe try check(SSL_CTX_add_client_CA(pointer, authority.pointer))
            }
        }
    }

    /// Throws what OpenSSL has to say about a setting that it refused.
    func check(_ status: Int32) throws(TLSConfigurationError) {
        guard status == 1 else { throw .drained() }
    }

    /// Reads the certificates of one part of a configuration.
    static func certificates(
        in pem: String,
        part: TLSConfigurationError.Part
    ) throws(TLSConfigurationError) -> [Certificate] {
        do throws(CertificateError) {
            return try Certificate.all(inPEM: pem)
        } catch {
            throw .unreadableCertificate(part: part, detail: "\(error)")
        }
    }

    private static func privateKey(
        in identity: TLSIdentity
    ) throws(TLSConfigurationError) -> PrivateKey {
        do throws(CertificateError) {
            return try PrivateKey(pem: identity.privateKey)
        } catch {
            throw .unreadablePrivateKey(detail: "\(error)")
        }
    }

    private static func checkChain(
        _ chain: [Certificate],
        at now: UnixTime
    ) throws(TLSConfigurationError) {
        for (index, certificate) in chain.enumerated() {
            switch certificate.standing(at: now) {
            case .valid: break
            case .notYetValid: throw .certificateNotYetValid(index: index)
            case .expired: throw .certificateExpired(index: index)
            }
            if index > 0, !chain[index - 1].isIssued(by: certificate) {
                throw .brokenChain(index: index - 1)
            }
        }
    }
}

extension TLSConfigurationError {
    /// The refusal that this thread's error queue tells of.
    static func drained() -> TLSConfigurationError {
        .refused(detail: OpenSSLErrors.drain())
    }
}
