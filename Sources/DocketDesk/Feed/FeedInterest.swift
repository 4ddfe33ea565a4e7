internal import DocketDomain
internal import DocketStore

/// Whose entries a feed tells.
///
/// It follows from the principal alone.
enum FeedInterest: Hashable, Sendable {
    /// Everything but what the audit alone tells, for the staff.
    case staff
    /// A contact's own conversations.
    case contact(ContactID)
    /// The conversations of a channel, for its integration.
    case channel(ChannelKey)
    /// The requests that a partner has opened.
    case partner(PrincipalID)

    init(of principal: Principal) {
        self =
            switch principal.identity {
            case .agent, .desk: .staff
            case .contact(let id): .contact(id)
            case .integration(_, let channel): .channel(channel)
            case .partner(let id): .partner(id)
            }
    }

    /// Of whose events the feed tells.
    var audience: Audience { self == .staff ? .staff : .conversation }

    /// Whether an entry belongs to the feed.
    ///
    /// This is decided when the entry is sent.
    func includes(_ entry: PublishedEntry) -> Bool {
        switch entry.entry.audience {
        case .audit: return false
        case .staff: return self == .staff
        case .conversation: break
        }
        if self == .staff { return true }
        if case .partner(let own) = self { return entry.partner == own }
        guard let contact = entry.contact, let channel = entry.channel else { return false }
        return includes(contact: contact, channel: channel)
    }

    /// Whether what the contact of a conversation may see belongs to the feed.
    func includes(contact: ContactID, channel: ChannelKey) -> Bool {
        switch self {
        case .staff: true
        case .contact(let own): own == contact
        case .channel(let own): own == channel
        case .partner: false
        }
    }
}
