internal import DocketDomain

extension PolicyRecord {
    /// Takes what a policy says, without what holds anyway.
    init(_ content: PolicyContent) {
        self.init([
            "version": .number(RecordShape.version),
            "name": .text(content.name),
            "kinds": .records(content.kinds.map(PolicyRecord.init)),
            "answering_takes": .flag(content.answeringTakes),
            "timers_may_close": .flag(content.timersMayClose),
            "statuses": .records(content.statuses.map(PolicyRecord.init)),
            "transitions": .records(content.transitions.map(PolicyRecord.init)),
            "channels": .records(content.channels.map(PolicyRecord.init)),
            "topics": .filled(content.topics.map(PolicyRecord.init)),
            "types": .filled(content.types.map(PolicyRecord.init)),
            "priorities": .filled(content.priorities.map(PolicyRecord.init)),
            "fields": .filled(content.fields.map(PolicyRecord.init)),
            "field_sets": .filled(content.fieldSets.map(PolicyRecord.init)),
            "groups": .filled(content.groups.map(PolicyRecord.init)),
            "permissions": Self.permissions(content.permissions),
            "attachments": Self.attachments(content.attachments),
        ])
    }

    private static func permissions(_ permissions: [WorkAction: ActorSet]) -> PolicyValue? {
        guard !permissions.isEmpty else { return nil }
        let words = permissions.map { ($0.key.word, PolicyValue.texts($0.value.words)) }
        return .record(PolicyRecord(Dictionary(words) { first, _ in first }))
    }

    private static func attachments(_ limits: AttachmentLimits) -> PolicyValue? {
        guard limits != AttachmentLimits() else { return nil }
        return .record(
            PolicyRecord([
                "bytes": .number(Int64(clamping: limits.bytes)),
                "files_in_message": .number(Int64(limits.filesInMessage)),
                "unfinished_uploads": .number(Int64(limits.unfinishedUploads)),
                "unused_files": .number(Int64(limits.unusedFiles)),
                "types": .filled(limits.types.sorted()),
            ])
        )
    }

    private init(_ rules: KindRules) {
        self.init([
            "kind": .text(rules.kind.word),
            "initial_status": .text(rules.initialStatus),
            "finish_status": .text(rules.finishStatus),
            "forward_only": .raised(rules.isForwardOnly),
        ])
    }

    private init(_ status: Status) {
        let reply: (word: ReplyWord, within: Duration?) =
            switch status.reply {
            case .append: (.append, nil)
            case .appendWithin(let span): (.reopen, span)
            case .newRequest: (.newRequest, nil)
            case .refuse: (.refuse, nil)
            }
        self.init([
            "key": .text(status.key),
            "name": .text(status.name),
            "contact_name": .optional(status.contactName),
            "category": .text(status.category.word),
            "kinds": .filled(status.kinds.map(\.word)),
            "rank": .number(Int64(status.rank)),
            "default": .raised(status.isDefault),
            "requires_assignee": .raised(status.requiresAssignee),
            "transient": .raised(status.isTransient),
            "waiting_for": .optional(status.waitingFor?.word),
            "reply": .text(reply.word.word),
            "reopen_within": reply.within.map { .span($0) },
        ])
    }

    private init(_ transition: Transition) {
        let isUsual = transition.actors == transition.trigger.usualActors
        self.init([
            "on": .text(transition.trigger.word),
            "from": transition.from.isEmpty
                ? .text(PolicyValue.anyStatus) : .texts(transition.from),
            "to": .text(transition.to),
            "by": isUsual ? nil : .texts(transition.actors.words),
            "when": transition.condition.map { .record(PolicyRecord($0)) },
            "requires": .filled(transition.requirements.map(\.word)),
            "after": transition.after.map { .span($0) },
            "effects": transition.effects.isEmpty
                ? nil : .list(transition.effects.map(PolicyValue.init)),
        ])
    }

    private init(_ condition: Condition) {
        switch condition {
        case .all(let parts): self.init(["all": .records(parts.map(PolicyRecord.init))])
        case .any(let parts): self.init(["any": .records(parts.map(PolicyRecord.init))])
        case .none(let parts): self.init(["none": .records(parts.map(PolicyRecord.init))])
        case .matches(let subject, let values):
            let value = values.count == 1 ? values.first.map { PolicyValue.text($0) } : nil
            self.init(["field": .text(subject.word), "is": value ?? .texts(values)])
        }
    }

    private init(_ channel: Channel) {
        self.init([
            "key": .text(channel.key),
            "name": .text(channel.name),
            "kind": .text(channel.kind.word),
            "opens": .text(channel.opens.word),
            "inactive_after": channel.inactiveAfter.map { .span($0) },
            "requires_title": .raised(channel.requiresTitle),
            "separates_messages": .raised(channel.separatesMessages),
            "default_topic": .optional(channel.defaultTopic),
            "default_priority": .optional(channel.defaultPriority),
        ])
    }

    private init(_ topic: Topic) {
        self.init([
            "key": .text(topic.key),
            "name": .text(topic.name),
            "contact_name": .optional(topic.contactName),
            "parent": .optional(topic.parent),
            "members": .filled(topic.members),
            "groups": .filled(topic.groups),
            "members_only": .raised(topic.isForMembersOnly),
            "types": .filled(topic.types),
            "default_priority": .optional(topic.defaultPriority),
        ])
    }

    private init(_ type: RequestType) {
        self.init([
            "key": .text(type.key),
            "name": .text(type.name),
            "default_priority": .optional(type.defaultPriority),
        ])
    }

    private init(_ priority: Priority) {
        self.init([
            "key": .text(priority.key),
            "name": .text(priority.name),
            "rank": .number(Int64(priority.rank)),
            "default": .raised(priority.isDefault),
        ])
    }

    private init(_ field: FieldDefinition) {
        var fields: [String: PolicyValue?] = [
            "key": .text(field.key),
            "name": .text(field.name),
            "type": .text(field.type.word),
            "visible_to_contact": .raised(field.isVisibleToContact),
        ]
        switch field.type {
        case .text(let limit): fields["limit"] = .number(Int64(limit))
        case .integer(let range):
            if range.lowerBound != .min { fields["minimum"] = .number(range.lowerBound) }
            if range.upperBound != .max { fields["maximum"] = .number(range.upperBound) }
        case .choice(let words), .choices(let words): fields["choices"] = .texts(words)
        case .decimal, .flag, .date: break
        }
        self.init(fields)
    }

    private init(_ set: FieldSet) {
        self.init([
            "topic": .optional(set.topic),
            "kind": .optional(set.kind?.word),
            "phase": .text(set.phase.word),
            "required": .filled(set.required),
            "optional": .filled(set.optional),
        ])
    }

    private init(_ group: Group) {
        self.init([
            "key": .text(group.key),
            "name": .text(group.name),
            "members": .filled(group.members),
            "groups": .filled(group.groups),
        ])
    }
}

extension PolicyValue {
    fileprivate init(_ effect: Effect) {
        switch effect {
        case .tell(let text): self = .record(PolicyRecord(["tell": .text(text)]))
        case .tag(let tag): self = .record(PolicyRecord(["tag": .text(tag)]))
        case .release: self = .text(PolicyValue.release)
        }
    }

    fileprivate static func texts(_ texts: [String]) -> PolicyValue {
        .list(texts.map { .text($0) })
    }

    fileprivate static func records(_ records: [PolicyRecord]) -> PolicyValue {
        .list(records.map { .record($0) })
    }

    /// A list that has something in it.
    fileprivate static func filled(_ texts: [String]) -> PolicyValue? {
        texts.isEmpty ? nil : .texts(texts)
    }

    /// A list that has something in it.
    fileprivate static func filled(_ records: [PolicyRecord]) -> PolicyValue? {
        records.isEmpty ? nil : .records(records)
    }

    /// A truth value, where it is not what holds anyway.
    fileprivate static func raised(_ flag: Bool) -> PolicyValue? { flag ? .flag(true) : nil }

    fileprivate static func optional(_ text: String?) -> PolicyValue? { text.map { .text($0) } }
}

extension ConditionSubject {
    /// How a document names it.
    fileprivate var word: String {
        switch self {
        case .kind: SubjectWord.kind.word
        case .origin: SubjectWord.origin.word
        case .channel: SubjectWord.channel.word
        case .category: SubjectWord.category.word
        case .topic: SubjectWord.topic.word
        case .type: SubjectWord.type.word
        case .priority: SubjectWord.priority.word
        case .tag: SubjectWord.tag.word
        case .visibility: SubjectWord.visibility.word
        case .assignee: SubjectWord.assignee.word
        case .chat: SubjectWord.chat.word
        case .field(let key): SubjectWord.fieldPrefix + key
        }
    }
}
