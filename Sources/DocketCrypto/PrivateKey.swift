internal import COpenSSL

/// The private key of a certificate.
///
/// Sendable although it holds a pointer: OpenSSL counts references atomically, and a key is not
/// changed once it has been read or made.
@safe package final class PrivateKey: @unchecked Sendable {
    /// The library's object, which lives as long as this one.
    package let pointer: OpaquePointer

    /// Reads the first private key of a PEM text.
    ///
    /// A key behind a passphrase is refused.
    package init(pem: Secret) throws(CertificateError) {
        ERR_clear_error()
        let key = unsafe pem.withBytes { text in
            unsafe PEM.reading(text) { bio in unsafe docket_private_key_read(bio) }
        }
        guard let key = unsafe key else { throw .unreadablePrivateKey(OpenSSLErrors.drain()) }
        unsafe pointer = key
    }

    /// Makes a new key on the curve P-256.
    package init() throws(CertificateError) {
        guard let key = unsafe docket_private_key_make() else {
            throw .notMade(OpenSSLErrors.drain())
        }
        unsafe pointer = key
    }

    deinit {
        unsafe EVP_PKEY_free(pointer)
    }

    /// The key as PEM (PKCS #8), without a passphrase.
    package func pem() throws(CertificateError) -> Secret {
        let text = unsafe PEM.writing { bio in
            unsafe PEM_write_bio_PKCS8PrivateKey(bio, pointer, nil, nil, 0, nil, nil)
        }
        guard let text else { throw .notMade(OpenSSLErrors.drain()) }
        return Secret(text)
    }
}
