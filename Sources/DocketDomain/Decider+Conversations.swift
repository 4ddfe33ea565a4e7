extension Decider {
    /// Opens a conversation, where the contact has none on the channel.
    mutating func open(_ opening: OpenConversation) throws(Rejection) {
        guard policy.channel(opening.channel) != nil else { throw .unknownChannel }
        let contact = try contact(of: opening)
        guard situation.conversation == nil else { return }
        add(
            .conversationOpened(contact: contact, channel: opening.channel),
            in: opening.id
        )
    }

    /// Whose conversation is asked for: a contact's own, or an integration's contact's.
    private func contact(of opening: OpenConversation) throws(Rejection) -> Contact {
        switch principal.identity {
        case .contact(let id):
            guard opening.contact == nil || opening.contact == id else { throw .notFound }
            return Contact(id: id, name: principal.name)
        case .integration(_, let channel):
            guard channel == opening.channel, let contact = circumstances.contact else {
                throw .notFound
            }
            return contact
        case .agent, .partner, .desk:
            throw .notPermitted
        }
    }

    /// Says how far the author has read; a mark never moves back.
    mutating func markRead(_ mark: MarkRead) throws(Rejection) {
        switch principal.identity {
        case .contact, .agent: break
        case .integration, .partner, .desk: throw .notPermitted
        }
        let conversation = try visibleConversation()
        let offset = min(mark.upTo, circumstances.head)
        guard offset > situation.readUpTo else { return }
        add(.readMarked(upTo: offset), in: conversation.id)
    }

    /// Adds a public message.
    mutating func post(_ post: Post) throws(Rejection) {
        switch principal.identity {
        case .contact, .integration: try postAsContact(post)
        case .agent: try postAsAgent(post)
        case .partner, .desk: throw .notPermitted
        }
    }

    /// Adds a message of the contact, whom an integration speaks for.
    ///
    /// The newest request of the conversation decides whether the message continues it or opens a
    /// new one.
    private mutating func postAsContact(_ post: Post) throws(Rejection) {
        let conversation = try visibleConversation()
        try check(post)
        try checkVersion()
        let author = conversation.contact.party
        if let request = situation.request, continues(request) {
            move(on: .contactReplied, because: .contactReplied, by: author)
        } else {
            let initial = policy.initialStatus
            open(
                OpenedRequest(
                    status: initial.key,
                    category: initial.category,
                    previous: situation.request?.id,
                    contact: conversation.contact,
                    channel: conversation.channel
                ),
                in: conversation
            )
        }
        add(message: post, by: author)
    }

    /// Whether a contact's message continues a request.
    ///
    /// A status that the policy no longer has is judged by its category.
    private func continues(_ request: SupportRequest) -> Bool {
        switch policy.status(request.status)?.reply {
        case .append: true
        case .appendWithin(let span): now <= request.statusSince + span
        case .newRequest: false
        case nil: request.category.isActive
        }
    }

    /// Adds an agent's answer.
    ///
    /// Agents answer the requests they have; supervisors answer any.
    private mutating func postAsAgent(_ post: Post) throws(Rejection) {
        let acting = try actingAgent()
        _ = try visibleConversation()
        try check(post)
        try checkVersion()
        guard let request = situation.request else { throw .requestNotOpen }
        switch request.category {
        case .new, .open, .waiting, .resolved: break
        case .closed, .merged, .deleted: throw .requestNotOpen
        }
        if request.assignee == nil, request.category.isActive, policy.answeringTakes {
            add(.requestAssigned(acting.agent), to: request)
        } else if request.assignee?.id != acting.agent.id, acting.role < .supervisor {
            throw .notAssignee
        }
        add(message: post, by: principal.party)
        move(on: .answered, because: .answered)
    }

    /// Adds the message itself to the situation's request.
    private mutating func add(message post: Post, by author: Party) {
        guard let request = situation.request else { return }
        let message = Message(
            id: post.id,
            sequence: request.sequence + 1,
            text: post.text,
            authoredAt: post.authoredAt,
            attachments: attachments(of: post)
        )
        add(.messagePosted(message), to: request, by: author)
    }
}
