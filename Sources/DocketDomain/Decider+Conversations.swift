extension Decider {
    /// Opens a conversation, where the contact has none on the channel that it knows of.
    mutating func open(_ opening: OpenConversation) throws(Rejection) {
        _ = try openableChannel(opening.channel)
        let contact = try contact(of: opening)
        try checkContact()
        open(opening.id, of: contact, on: opening.channel, isInternal: false)
    }

    /// The channel with a key, where the author may open something on it; forbidden and absent are
    /// the same.
    func openableChannel(_ key: ChannelKey) throws(Rejection) -> Channel {
        guard let channel = policy.channel(key), principal.mayOpen(channel) else {
            throw .unknownChannel
        }
        return channel
    }

    /// Opens a conversation, unless there is one that serves.
    ///
    /// One that is the staff's alone serves only what is the staff's: the contact gets one of its
    /// own, which tells nothing of the other.
    ///
    /// - Returns: Its id: of one that is there, its own.
    @discardableResult
    mutating func open(
        _ id: ConversationID?,
        of contact: Contact,
        on channel: ChannelKey,
        isInternal: Bool
    ) -> ConversationID {
        if let known = situation.conversation, isInternal || !known.isInternal { return known.id }
        let opened = id ?? makeID()
        add(
            .conversationOpened(contact: contact, channel: channel),
            in: opened,
            isInternal: isInternal
        )
        return opened
    }

    /// Whose conversation is asked for: a contact's own, or an integration's contact's.
    private func contact(of opening: OpenConversation) throws(Rejection) -> Contact {
        switch principal.identity {
        case .contact(let id):
            guard opening.contact == nil || opening.contact == id else { throw .notFound }
            return Contact(id: id, name: principal.name)
        case .integration:
            guard let contact = circumstances.contact else { throw .notFound }
            return contact
        case .agent, .partner, .desk:
            throw .notPermitted
        }
    }

    /// Says how far the author has read; a mark never moves back, nor for the sake of marks.
    mutating func markRead(_ mark: MarkRead) throws(Rejection) {
        let conversation = try markedConversation()
        try checkVersion()
        guard let covered = coverage(of: mark.upTo, beyond: situation.readUpTo) else { return }
        add(
            .readMarked(upTo: covered.upTo, forContact: covered.forContact),
            in: conversation.id,
            isInternal: conversation.isInternal
        )
    }

    /// Says what has reached the author; a mark never moves back, and what is read has arrived.
    mutating func markReceived(_ mark: MarkReceived) throws(Rejection) {
        let conversation = try markedConversation()
        try checkVersion()
        guard let covered = coverage(of: mark.upTo, beyond: situation.receivedUpTo) else { return }
        add(
            .receivedMarked(upTo: covered.upTo, forContact: covered.forContact),
            in: conversation.id,
            isInternal: conversation.isInternal
        )
    }

    /// What a mark says, to the staff and to contacts; `nil` where it covers nothing new.
    private func coverage(
        of asked: UInt64,
        beyond earlier: UInt64
    ) -> (upTo: UInt64, forContact: UInt64?)? {
        let offset = min(asked, circumstances.head)
        let marked = circumstances.marked
        guard offset > earlier, marked.newest(for: principal.audience) > earlier else { return nil }
        let shown = marked.newestForContact > earlier ? marked.newestForContact : nil
        // A contact's mark names what the contact has seen and not what it asked for: that may be
        // where something hidden stands.
        return (principal.isStaff ? offset : min(offset, marked.newestForContact), shown)
    }

    private func markedConversation() throws(Rejection) -> Conversation {
        switch principal.identity {
        case .contact, .agent: return try visibleConversation()
        case .integration, .partner, .desk: throw .notPermitted
        }
    }

    /// Adds a public message.
    mutating func post(_ post: Post) throws(Rejection) {
        switch principal.identity {
        case .contact, .integration:
            try postAsContact(post, in: try visibleConversation())
        case .partner: try postAsContact(post, in: try conversationOfPushed(post))
        case .agent: try postAsAgent(post)
        case .desk: throw .notPermitted
        }
    }

    /// The conversation of a request that the partner has opened, for a message that names it.
    private func conversationOfPushed(_ post: Post) throws(Rejection) -> Conversation {
        guard post.request != nil, let conversation = situation.conversation,
            situation.request?.isVisible(to: principal) == true
        else { throw .notPermitted }
        return conversation
    }

    /// The request that a message is for: the one it names, which has to be of the conversation,
    /// or the conversation's newest; none where a contact's message that names none stands for
    /// itself.
    private func target(
        of post: Post,
        in conversation: Conversation
    ) throws(Rejection) -> SupportRequest? {
        guard post.request != nil else {
            let channel = policy.channel(conversation.channel)
            let isSeparate = principal.agent == nil && channel?.separatesMessages ?? false
            return isSeparate ? nil : situation.request
        }
        guard post.conversation.map({ $0 == conversation.id }) ?? true,
            let request = situation.request, request.conversation == conversation.id,
            !request.details.isInternal || principal.isStaff
        else { throw .notFound }
        return request
    }

    /// Adds a message of the contact, whom an integration or a partner speaks for.
    ///
    /// The newest request of the conversation decides whether the message continues it or opens a
    /// new one (O9-O12, O16).
    private mutating func postAsContact(
        _ post: Post,
        in conversation: Conversation
    ) throws(Rejection) {
        try checkContact()
        // Ahead of what the message says: what is wrong with that must not tell of a request that
        // the contact cannot see.
        let target = try heir(of: target(of: post, in: conversation))
        try check(post)
        try checkVersion()
        let author = conversation.contact.party
        if let request = target, try continues(request) {
            let effects = move(
                request.id,
                on: .contactReplied,
                because: .contactReplied,
                by: author,
                causesEffects: false
            )
            add(message: post, to: request.id, by: author)
            perform(effects, on: request.id)
        } else {
            try openByMessage(post, after: target, in: conversation)
        }
    }

    /// Opens a request for a contact's message, linked to the one that it did not continue.
    private mutating func openByMessage(
        _ post: Post,
        after earlier: SupportRequest?,
        in conversation: Conversation
    ) throws(Rejection) {
        guard let channel = policy.channel(conversation.channel),
            let rules = policy.rules(for: channel.opens),
            let initial = policy.status(rules.initialStatus)
        else { throw .unknownChannel }
        if let title = post.title { try check(title, .title, bytes: TextLimits.titleBytes) }
        let isPartner = principal.party.kind == .partner
        // What answers an earlier request goes on under that one's title.
        let title = post.title ?? (channel.requiresTitle ? earlier?.title : nil)
        guard title != nil || !channel.requiresTitle else {
            throw .missingFields([Requirement.title.rawValue])
        }
        let opened = OpenedRequest(
            status: initial.key,
            category: initial.category,
            previous: conversation.newestRequest,
            contact: conversation.contact,
            channel: conversation.channel,
            kind: channel.opens,
            origin: isPartner ? .partner : .line,
            title: title,
            topic: channel.defaultTopic,
            priority: policy.priority(topic: channel.defaultTopic, type: nil, channel: channel)
        )
        let author = conversation.contact.party
        // What a partner opens is the partner's, so that it sees what becomes of it.
        open(opened, in: conversation.id, by: isPartner ? principal.party : author)
        add(message: post, by: author)
        if let earlier, !earlier.details.isInternal { linkToNewest(.followUp, earlier) }
        begin()
    }

    /// The request to which a contact's message goes: of one that was merged, the one that has its
    /// content, if the status of merged requests takes messages.
    ///
    /// One step leads there (I17).
    private func heir(of request: SupportRequest?) throws(Rejection) -> SupportRequest? {
        guard let request, request.category == .merged, try takesMessages(request),
            let survivor = request.details.mergedInto
        else { return request }
        return situation.request(survivor.id) ?? request
    }

    /// Whether a contact's message continues a request: nothing goes on in what was merged or
    /// deleted.
    private func continues(_ request: SupportRequest) throws(Rejection) -> Bool {
        let takesMessages = try takesMessages(request)
        return switch request.category {
        case .new, .open, .waiting, .resolved, .closed: takesMessages
        case .merged, .deleted: false
        }
    }

    /// Whether a request takes a contact's message, by what its status says.
    ///
    /// A status that the policy no longer has is judged by its category.
    private func takesMessages(_ request: SupportRequest) throws(Rejection) -> Bool {
        switch policy.status(request.status)?.reply {
        case .append: true
        case .appendWithin(let span): now <= request.statusSince + span
        case .newRequest: false
        case .refuse: throw .repliesRefused
        case nil: request.category.isActive || request.category == .merged
        }
    }

    /// Adds an agent's answer.
    ///
    /// Agents answer the requests they have; who answers those of others, the policy says.
    private mutating func postAsAgent(_ post: Post) throws(Rejection) {
        let acting = try actingAgent()
        let conversation = try visibleConversation()
        try check(post)
        let target = try target(of: post, in: conversation)
        try checkVersion()
        guard let request = target else { throw .requestNotOpen }
        switch request.category {
        case .new, .open, .waiting, .resolved: break
        case .closed, .merged, .deleted: throw .requestNotOpen
        }
        if request.assignee == nil, request.category.isActive, policy.answeringTakes {
            try checkMembership(of: request)
            add(.requestAssigned(acting.agent, from: nil), to: request)
        } else {
            try allow(.answer, on: request)
        }
        // Whoever has it and answers has looked at it.
        if let request = situation.request, request.assignee?.id == acting.agent.id,
            request.details.viewedByAssigneeAt == nil
        {
            move(on: .viewed, because: .viewed)
        }
        add(message: post, by: principal.party)
        move(on: .answered, because: .answered)
    }

    /// Adds the message itself to the request that the decision is about, unless another is named.
    private mutating func add(message post: Post, to named: RequestID? = nil, by author: Party) {
        guard let request = named.map(situation.request) ?? situation.request else { return }
        let message = Message(
            id: post.id,
            sequence: request.sequence + 1,
            text: post.text,
            authoredAt: post.authoredAt,
            attachments: attachments(post.attachments),
            isQuiet: isQuiet(request)
        )
        add(.messagePosted(message), to: request, by: author)
    }
}

extension Decider {
    /// Whether messages begin no live period in a request: its channel has none.
    func isQuiet(_ request: SupportRequest) -> Bool {
        policy.channel(request.channel)?.inactiveAfter == nil
    }
}

extension Policy {
    /// The priority of a new request that nobody gives one: its type's, its topic's, its channel's,
    /// or the default.
    func priority(topic: TopicKey?, type: TypeKey?, channel: Channel) -> PriorityKey? {
        if let key = type.flatMap(self.type)?.defaultPriority { return key }
        let topics = topic.map(path(ofTopic:)) ?? []
        if let key = topics.lazy.compactMap({ self.topic($0)?.defaultPriority }).first {
            return key
        }
        return channel.defaultPriority ?? defaultPriority?.key
    }
}
