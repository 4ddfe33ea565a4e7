package import DocketDomain

/// That a request is what a partner calls by an external key.
package struct TicketRecord: Hashable, Sendable {
    /// The partner.
    package let partner: PrincipalID
    /// What it calls the request; unique for the partner, by its bytes.
    package let externalKey: String
    /// The request.
    package let request: RequestID
    /// SHA-256 of what was pushed, without the id that came with it.
    package let digest: Digest

    /// Describes what a partner has pushed.
    package init(partner: PrincipalID, externalKey: String, request: RequestID, digest: Digest) {
        self.partner = partner
        self.externalKey = externalKey
        self.request = request
        self.digest = digest
    }
}
