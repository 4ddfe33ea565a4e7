/// What a policy document says, before anybody knows whether it fits together.
package struct PolicyContent: Hashable, Sendable {
    /// What people call the policy.
    package var name: String
    /// The kinds of request that the desk handles; any other is answered `kind_disabled`.
    package var kinds: [KindRules]
    /// The statuses, in the order in which people see them.
    package var statuses: [Status]
    /// The changes of status that are allowed; nothing else changes a status.
    package var transitions: [Transition]
    /// The channels.
    package var channels: [Channel]
    /// The topics; none where the desk has no such order.
    package var topics: [Topic]
    /// The request types.
    package var types: [RequestType]
    /// The priorities.
    package var priorities: [Priority]
    /// The fields that requests may have.
    package var fields: [FieldDefinition]
    /// Which fields are asked for, and when.
    package var fieldSets: [FieldSet]
    /// The groups of agents.
    package var groups: [Group]
    /// Who does what, where it is not as usual.
    package var permissions: [WorkAction: ActorSet]
    /// How much may be attached to messages.
    package var attachments: AttachmentLimits
    /// Whether an agent who answers a request that nobody has becomes its assignee.
    ///
    /// Without it such an answer is refused.
    package var answeringTakes: Bool
    /// Whether a timer may move a request into a closed status (O8).
    package var timersMayClose: Bool

    /// Describes what a document says.
    package init(
        name: String,
        kinds: [KindRules],
        statuses: [Status],
        transitions: [Transition],
        channels: [Channel],
        topics: [Topic] = [],
        types: [RequestType] = [],
        priorities: [Priority] = [],
        fields: [FieldDefinition] = [],
        fieldSets: [FieldSet] = [],
        groups: [Group] = [],
        permissions: [WorkAction: ActorSet] = [:],
        attachments: AttachmentLimits = AttachmentLimits(),
        answeringTakes: Bool = true,
        timersMayClose: Bool = false
    ) {
        self.name = name
        self.kinds = kinds
        self.statuses = statuses
        self.transitions = transitions
        self.channels = channels
        self.topics = topics
        self.types = types
        self.priorities = priorities
        self.fields = fields
        self.fieldSets = fieldSets
        self.groups = groups
        self.permissions = permissions
        self.attachments = attachments
        self.answeringTakes = answeringTakes
        self.timersMayClose = timersMayClose
    }
}

/// The rules of a desk.
///
/// A policy is a value that was validated as a whole: every key in it names something it has.
/// Copying one copies a reference.
package struct Policy: Hashable, Sendable {
    /// What the document says, with look-ups beside it.
    private final class Storage: Sendable {
        let content: PolicyContent
        let kinds: [RequestKind: KindRules]
        let statuses: [StatusKey: Status]
        let channels: [ChannelKey: Channel]
        let topics: [TopicKey: Topic]
        let priorities: [PriorityKey: Priority]
        let types: [TypeKey: RequestType]
        let fields: [FieldKey: FieldDefinition]
        /// The fields that some set names; any other may stand in every request.
        let fieldsInSets: Set<FieldKey>
        let groups: [GroupKey: Group]
        let ways: [Start: [Transition]]

        init(_ content: PolicyContent) {
            self.content = content
            kinds = Self.byKey(content.kinds, \.kind)
            statuses = Self.byKey(content.statuses, \.key)
            channels = Self.byKey(content.channels, \.key)
            topics = Self.byKey(content.topics, \.key)
            priorities = Self.byKey(content.priorities, \.key)
            types = Self.byKey(content.types, \.key)
            fields = Self.byKey(content.fields, \.key)
            fieldsInSets = Set(content.fieldSets.flatMap { $0.required + $0.optional })
            groups = Self.byKey(content.groups, \.key)
            var ways: [Start: [Transition]] = [:]
            for transition in content.transitions {
                for status in content.statuses where transition.leaves(status) {
                    let start = Start(trigger: transition.trigger, status: status.key)
                    ways[start, default: []].append(transition)
                }
            }
            self.ways = ways
        }

        private static func byKey<Element, Key: Hashable>(
            _ elements: [Element],
            _ key: (Element) -> Key
        ) -> [Key: Element] {
            Dictionary(elements.map { (key($0), $0) }) { first, _ in first }
        }
    }

    /// Where transitions begin.
    private struct Start: Hashable, Sendable {
        let trigger: Trigger
        let status: StatusKey
    }

    private let storage: Storage

    /// Takes what a document says, once it fits together.
    ///
    /// - Throws: Everything that is wrong.
    package init(_ content: PolicyContent) throws(PolicyError) {
        var completed = content
        completed.addMissingEndings()
        let problems = PolicyValidation(completed).problems()
        guard problems.isEmpty else { throw PolicyError(problems: problems) }
        storage = Storage(completed)
    }

    /// What the document says, with the statuses for merged and deleted requests that every policy
    /// has.
    package var content: PolicyContent { storage.content }

    /// What people call the policy.
    package var name: String { storage.content.name }

    /// The statuses, in the order in which people see them.
    package var statuses: [Status] { storage.content.statuses }

    /// The changes of status that are allowed.
    package var transitions: [Transition] { storage.content.transitions }

    /// The channels.
    package var channels: [Channel] { storage.content.channels }

    /// Whether an agent who answers a request that nobody has becomes its assignee.
    package var answeringTakes: Bool { storage.content.answeringTakes }

    /// How requests of a kind live; `nil` where the desk does not handle the kind.
    package func rules(for kind: RequestKind) -> KindRules? { storage.kinds[kind] }

    /// The status with a key.
    package func status(_ key: StatusKey) -> Status? { storage.statuses[key] }

    /// The channel with a key.
    package func channel(_ key: ChannelKey) -> Channel? { storage.channels[key] }

    /// The topic with a key.
    package func topic(_ key: TopicKey) -> Topic? { storage.topics[key] }

    /// The priority with a key.
    package func priority(_ key: PriorityKey) -> Priority? { storage.priorities[key] }

    /// The type with a key.
    package func type(_ key: TypeKey) -> RequestType? { storage.types[key] }

    /// The field with a key.
    package func field(_ key: FieldKey) -> FieldDefinition? { storage.fields[key] }

    /// The transitions that a trigger causes in a status, in the policy's order, whatever they ask.
    func ways(on trigger: Trigger, from status: StatusKey) -> [Transition] {
        storage.ways[Start(trigger: trigger, status: status)] ?? []
    }

    /// The priority of requests that nothing gives another.
    package var defaultPriority: Priority? { content.priorities.first { $0.isDefault } }

    /// Who may do something.
    package func actors(for action: WorkAction) -> ActorSet {
        content.permissions[action] ?? action.usualActors
    }

    /// The status that stands for a category among requests of a kind.
    package func status(for category: StatusCategory, of kind: RequestKind) -> Status? {
        let all = statuses.filter { $0.category == category && $0.serves(kind) }
        return all.first { $0.isDefault } ?? all.first
    }

    /// A topic and those above it, the nearest first.
    package func path(ofTopic key: TopicKey) -> [TopicKey] {
        var path: [TopicKey] = []
        var next: TopicKey? = key
        while let key = next, !path.contains(key) {
            path.append(key)
            next = topic(key)?.parent
        }
        return path
    }

    /// Whether an agent belongs to a topic, directly or by a group.
    package func isMember(login: String, of topic: Topic) -> Bool {
        guard !topic.members.contains(login) else { return true }
        var waiting = topic.groups
        var seen: Set<GroupKey> = []
        while let key = waiting.popLast() {
            guard seen.insert(key).inserted, let group = storage.groups[key] else { continue }
            if group.members.contains(login) { return true }
            waiting += group.groups
        }
        return false
    }

    /// The fields asked for in a phase of a request that are not there.
    package func missingFields(in phase: FieldPhase, of request: SupportRequest) -> [FieldKey] {
        let path = request.details.topic.map(path(ofTopic:)) ?? []
        let sets = content.fieldSets.filter { set in
            set.phase == phase && set.fits(topics: path, kind: request.details.kind)
        }
        var missing: [FieldKey] = []
        for key in sets.flatMap(\.required)
        where request.details.fields[key] == nil && !missing.contains(key) {
            missing.append(key)
        }
        return missing
    }

    /// The fields that requests of a kind and a topic have: those that a field set names for them,
    /// and those that none names (C12, C31).
    package func fields(topic: TopicKey?, kind: RequestKind) -> [FieldKey] {
        let path = topic.map(path(ofTopic:)) ?? []
        let own = content.fieldSets.filter { $0.fits(topics: path, kind: kind) }
        let owned = Set(own.flatMap { $0.required + $0.optional })
        return content.fields.map(\.key).filter {
            owned.contains($0) || !storage.fieldsInSets.contains($0)
        }
    }

    /// The fields that have to be there when a request of a topic and a kind is made on purpose.
    package func fieldsAskedFor(topic: TopicKey?, kind: RequestKind) -> [FieldKey] {
        let path = topic.map(path(ofTopic:)) ?? []
        return content.fieldSets.filter { $0.phase == .create && $0.fits(topics: path, kind: kind) }
            .flatMap(\.required).withoutRepetitions
    }

    package static func == (left: Policy, right: Policy) -> Bool {
        left.storage === right.storage || left.content == right.content
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(content) }
}

extension PolicyContent {
    /// Adds statuses for merged and for deleted requests where the document has none: every desk
    /// merges and deletes.
    ///
    /// What a contact writes to a merged request is passed on to the one that has its content.
    fileprivate mutating func addMissingEndings() {
        let endings: [(StatusCategory, String, ReplyPolicy)] = [
            (.merged, "Merged", .append), (.deleted, "Deleted", .newRequest),
        ]
        for (category, name, reply) in endings
        where !statuses.contains(where: { $0.category == category }) {
            statuses.append(
                Status(
                    key: "\(category)",
                    name: name,
                    category: category,
                    rank: PolicyValidation.highestRank,
                    isDefault: true,
                    reply: reply
                )
            )
        }
    }
}
