/// Who may see an event.
package enum Audience: UInt8, Sendable, CaseIterable {
    /// The contact, the channel's integration and the staff.
    case conversation = 0
    /// The staff alone.
    case staff = 1
    /// Whoever may read the audit: no feed tells it, and nobody sees only this.
    case audit = 2
}

extension Event {
    /// Who may see it.
    package var audience: Audience { isInternal ? .staff : fact.audience }
}

extension Principal {
    /// Whether the principal may see what is meant for the staff, such as notes.
    package var isStaff: Bool {
        switch identity {
        case .agent, .desk: true
        case .contact, .integration, .partner: false
        }
    }

    /// Of whose events the principal may see some.
    package var audience: Audience { isStaff ? .staff : .conversation }

    /// Whether the principal may see a conversation at all.
    ///
    /// This is the one rule for calls, history and feeds: a contact sees its own conversations, an
    /// integration those of its channel, an agent all, and a partner none: it sees the requests
    /// that it has opened.
    package func maySee(contact: ContactID, channel: ChannelKey) -> Bool {
        switch identity {
        case .contact(let own): own == contact
        case .agent, .desk: true
        case .integration(_, let served): served == channel
        case .partner: false
        }
    }
}

extension Conversation {
    /// Whether a principal may see it.
    package func isVisible(to principal: Principal) -> Bool {
        principal.maySee(contact: contact.id, channel: channel)
            && (!isInternal || principal.isStaff)
    }
}

extension SupportRequest {
    /// Whether a principal may see it: whoever may see its conversation, and the partner that has
    /// opened it, but for what is the staff's own affair (S3).
    package func isVisible(to principal: Principal) -> Bool {
        let isTheirs =
            principal.maySee(contact: contact.id, channel: channel)
            || partner != nil && partner == principal.id
        return isTheirs && (!details.isInternal || principal.isStaff)
    }

    /// The partner that has opened it; `nil` where none did.
    package var partner: PrincipalID? {
        details.openedBy.kind == .partner ? details.openedBy.id : nil
    }
}
