internal import DocketDomain

/// Takes what a policy says from a document whose mappings have the right shape.
///
/// What is left to refuse is what one field means for another.
struct PolicyDecoder {
    /// What does not fit, in the order of the document.
    private(set) var problems: [PolicyProblem] = []

    private mutating func refuse(_ path: String, _ rule: String, _ allowed: [String] = []) {
        problems.append(PolicyProblem(path: path, rule: rule, allowed: allowed))
    }

    /// Takes the whole document.
    mutating func content(_ document: PolicyRecord) -> PolicyContent {
        PolicyContent(
            name: document.requiredText("name"),
            kinds: document.records("kinds").compactMap(KindRules.init),
            statuses: document.records("statuses").enumerated().map { position, record in
                Status(record, position: position)
            },
            transitions: document.records("transitions").enumerated().compactMap {
                position,
                record in transition(record, "transitions[\(position)]")
            },
            channels: document.records("channels").map(Channel.init),
            topics: document.records("topics").map(Topic.init),
            types: document.records("types").map(RequestType.init),
            priorities: document.records("priorities").enumerated().map { position, record in
                Priority(record, position: position)
            },
            fields: document.records("fields").enumerated().map { position, record in
                field(record, "fields[\(position)]")
            },
            fieldSets: document.records("field_sets").map(FieldSet.init),
            groups: document.records("groups").map(Group.init),
            permissions: permissions(document.record("permissions")),
            attachments: attachments(document.record("attachments")),
            answeringTakes: document.flag("answering_takes") ?? true,
            timersMayClose: document.flag("timers_may_close") ?? false
        )
    }

    private func permissions(_ record: PolicyRecord?) -> [WorkAction: ActorSet] {
        var permissions: [WorkAction: ActorSet] = [:]
        for action in WorkAction.allCases { permissions[action] = record?.actors(action.word) }
        return permissions
    }

    private func attachments(_ record: PolicyRecord?) -> AttachmentLimits {
        var limits = AttachmentLimits()
        guard let record else { return limits }
        if let bytes = record.number("bytes") { limits.bytes = UInt64(clamping: bytes) }
        if let count = record.number("files_in_message") {
            limits.filesInMessage = Int(clamping: count)
        }
        if let count = record.number("unfinished_uploads") {
            limits.unfinishedUploads = Int(clamping: count)
        }
        if let count = record.number("unused_files") { limits.unusedFiles = Int(clamping: count) }
        limits.types = Set(record.texts("types"))
        return limits
    }

    // MARK: Transitions

    private mutating func transition(_ record: PolicyRecord, _ path: String) -> Transition? {
        guard let trigger: Trigger = record.word("on") else { return nil }
        let isFromAny = record.fields["from"] == .text(PolicyValue.anyStatus)
        return Transition(
            on: trigger,
            from: isFromAny ? [] : record.texts("from"),
            to: record.requiredText("to"),
            by: record.actors("by"),
            when: record.record("when").flatMap { condition($0, "\(path).when") },
            requires: record.words("requires"),
            after: record.span("after"),
            effects: record.values("effects").compactMap(Effect.init)
        )
    }

    private mutating func condition(_ record: PolicyRecord, _ path: String) -> Condition? {
        if record.fields["all"] != nil { return .all(conditions(record, "all", path)) }
        if record.fields["any"] != nil { return .any(conditions(record, "any", path)) }
        if record.fields["none"] != nil { return .none(conditions(record, "none", path)) }
        guard let subject = ConditionSubject(word: record.requiredText("field")) else {
            refuse(
                "\(path).field",
                "is not a known word",
                SubjectWord.words + ["\(SubjectWord.fieldPrefix)KEY"]
            )
            return nil
        }
        return .matches(subject, record.texts("is"))
    }

    private mutating func conditions(
        _ record: PolicyRecord,
        _ name: String,
        _ path: String
    ) -> [Condition] {
        record.records(name).enumerated().compactMap { position, part in
            condition(part, "\(path).\(name)[\(position)]")
        }
    }

    // MARK: Fields

    private mutating func field(_ record: PolicyRecord, _ path: String) -> FieldDefinition {
        FieldDefinition(
            key: record.requiredText("key"),
            name: record.requiredText("name"),
            type: fieldType(record, path),
            isVisibleToContact: record.flag("visible_to_contact") ?? false
        )
    }

    private mutating func fieldType(_ record: PolicyRecord, _ path: String) -> FieldType {
        switch record.word("type") ?? FieldTypeWord.text {
        case .text:
            return .text(
                limit: record.number("limit").map { Int(clamping: $0) } ?? FieldType.longestText
            )
        case .integer:
            let minimum = record.number("minimum") ?? .min
            let maximum = record.number("maximum") ?? .max
            guard minimum <= maximum else {
                refuse("\(path).maximum", "is less than the minimum", ["\(minimum) or more"])
                return .integer(minimum...minimum)
            }
            return .integer(minimum...maximum)
        case .decimal: return .decimal
        case .flag: return .flag
        case .date: return .date
        case .choice: return .choice(record.texts("choices"))
        case .choices: return .choices(record.texts("choices"))
        }
    }
}

extension KindRules {
    fileprivate init?(_ record: PolicyRecord) {
        guard let kind: RequestKind = record.word("kind") else { return nil }
        self.init(
            kind: kind,
            initialStatus: record.requiredText("initial_status"),
            finishStatus: record.requiredText("finish_status"),
            isForwardOnly: record.flag("forward_only") ?? false
        )
    }
}

/// The rank of what has none of its own: there is room between two neighbours.
private func usualRank(at position: Int) -> Int { 10 * (position + 1) }

extension Status {
    fileprivate init(_ record: PolicyRecord, position: Int) {
        self.init(
            key: record.requiredText("key"),
            name: record.requiredText("name"),
            contactName: record.text("contact_name"),
            category: record.word("category") ?? .new,
            kinds: record.words("kinds"),
            rank: record.number("rank").map { Int(clamping: $0) } ?? usualRank(at: position),
            isDefault: record.flag("default") ?? false,
            requiresAssignee: record.flag("requires_assignee") ?? false,
            isTransient: record.flag("transient") ?? false,
            waitingFor: record.word("waiting_for"),
            reply: ReplyPolicy(record)
        )
    }
}

extension ReplyPolicy {
    fileprivate init(_ record: PolicyRecord) {
        switch record.word("reply") ?? ReplyWord.append {
        case .append: self = .append
        case .reopen: self = .appendWithin(record.span("reopen_within") ?? .zero)
        case .newRequest: self = .newRequest
        case .refuse: self = .refuse
        }
    }
}

extension Effect {
    fileprivate init?(_ value: PolicyValue) {
        guard case .record(let record) = value else {
            self = .release
            return
        }
        if let text = record.text("tell") {
            self = .tell(text)
        } else if let tag = record.text("tag") {
            self = .tag(tag)
        } else {
            return nil
        }
    }
}

extension ConditionSubject {
    /// Takes what a document looks at; `nil` for an unknown word.
    fileprivate init?(word: String) {
        if word.hasPrefix(SubjectWord.fieldPrefix) {
            self = .field(String(word.dropFirst(SubjectWord.fieldPrefix.count)))
            return
        }
        switch SubjectWord(word: word) {
        case .kind: self = .kind
        case .origin: self = .origin
        case .channel: self = .channel
        case .category: self = .category
        case .topic: self = .topic
        case .type: self = .type
        case .priority: self = .priority
        case .tag: self = .tag
        case .visibility: self = .visibility
        case .assignee: self = .assignee
        case .chat: self = .chat
        case nil: return nil
        }
    }
}

extension Channel {
    fileprivate init(_ record: PolicyRecord) {
        self.init(
            key: record.requiredText("key"),
            name: record.requiredText("name"),
            kind: record.word("kind") ?? .chat,
            opens: record.word("opens") ?? .chat,
            inactiveAfter: record.span("inactive_after"),
            requiresTitle: record.flag("requires_title") ?? false,
            separatesMessages: record.flag("separates_messages") ?? false,
            defaultTopic: record.text("default_topic"),
            defaultPriority: record.text("default_priority")
        )
    }
}

extension Topic {
    fileprivate init(_ record: PolicyRecord) {
        self.init(
            key: record.requiredText("key"),
            name: record.requiredText("name"),
            contactName: record.text("contact_name"),
            parent: record.text("parent"),
            members: record.texts("members"),
            groups: record.texts("groups"),
            isForMembersOnly: record.flag("members_only") ?? false,
            types: record.texts("types"),
            defaultPriority: record.text("default_priority")
        )
    }
}

extension RequestType {
    fileprivate init(_ record: PolicyRecord) {
        self.init(
            key: record.requiredText("key"),
            name: record.requiredText("name"),
            defaultPriority: record.text("default_priority")
        )
    }
}

extension Priority {
    fileprivate init(_ record: PolicyRecord, position: Int) {
        self.init(
            key: record.requiredText("key"),
            name: record.requiredText("name"),
            rank: record.number("rank").map { Int(clamping: $0) } ?? usualRank(at: position),
            isDefault: record.flag("default") ?? false
        )
    }
}

extension FieldSet {
    fileprivate init(_ record: PolicyRecord) {
        self.init(
            topic: record.text("topic"),
            kind: record.word("kind"),
            phase: record.word("phase") ?? .create,
            required: record.texts("required"),
            optional: record.texts("optional")
        )
    }
}

extension Group {
    fileprivate init(_ record: PolicyRecord) {
        self.init(
            key: record.requiredText("key"),
            name: record.requiredText("name"),
            members: record.texts("members"),
            groups: record.texts("groups")
        )
    }
}
