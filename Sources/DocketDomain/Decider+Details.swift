extension Decider {
    /// Changes what a request is about: all that the command says, or nothing.
    mutating func edit(_ edit: EditRequest) throws(Rejection) {
        let request = try request(for: .edit)
        switch request.category {
        case .merged, .deleted: throw .requestNotOpen
        case .new, .open, .waiting, .resolved, .closed: break
        }
        guard !edit.edits.isEmpty else {
            throw .invalidValue(field: "edits", allowed: ["1 to \(RequestLimits.edits)"])
        }
        guard edit.edits.count <= RequestLimits.edits else {
            throw .tooMany(field: "edits", limit: UInt64(RequestLimits.edits))
        }
        var draft = request.details
        var changes: [DetailChange] = []
        for edit in edit.edits {
            guard let change = try change(edit, of: draft) else { continue }
            draft.apply(change)
            changes.append(change)
        }
        let title = try title(after: edit.edits, of: request)
        guard !changes.isEmpty || title != request.details.title else { throw .noChange }
        try check(type: draft.type, for: draft.topic)
        try check(fields: changes.compactMap(\.filledField), topic: draft.topic, kind: draft.kind)
        if title != request.details.title {
            add(.titleChanged(from: request.details.title, to: title), to: request)
        }
        guard !changes.isEmpty, let current = situation.request else { return }
        add(.detailsChanged(changes), to: current)
        if draft.topic != request.details.topic { try releaseFromStranger() }
    }

    /// Takes an agent off the request who does not belong to its new topic, where that is for its
    /// members only.
    ///
    /// A request that goes from agent to agent is first given to a member (C4).
    private mutating func releaseFromStranger() throws(Rejection) {
        guard let request = situation.request, request.assignee != nil, !mayHave(request) else {
            return
        }
        guard request.category.isActive else { return }
        do {
            try release(request)
        } catch {
            throw .notMember
        }
    }

    /// The title that the edits leave.
    private func title(
        after edits: [Edit],
        of request: SupportRequest
    ) throws(Rejection) -> String? {
        var title = request.details.title
        for case .title(let text) in edits {
            if let text { try check(text, .title, bytes: TextLimits.titleBytes) }
            title = text
        }
        let needsTitle = policy.channel(request.channel)?.requiresTitle ?? false
        guard title != nil || request.details.title == nil || !needsTitle else {
            throw .missingFields([Requirement.title.rawValue])
        }
        return title
    }

    /// What one edit changes; `nil` where nothing changes.
    private func change(
        _ edit: Edit,
        of details: RequestDetails
    ) throws(Rejection) -> DetailChange? {
        switch edit {
        case .title: return nil
        case .topic(let key):
            try check(topic: key)
            return key == details.topic ? nil : .topic(from: details.topic, to: key)
        case .type(let key):
            try check(type: key, for: nil)
            return key == details.type ? nil : .type(from: details.type, to: key)
        case .priority(let key):
            try check(priority: key)
            return key == details.priority ? nil : .priority(from: details.priority, to: key)
        case .field(let key, let value):
            return try changeField(key, to: value, of: details)
        case .addTag(let tag):
            return try addTag(tag, to: details)
        case .removeTag(let tag):
            return details.tags.contains(tag) ? .tagRemoved(tag) : nil
        case .addWatcher, .removeWatcher, .addParticipant, .removeParticipant:
            return try changePeople(edit, of: details)
        }
    }

    private func changeField(
        _ key: FieldKey,
        to value: FieldValue?,
        of details: RequestDetails
    ) throws(Rejection) -> DetailChange? {
        let before = details.fields[key]
        let value = value.map { read($0, as: key) }
        if let value {
            try check(value, of: key, topic: details.topic, kind: details.kind)
        } else if policy.field(key) == nil, before == nil {
            throw unknown(field: key, topic: details.topic, kind: details.kind)
        }
        guard value != before else { return nil }
        let isShown = policy.showsContact(field: key)
        return .field(key, from: before, to: value, isShown: isShown)
    }

    private func addTag(
        _ tag: String,
        to details: RequestDetails
    ) throws(Rejection) -> DetailChange? {
        try check(tag, .tag, bytes: TextLimits.tagBytes)
        guard !details.tags.contains(tag) else { return nil }
        guard details.tags.count < RequestLimits.tags else {
            throw .tooMany(field: "tags", limit: UInt64(RequestLimits.tags))
        }
        return .tagAdded(tag)
    }

    /// Adds or removes a watcher or a participant.
    private func changePeople(
        _ edit: Edit,
        of details: RequestDetails
    ) throws(Rejection) -> DetailChange? {
        switch edit {
        case .addWatcher(let id):
            guard let agent = circumstances.agents.first(where: { $0.id == id }) else {
                throw .unknownAgent
            }
            guard !details.watchers.contains(where: { $0.id == id }) else { return nil }
            guard details.watchers.count < RequestLimits.watchers else {
                throw .tooMany(field: "watchers", limit: UInt64(RequestLimits.watchers))
            }
            return .watcherAdded(agent)
        case .removeWatcher(let id):
            return details.watchers.first { $0.id == id }.map { .watcherRemoved($0) }
        case .addParticipant(let id):
            guard let contact = circumstances.contacts.first(where: { $0.id == id }) else {
                throw .notFound
            }
            guard !details.participants.contains(where: { $0.id == id }) else { return nil }
            guard details.participants.count < RequestLimits.participants else {
                throw .tooMany(field: "participants", limit: UInt64(RequestLimits.participants))
            }
            return .participantAdded(contact)
        case .removeParticipant(let id):
            return details.participants.first { $0.id == id }.map { .participantRemoved($0) }
        case .title, .topic, .type, .priority, .field, .addTag, .removeTag: return nil
        }
    }

    // MARK: Values

    /// Refuses something in a field that requests of another topic or kind have.
    func check(
        fields keys: [FieldKey],
        topic: TopicKey?,
        kind: RequestKind
    ) throws(Rejection) {
        guard !keys.isEmpty else { return }
        let own = policy.fields(topic: topic, kind: kind)
        guard let key = keys.first(where: { !own.contains($0) }) else { return }
        throw .invalidValue(
            field: "fields.\(key)",
            allowed: ["nothing, for a \(kind.word) of this topic"]
        )
    }

    /// Refuses a topic that the policy does not have, or that is not the author's to choose.
    func check(topic key: TopicKey?) throws(Rejection) {
        guard let key else { return }
        let offered = policy.topics(offeredTo: principal.audience).map(\.key)
        guard !offered.contains(key) else { return }
        throw unknown("topic", offered)
    }

    /// Refuses a type that the policy does not have, or that the topic's requests may not have.
    func check(type key: TypeKey?, for topic: TopicKey?) throws(Rejection) {
        guard let key else { return }
        let offered = policy.types(ofTopic: topic)
        guard !offered.contains(key) else { return }
        throw unknown("type", offered)
    }

    /// Refuses a priority that the policy does not have.
    func check(priority key: PriorityKey?) throws(Rejection) {
        guard let key, policy.priority(key) == nil else { return }
        throw unknown("priority", policy.content.priorities.map(\.key))
    }

    /// Refuses a value that the field does not take, and a field that the policy does not have or
    /// that is not the author's to fill.
    func check(
        _ value: FieldValue,
        of key: FieldKey,
        topic: TopicKey?,
        kind: RequestKind
    ) throws(Rejection) {
        let offered = policy.fields(offeredTo: principal.audience)
        guard let field = offered.first(where: { $0.key == key }) else {
            throw unknown(field: key, topic: topic, kind: kind)
        }
        guard let allowed = field.type.problem(with: read(value, as: key)) else { return }
        throw .invalidValue(field: "fields.\(key)", allowed: allowed)
    }

    /// A field that the author cannot fill; what the author may fill in requests of a topic and a
    /// kind.
    private func unknown(field key: FieldKey, topic: TopicKey?, kind: RequestKind) -> Rejection {
        let own = policy.fields(topic: topic, kind: kind)
        let offered = policy.fields(offeredTo: principal.audience).map(\.key)
        return unknown("fields.\(key)", offered.filter(own.contains))
    }

    /// A field's value, where it may have been written as text.
    func read(_ value: FieldValue, as key: FieldKey) -> FieldValue {
        policy.field(key)?.type.reading(value) ?? value
    }

    private func unknown(_ field: String, _ allowed: [String]) -> Rejection {
        .invalidValue(field: field, allowed: allowed)
    }
}

extension DetailChange {
    /// The field that gets something by the change.
    fileprivate var filledField: FieldKey? {
        guard case .field(let key, _, let value, _) = self, value != nil else { return nil }
        return key
    }
}
