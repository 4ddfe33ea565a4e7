internal import COpenSSL

/// An authority that issues certificates on the curve P-256, for development and for tests.
///
/// `docketd --dev` makes one so that its clients verify it like any other server. Keys exist in
/// memory and in the texts that are asked for, nowhere else.
package struct CertificateAuthority: Sendable {
    /// What a certificate may be used for (RFC 5280, section 4.2.1.12).
    package enum Usage: Sendable, CaseIterable {
        /// By servers.
        case server
        /// By clients.
        case client
    }

    /// From when until when a certificate holds.
    package typealias Validity = ClosedRange<UnixTime>

    /// A certificate and the key that belongs to it, as PEM texts.
    package struct Issued: Sendable {
        /// The certificate, then its issuers up to but without the root.
        package let certificateChain: String
        /// The private key, without a passphrase.
        package let privateKey: Secret
    }

    /// The authority's own certificate as PEM, which others trust.
    package let certificate: String

    private let own: Certificate
    private let key: PrivateKey
    /// The certificates between this authority and the root, this one's first; empty for a root.
    private let intermediates: String

    /// Makes a root authority.
    package init(name: String, validity: Validity) throws(CertificateError) {
        let key = try PrivateKey()
        let draft = try CertificateDraft(name: name, validity: validity, key: key)
        try draft.becomeAuthority()
        own = try draft.sign(issuer: nil, key: key)
        certificate = try own.pem()
        self.key = key
        intermediates = ""
    }

    private init(own: Certificate, key: PrivateKey, below issuer: Self) throws(CertificateError) {
        self.own = own
        self.key = key
        certificate = try own.pem()
        intermediates = certificate + issuer.intermediates
    }

    /// Makes an authority below this one.
    package func authority(
        name: String,
        validity: Validity
    ) throws(CertificateError) -> CertificateAuthority {
        let key = try PrivateKey()
        let draft = try CertificateDraft(name: name, validity: validity, key: key)
        try draft.becomeAuthority()
        let own = try draft.sign(issuer: self.own, key: self.key)
        return try CertificateAuthority(own: own, key: key, below: self)
    }

    /// Issues a certificate for a server or a client.
    ///
    /// - Parameters:
    ///   - name: the common name, for people to read; at most 64 bytes.
    ///   - names: what the certificate vouches for.
    ///   - validity: from when until when.
    ///   - usage: what it may be used for.
    /// - Returns: the certificate with its chain, and its key.
    /// - Throws: `CertificateError`, if a name cannot stand in a certificate.
    package func issue(
        name: String,
        for names: [SubjectAlternativeName],
        validity: Validity,
        usage: Usage
    ) throws(CertificateError) -> Issued {
        let key = try PrivateKey()
        let draft = try CertificateDraft(name: name, validity: validity, key: key)
        try draft.becomeLeaf(usage, names: names)
        let certificate = try draft.sign(issuer: own, key: self.key)
        return Issued(
            certificateChain: try certificate.pem() + intermediates,
            privateKey: try key.pem()
        )
    }
}
