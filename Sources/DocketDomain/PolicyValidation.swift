/// Checks that what a policy document says fits together.
///
/// The paths name the place in the document, such as `statuses[2].key`; each problem says the
/// broken rule and what is allowed instead.
struct PolicyValidation {
    /// The highest rank of a status.
    static let highestRank = 1_000_000
    /// The spans that a policy may name: shorter ones cannot be written down, and longer ones are
    /// mistakes.
    private static let spans = Duration.seconds(1)...Duration.seconds(3_650 * 86_400)

    private let content: PolicyContent
    private let statuses: [StatusKey: Status]
    private var found: [PolicyProblem] = []

    init(_ content: PolicyContent) {
        self.content = content
        statuses = Dictionary(content.statuses.map { ($0.key, $0) }) { first, _ in first }
    }

    /// Everything that is wrong.
    consuming func problems() -> [PolicyProblem] {
        checkKeys()
        checkKinds()
        checkStatuses()
        checkTransitions()
        checkReachability()
        checkTransientStatuses()
        checkChannels()
        checkTopics()
        checkPriorities()
        checkFields()
        checkFieldSets()
        checkGroups()
        checkPermissions()
        return found
    }

    private mutating func refuse(_ path: String, _ rule: String, _ allowed: [String] = []) {
        found.append(PolicyProblem(path: path, rule: rule, allowed: allowed))
    }

    // MARK: Keys

    private mutating func checkKeys() {
        refuseRepeated(content.kinds.map(\.kind.word), "kinds", "kind")
        refuseRepeated(content.statuses.map(\.key), "statuses", "key")
        refuseRepeated(content.channels.map(\.key), "channels", "key")
        refuseRepeated(content.topics.map(\.key), "topics", "key")
        refuseRepeated(content.types.map(\.key), "types", "key")
        refuseRepeated(content.priorities.map(\.key), "priorities", "key")
        refuseRepeated(content.fields.map(\.key), "fields", "key")
        refuseRepeated(content.groups.map(\.key), "groups", "key")
    }

    private mutating func refuseRepeated(_ keys: [String], _ list: String, _ name: String?) {
        var seen: Set<String> = []
        for (position, key) in keys.enumerated() where !seen.insert(key).inserted {
            let field = name.map { ".\($0)" } ?? ""
            refuse("\(list)[\(position)]\(field)", "is used before: \(key)")
        }
    }

    private mutating func check(_ span: Duration?, _ path: String) {
        guard let span, !Self.spans.contains(span) || span.components.attoseconds != 0 else {
            return
        }
        refuse(path, "is not a span of whole seconds", ["1s to 3650d"])
    }

    private mutating func check(_ key: String?, in keys: [String], _ path: String) {
        guard let key, !keys.contains(key) else { return }
        refuse(path, "is not in the policy: \(key)", keys)
    }

    private var statusKeys: [StatusKey] { content.statuses.map(\.key) }
    private var topicKeys: [TopicKey] { content.topics.map(\.key) }
    private var typeKeys: [TypeKey] { content.types.map(\.key) }
    private var priorityKeys: [PriorityKey] { content.priorities.map(\.key) }
    private var fieldKeys: [FieldKey] { content.fields.map(\.key) }
    private var groupKeys: [GroupKey] { content.groups.map(\.key) }

    private func status(_ key: StatusKey) -> Status? { statuses[key] }

    // MARK: Kinds and statuses

    private mutating func checkKinds() {
        for (position, rules) in content.kinds.enumerated() {
            let path = "kinds[\(position)]"
            let allowed = content.statuses.filter { $0.serves(rules.kind) }.map(\.key)
            check(rules.initialStatus, in: allowed, "\(path).initial_status")
            check(rules.finishStatus, in: allowed, "\(path).finish_status")
            check(initial: status(rules.initialStatus), "\(path).initial_status")
            check(finish: status(rules.finishStatus), "\(path).finish_status")
        }
    }

    private mutating func check(initial status: Status?, _ path: String) {
        guard let status else { return }
        if status.requiresAssignee {
            refuse(path, "must be a status without requires_assignee")
        }
        if !status.category.isActive {
            refuse(path, "must be of another category", ["new", "open", "waiting"])
        }
    }

    private mutating func check(finish status: Status?, _ path: String) {
        guard let status else { return }
        if status.isTransient { refuse(path, "must not be transient") }
        if status.category == .merged || status.category == .deleted {
            refuse(path, "must not be merged or deleted")
        }
    }

    private mutating func checkStatuses() {
        for (position, status) in content.statuses.enumerated() {
            let path = "statuses[\(position)]"
            if !(0...Self.highestRank).contains(status.rank) {
                refuse("\(path).rank", "is out of range", ["0 to \(Self.highestRank)"])
            }
            if (status.category == .waiting) != (status.waitingFor != nil) {
                refuse(
                    "\(path).waiting_for",
                    "belongs to a status of the category waiting, and to no other"
                )
            }
            if case .appendWithin(let span) = status.reply { check(span, "\(path).reopen_within") }
            let isEnding = status.category == .merged || status.category == .deleted
            if isEnding, !status.kinds.isEmpty {
                refuse("\(path).kinds", "requests of every kind are merged and deleted")
            }
        }
        for kind in content.kinds.map(\.kind) { checkDefaults(of: kind) }
    }

    /// Exactly one status stands for each category that a kind uses (I5).
    private mutating func checkDefaults(of kind: RequestKind) {
        for category in StatusCategory.allCases {
            let all = content.statuses.enumerated().filter { _, status in
                status.category == category && status.serves(kind)
            }
            let defaults = all.filter { $0.element.isDefault }
            if defaults.count > 1 {
                refuse(
                    "statuses[\(defaults[1].offset)].default",
                    "a category has one default: \(defaults[0].element.key) is \(category)'s for "
                        + kind.word
                )
            } else if defaults.isEmpty, all.count > 1 {
                refuse(
                    "statuses[\(all[0].offset)].default",
                    "one of a category's statuses must be its default (\(category), \(kind.word))",
                    all.map(\.element.key)
                )
            }
        }
    }

    // MARK: Transitions

    private mutating func checkTransitions() {
        for (position, transition) in content.transitions.enumerated() {
            let path = "transitions[\(position)]"
            check(transition.to, in: statusKeys, "\(path).to")
            for (place, key) in transition.from.enumerated() {
                check(key, in: statusKeys, "\(path).from[\(place)]")
                check(start: status(key), "\(path).from[\(place)]")
            }
            checkForm(of: transition, path)
            checkTarget(of: transition, path)
            if let condition = transition.condition { check(condition, "\(path).when", depth: 1) }
            checkDirection(of: transition, path)
        }
    }

    /// What was merged or deleted moves by no transition: a merged request that opened would have
    /// no messages (I17), and a deleted one would come back past those who may restore it.
    private mutating func check(start status: Status?, _ path: String) {
        guard let status, status.category == .merged || status.category == .deleted else { return }
        refuse(path, "requests in \(status.key) follow no transition")
    }

    private mutating func checkForm(of transition: Transition, _ path: String) {
        if (transition.trigger == .elapsed) != (transition.after != nil) {
            refuse("\(path).after", "belongs to on: elapsed, and to nothing else")
        }
        check(transition.after, "\(path).after")
        let possible = transition.trigger.possibleActors
        if transition.actors.isEmpty {
            refuse("\(path).by", "must name somebody", possible.words)
        }
        for word in transition.actors.subtracting(possible).words {
            refuse(
                "\(path).by",
                "\(word) does not cause \(transition.trigger.rawValue)",
                possible.words
            )
        }
        let needsCommand = transition.requirements.contains { $0 == .reason || $0 == .wakeAt }
        if needsCommand, transition.trigger != .set {
            refuse("\(path).requires", "only on: set has a reason or wake_at")
        }
    }

    private mutating func checkTarget(of transition: Transition, _ path: String) {
        guard let target = status(transition.to) else { return }
        if target.category == .merged || target.category == .deleted {
            refuse("\(path).to", "requests are merged and deleted by commands of their own")
        }
        if transition.trigger == .merged, !target.category.isActive {
            refuse(
                "\(path).to",
                "open work was merged into the request, and \(target.key) would bury it",
                content.statuses.filter(\.category.isActive).map(\.key)
            )
        }
        if transition.trigger.isTimer, !content.timersMayClose, target.category == .closed {
            refuse("\(path).to", "no timer closes a request while timers_may_close is false")
        }
        if target.waitingFor == .time, !transition.requirements.contains(.wakeAt) {
            refuse("\(path).requires", "a status that waits for time needs wake_at", ["wake_at"])
        }
        if target.isTransient {
            refuse("\(path).to", "only new requests are in a transient status: \(target.key)")
        }
        if target.requiresAssignee, transition.effects.contains(.release) {
            refuse("\(path).effects", "a request in \(target.key) has an agent: no release")
        }
        guard transition.trigger == .created else { return }
        let initial = content.kinds.map(\.initialStatus).withoutRepetitions
        for (place, key) in transition.from.enumerated() where !initial.contains(key) {
            refuse("\(path).from[\(place)]", "no request begins in \(key)", initial)
        }
    }

    /// A transition of a forward-only kind leads to a higher rank (C4, I4).
    private mutating func checkDirection(of transition: Transition, _ path: String) {
        guard let target = status(transition.to) else { return }
        for rules in content.kinds where rules.isForwardOnly && target.serves(rules.kind) {
            for key in transition.from {
                guard let source = status(key), source.serves(rules.kind), key != target.key,
                    source.rank >= target.rank
                else { continue }
                refuse(
                    "\(path).to",
                    "a \(rules.kind.word) moves only forward, and \(target.key) does not rank "
                        + "above \(source.key)"
                )
            }
        }
    }

    private mutating func check(_ condition: Condition, _ path: String, depth: Int) {
        guard depth <= Condition.deepest else {
            refuse(path, "is deeper than \(Condition.deepest)")
            return
        }
        switch condition {
        case .all(let parts): check(parts, "\(path).all", depth: depth)
        case .any(let parts): check(parts, "\(path).any", depth: depth)
        case .none(let parts): check(parts, "\(path).none", depth: depth)
        case .matches(.field(let key), _):
            check(key, in: fieldKeys, "\(path).field")
        case .matches(let subject, let values):
            guard let known = knownValues(of: subject) else { return }
            for (place, value) in values.enumerated() {
                check(value, in: known, "\(path).is[\(place)]")
            }
        }
    }

    private mutating func check(_ parts: [Condition], _ path: String, depth: Int) {
        for (place, part) in parts.enumerated() {
            check(part, "\(path)[\(place)]", depth: depth + 1)
        }
    }

    /// The values that a subject can have; `nil` where anything goes.
    private func knownValues(of subject: ConditionSubject) -> [String]? {
        switch subject {
        case .kind: RequestKind.allCases.map(\.word)
        case .origin: Origin.allCases.map(\.word)
        case .channel: content.channels.map(\.key)
        case .category: StatusCategory.allCases.map { "\($0)" }
        case .topic: topicKeys
        case .type: typeKeys
        case .priority: priorityKeys
        case .tag, .field: nil
        case .visibility: ["internal", "external"]
        case .assignee: ["somebody", "nobody"]
        case .chat: ["live", "quiet"]
        }
    }

    // MARK: The graph

    /// Every status of an enabled kind is reached from the kind's initial one.
    private mutating func checkReachability() {
        for rules in content.kinds {
            let reached = reachable(from: rules)
            for (position, status) in content.statuses.enumerated()
            where status.serves(rules.kind) && !reached.contains(status.key) {
                switch status.category {
                case .merged, .deleted: continue
                case .new, .open, .waiting, .resolved, .closed:
                    refuse(
                        "statuses[\(position)].key",
                        "no transition of a \(rules.kind.word) leads to \(status.key)"
                    )
                }
            }
        }
    }

    private func reachable(from rules: KindRules) -> Set<StatusKey> {
        var reached: Set<StatusKey> = []
        var waiting = [rules.initialStatus]
        while let key = waiting.popLast() {
            guard let source = status(key), reached.insert(key).inserted else { continue }
            waiting += content.transitions.filter { leads($0, rules, from: source) }.map(\.to)
        }
        return reached
    }

    /// Whether requests of a kind ever follow a transition out of a status: to one that they may
    /// have, and forward where they move only so (I4).
    private func leads(_ transition: Transition, _ rules: KindRules, from source: Status) -> Bool {
        guard transition.leaves(source), let target = status(transition.to) else { return false }
        return target.serves(rules.kind)
            && (!rules.isForwardOnly || target.rank > source.rank)
    }

    /// A transient status is always left at once: for every kind, the last transition that leads on
    /// asks for nothing (E20).
    private mutating func checkTransientStatuses() {
        for (position, status) in content.statuses.enumerated() where status.isTransient {
            for rules in content.kinds where status.serves(rules.kind) {
                check(status, isLeftBy: rules, "statuses[\(position)].transient")
            }
        }
        for rules in content.kinds where status(rules.initialStatus)?.isTransient ?? false {
            for (position, status) in content.statuses.enumerated()
            where status.requiresAssignee && status.serves(rules.kind) {
                refuse(
                    "statuses[\(position)].requires_assignee",
                    "a \(rules.kind.word) without an agent would return to \(rules.initialStatus), "
                        + "which is transient"
                )
            }
        }
    }

    private mutating func check(_ status: Status, isLeftBy rules: KindRules, _ path: String) {
        let kind = rules.kind
        let ways = content.transitions.filter { transition in
            transition.trigger == .created && leads(transition, rules, from: status)
        }
        guard let last = ways.last else {
            refuse(path, "no transition on: created takes a \(kind.word) out of \(status.key)")
            return
        }
        let asksNothing =
            last.condition == nil && last.requirements.isEmpty
            && last.actors.isSuperset(of: Trigger.created.usualActors)
            && self.status(last.to)?.category.isActive ?? false
        guard !asksNothing else { return }
        refuse(
            path,
            "the last way of a \(kind.word) out of \(status.key) must be open to everybody, "
                + "without when and requires, into the category new, open or waiting"
        )
    }

    // MARK: The rest

    private mutating func checkChannels() {
        for (position, channel) in content.channels.enumerated() {
            let path = "channels[\(position)]"
            check(channel.opens.word, in: content.kinds.map(\.kind.word), "\(path).opens")
            check(channel.defaultTopic, in: topicKeys, "\(path).default_topic")
            check(channel.defaultPriority, in: priorityKeys, "\(path).default_priority")
            check(channel.inactiveAfter, "\(path).inactive_after")
        }
    }

    private mutating func checkTopics() {
        let parents = Dictionary(content.topics.map { ($0.key, $0.parent) }) { first, _ in first }
        for (position, topic) in content.topics.enumerated() {
            let path = "topics[\(position)]"
            check(topic.parent, in: topicKeys, "\(path).parent")
            check(topic.defaultPriority, in: priorityKeys, "\(path).default_priority")
            for (place, key) in topic.types.enumerated() {
                check(key, in: typeKeys, "\(path).types[\(place)]")
            }
            for (place, key) in topic.groups.enumerated() {
                check(key, in: groupKeys, "\(path).groups[\(place)]")
            }
            if Self.isInCycle(topic.key, next: { parents[$0]?.map { [$0] } ?? [] }) {
                refuse("\(path).parent", "a topic must not lie below itself: \(topic.key)")
            }
        }
    }

    private mutating func checkPriorities() {
        for (position, type) in content.types.enumerated() {
            check(type.defaultPriority, in: priorityKeys, "types[\(position)].default_priority")
        }
        let ranks = content.priorities.map(\.rank)
        for (position, rank) in ranks.enumerated() where ranks[..<position].contains(rank) {
            refuse("priorities[\(position)].rank", "is used before: \(rank)")
        }
        let defaults = content.priorities.enumerated().filter { $0.element.isDefault }
        if defaults.count > 1 {
            refuse("priorities[\(defaults[1].offset)].default", "only one priority is the default")
        } else if defaults.isEmpty, !content.priorities.isEmpty {
            refuse("priorities[0].default", "one priority must be the default", priorityKeys)
        }
    }

    private mutating func checkFields() {
        for (position, field) in content.fields.enumerated() {
            switch field.type {
            case .choice(let words), .choices(let words):
                refuseRepeated(words, "fields[\(position)].choices", nil)
            case .text, .integer, .decimal, .flag, .date: continue
            }
        }
    }

    private mutating func checkFieldSets() {
        for (position, set) in content.fieldSets.enumerated() {
            let path = "field_sets[\(position)]"
            check(set.topic, in: topicKeys, "\(path).topic")
            for (place, key) in set.required.enumerated() {
                check(key, in: fieldKeys, "\(path).required[\(place)]")
            }
            for (place, key) in set.optional.enumerated() {
                check(key, in: fieldKeys, "\(path).optional[\(place)]")
            }
        }
    }

    private mutating func checkGroups() {
        let parts = Dictionary(content.groups.map { ($0.key, $0.groups) }) { first, _ in first }
        for (position, group) in content.groups.enumerated() {
            for (place, key) in group.groups.enumerated() {
                check(key, in: groupKeys, "groups[\(position)].groups[\(place)]")
            }
            if Self.isInCycle(group.key, next: { parts[$0] ?? [] }) {
                let rule = "a group must not contain itself: \(group.key)"
                refuse("groups[\(position)].groups", rule)
            }
        }
    }

    private mutating func checkPermissions() {
        for action in WorkAction.allCases {
            guard let actors = content.permissions[action] else { continue }
            let path = "permissions.\(action.rawValue)"
            if actors.isEmpty { refuse(path, "must name somebody", ActorSet.staff.words) }
            for word in actors.subtracting(.staff).words {
                refuse(path, "\(word) does not do this", ActorSet.staff.words)
            }
        }
    }

    /// Whether following `next` from a key leads back to it.
    private static func isInCycle(_ key: String, next: (String) -> [String]) -> Bool {
        var seen: Set<String> = []
        var waiting = next(key)
        while let found = waiting.popLast() {
            if found == key { return true }
            if seen.insert(found).inserted { waiting += next(found) }
        }
        return false
    }
}
