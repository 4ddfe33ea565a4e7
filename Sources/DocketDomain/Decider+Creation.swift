/// Who asks for a request, for whom, and by which way it came.
private struct Asking {
    let contact: Contact
    let origin: Origin
}

extension Decider {
    /// Opens a request on purpose.
    mutating func create(_ creation: CreateRequest) throws(Rejection) {
        let channel = try openableChannel(creation.channel)
        let asking = try asking(for: creation)
        try checkContact()
        let kind = creation.kind ?? channel.opens
        guard let rules = policy.rules(for: kind),
            let initial = policy.status(rules.initialStatus)
        else { throw .kindDisabled(kind) }
        try check(creation, kind, channel)
        let source = try source(of: creation, for: asking.contact)
        let conversation = open(
            nil,
            of: asking.contact,
            on: channel.key,
            isInternal: creation.isInternal
        )
        let isRouted = !creation.isInternal && kind == channel.opens
        let topic = creation.topic ?? channel.defaultTopic
        let opened = OpenedRequest(
            status: initial.key,
            category: initial.category,
            previous: isRouted ? situation.conversation?.newestRequest : nil,
            contact: asking.contact,
            channel: channel.key,
            kind: kind,
            origin: asking.origin,
            isRouted: isRouted,
            title: creation.title,
            topic: topic,
            type: creation.type,
            priority: creation.priority
                ?? policy.priority(topic: topic, type: creation.type, channel: channel),
            externalKey: creation.externalKey
        )
        open(
            opened,
            id: creation.id,
            in: conversation,
            by: principal.party,
            isInternal: creation.isInternal
        )
        try describe(by: creation, as: asking)
        if let source { linkToNewest(.madeFrom, source) }
        begin()
    }

    // MARK: Who asks

    /// For whom a request is opened: a contact's own, or one whom the author may name.
    private func asking(for creation: CreateRequest) throws(Rejection) -> Asking {
        switch principal.identity {
        case .contact(let id):
            guard creation.contact == nil || creation.contact == id else { throw .notFound }
            try refuseStaffMatters(in: creation)
            let contact = Contact(id: id, name: principal.name)
            return Asking(contact: contact, origin: .portal)
        case .integration:
            guard let contact = circumstances.contact else { throw .notFound }
            try refuseStaffMatters(in: creation)
            return Asking(contact: contact, origin: try integrationOrigin(creation.origin))
        case .agent:
            guard let contact = circumstances.contact else { throw .notFound }
            return Asking(contact: contact, origin: .manual)
        case .partner:
            guard let contact = circumstances.contact else { throw .notFound }
            try refuseStaffMatters(in: creation)
            return Asking(contact: contact, origin: .partner)
        case .desk: throw .notPermitted
        }
    }

    private func integrationOrigin(_ origin: Origin?) throws(Rejection) -> Origin {
        switch origin {
        case nil, .line: return .line
        case .portal: return .portal
        case .bot: return .bot
        case .manual, .partner, .split:
            throw .invalidValue(field: "origin", allowed: ["line", "portal", "bot"])
        }
    }

    /// Internal requests, tags and requests made from others are the staff's.
    private func refuseStaffMatters(in creation: CreateRequest) throws(Rejection) {
        guard !creation.isInternal, creation.tags.isEmpty, creation.source == nil else {
            throw .notPermitted
        }
    }

    /// The request that another is made from; it has to be the same contact's.
    private func source(
        of creation: CreateRequest,
        for contact: Contact
    ) throws(Rejection) -> SupportRequest? {
        guard let id = creation.source else { return nil }
        guard let source = situation.request(id), source.contact.id == contact.id else {
            throw .notFound
        }
        return source
    }

    // MARK: What it says

    /// Checks everything that the command says about the request.
    private func check(
        _ creation: CreateRequest,
        _ kind: RequestKind,
        _ channel: Channel
    ) throws(Rejection) {
        try check(text: creation.text)
        try check(attachments: creation.attachments)
        if let title = creation.title { try check(title, .title, bytes: TextLimits.titleBytes) }
        try check(topic: creation.topic)
        try check(type: creation.type, for: creation.topic ?? channel.defaultTopic)
        try check(priority: creation.priority)
        guard creation.tags.count <= RequestLimits.tags else {
            throw .tooMany(field: "tags", limit: UInt64(RequestLimits.tags))
        }
        for tag in creation.tags { try check(tag, .tag, bytes: TextLimits.tagBytes) }
        let topic = creation.topic ?? channel.defaultTopic
        for (key, value) in creation.fields.sorted(by: { $0.key < $1.key }) {
            try check(value, of: key, topic: topic, kind: kind)
        }
        try check(fields: creation.fields.keys.sorted(), topic: topic, kind: kind)
        let missing = missing(for: creation, kind, channel)
        guard missing.isEmpty else { throw .missingFields(missing) }
    }

    /// Everything that is asked for at creation and not there (C36).
    private func missing(
        for creation: CreateRequest,
        _ kind: RequestKind,
        _ channel: Channel
    ) -> [String] {
        let topic = creation.topic ?? channel.defaultTopic
        let fields = policy.fieldsAskedFor(topic: topic, kind: kind).filter { key in
            creation.fields[key] == nil
                && (principal.isStaff || policy.showsContact(field: key))
        }
        let title = channel.requiresTitle && creation.title == nil
        return ((title ? [Requirement.title.rawValue] : []) + fields).withoutRepetitions
    }

    /// Adds the fields and tags, and the description as the first message.
    private mutating func describe(
        by creation: CreateRequest,
        as asking: Asking
    ) throws(Rejection) {
        guard let request = situation.request else { return }
        var changes: [DetailChange] = creation.fields.sorted { $0.key < $1.key }.map {
            .field(
                $0.key,
                from: nil,
                to: read($0.value, as: $0.key),
                isShown: policy.showsContact(field: $0.key)
            )
        }
        changes += creation.tags.withoutRepetitions.map { .tagAdded($0) }
        if !changes.isEmpty { add(.detailsChanged(changes), to: request) }
        guard let described = situation.request else { return }
        let message = Message(
            id: MessageID(creation.id),
            sequence: 1,
            text: creation.text,
            authoredAt: nil,
            attachments: attachments(creation.attachments),
            isQuiet: isQuiet(described)
        )
        let author = principal.agent == nil ? asking.contact.party : principal.party
        add(.messagePosted(message), to: described, by: author)
    }

    // MARK: Links

    /// Links the request that was just opened to an earlier one, on both sides.
    mutating func linkToNewest(_ kind: LinkKind, _ earlier: SupportRequest) {
        guard let newest = situation.request else { return }
        if newest.details.links.count < RequestLimits.links {
            add(.linked(Link(kind: kind, other: earlier.reference)), to: newest)
        }
        guard let current = situation.request(earlier.id),
            current.details.links.count < RequestLimits.links
        else { return }
        add(.linked(Link(kind: kind.inverse, other: newest.reference)), to: current)
    }
}
