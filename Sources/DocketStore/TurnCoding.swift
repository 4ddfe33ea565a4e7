internal import DocketDomain
internal import DocketMessages

extension Docket_V1_PrincipalKind {
    /// Who wrote, as the protocol names it.
    init(_ author: LiveSession.Author) {
        self =
            switch author {
            case .contact: .principalContact
            case .agent: .principalAgent
            }
    }

    /// Who wrote; `nil` where the message does not say.
    var author: LiveSession.Author? {
        switch self {
        case .principalContact: .contact
        case .principalAgent: .agent
        case .unspecified, .principalIntegration, .principalPartner, .principalDesk,
            .UNRECOGNIZED:
            nil
        }
    }
}

extension Turn {
    /// The turn of a message's fields; `nil` where nobody has written.
    init?(_ author: Docket_V1_PrincipalKind, waitingSince milliseconds: UInt64) {
        guard let author = author.author else { return nil }
        self.init(lastAuthor: author, waitingSince: Timestamp(given: milliseconds))
    }
}
