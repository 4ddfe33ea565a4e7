/// What is wrong with the certificate of a peer.
package enum CertificateFault: String, Equatable, Sendable, CaseIterable {
    /// Its validity, or that of one of its issuers, has ended.
    case expired
    /// Its validity, or that of one of its issuers, has not begun.
    case notYetValid = "not_yet_valid"
    /// It is signed by nobody but itself, and is not trusted.
    case selfSigned = "self_signed"
    /// It leads to no authority that is trusted.
    case unknownAuthority = "unknown_authority"
    /// It was made for another purpose, such as a client's certificate shown by a server.
    case wrongPurpose = "wrong_purpose"
    /// There are more authorities in between than the limit allows.
    case chainTooLong = "chain_too_long"
    /// It was revoked.
    case revoked
    /// A signature in the chain is wrong.
    case badSignature = "bad_signature"
    /// Something else; the error's text says what.
    case other
}
