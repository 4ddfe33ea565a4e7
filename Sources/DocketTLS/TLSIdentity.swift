package import DocketCrypto

/// What one side proves itself with: a chain of certificates and the key of the first.
package struct TLSIdentity: Sendable {
    /// The chain as PEM: the side's own certificate first, then each one's issuer.
    package var certificateChain: String

    /// The private key of the first certificate as PEM, without a passphrase.
    package var privateKey: Secret

    /// Makes an identity from PEM texts, which are read when a context is made of it.
    package init(certificateChain: String, privateKey: Secret) {
        self.certificateChain = certificateChain
        self.privateKey = privateKey
    }
}
