extension ContactView where Value == SupportRequest {
    /// The request as contacts may see it by the rules in force; `nil` where it is the staff's own
    /// affair.
    ///
    /// Its version and its last change are those of what they see.
    package init?(_ request: SupportRequest, under policy: Policy) {
        guard !request.details.isInternal else { return nil }
        self.init(
            allowed: SupportRequest(
                id: request.id,
                number: request.number,
                conversation: request.conversation,
                contact: request.contact,
                channel: request.channel,
                previous: request.previous,
                openedAt: request.openedAt,
                status: request.status,
                category: request.category,
                statusSince: request.statusSince,
                assignee: request.assignee,
                version: request.versionForContact,
                versionForContact: request.versionForContact,
                sequence: request.sequence,
                noteSequence: 0,
                changedAt: request.changedForContactAt,
                changedForContactAt: request.changedForContactAt,
                description: request.description,
                session: request.session,
                sessionCount: request.sessionCount,
                details: request.details.seenByContact(under: policy)
            )
        )
    }
}

extension SupportRequest {
    /// The version that an audience counts.
    package func version(for audience: Audience) -> UInt64 {
        audience == .staff ? version : versionForContact
    }
}

extension ContactView where Value == Conversation {
    /// The conversation as contacts may see it; `nil` where only the staff knows of it.
    package init?(_ conversation: Conversation) {
        guard !conversation.isInternal else { return nil }
        self.init(
            allowed: Conversation(
                id: conversation.id,
                contact: conversation.contact,
                channel: conversation.channel,
                newestRequest: conversation.newestRequest
            )
        )
    }
}
