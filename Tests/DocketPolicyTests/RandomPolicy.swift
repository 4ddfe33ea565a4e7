import DocketDomain
import DocketTestSupport

/// Makes policies by chance that fit together.
struct RandomPolicy {
    var random: SeededRandom

    /// What texts are made of: all that YAML gives a meaning to, and what few programs expect.
    ///
    /// A mark of byte order is left out, since none survives at the beginning of a text.
    private static let characters: [Character] = [
        "a", "Z", "9", " ", "\"", "\\", "'", "#", ":", ",", "-", "&", "*", "!", "%", "@", "`", "{",
        "[", "é", "Ж", "中", "👩‍👩‍👧", "\u{2028}", "\u{A0}", "\u{301}", "\u{E0001}",
    ]

    private mutating func chance(_ percent: Int) -> Bool {
        Int.random(in: 0..<100, using: &random) < percent
    }

    private mutating func count(_ range: ClosedRange<Int>) -> Int {
        .random(in: range, using: &random)
    }

    private mutating func one<Value>(of values: [Value], else other: Value) -> Value {
        values.randomElement(using: &random) ?? other
    }

    private mutating func some<Value>(of values: [Value]) -> [Value] {
        values.filter { _ in chance(40) }
    }

    private mutating func perhaps<Value>(_ value: Value?) -> Value? { chance(50) ? value : nil }

    private mutating func text(lines: Bool = false) -> String {
        String(
            (0..<count(1...12)).map { _ in
                lines && chance(10) ? "\n" : one(of: Self.characters, else: "a")
            }
        )
    }

    private mutating func span() -> Duration {
        .seconds(one(of: [1, 59, 60, 3_600, 86_400, 90_061, 3_650 * 86_400], else: 1))
    }

    private mutating func keys(_ prefix: String, _ range: ClosedRange<Int>) -> [String] {
        (0..<count(range)).map { "\(prefix)_\($0)" }
    }

    // MARK: The whole

    /// Makes a policy's content.
    mutating func content() -> PolicyContent {
        let kinds = RequestKind.allCases.filter { _ in chance(60) }
        let statuses = statuses()
        let rules = (kinds.isEmpty ? [.chat] : kinds).map { kind in
            KindRules(
                kind: kind,
                initialStatus: statuses[0].key,
                finishStatus: one(of: statuses.map(\.key), else: ""),
                isForwardOnly: chance(30)
            )
        }
        let groups = groups()
        let types = keys("type", 0...3)
        let priorities = priorities()
        let topics = topics(groups.map(\.key), types, priorities.map(\.key))
        let fields = fields()
        let channels = keys("channel", 1...4).map { key in
            Channel(
                key: key,
                name: text(),
                kind: one(of: ChannelKind.allCases, else: .chat),
                opens: one(of: rules.map(\.kind), else: .chat),
                inactiveAfter: perhaps(span()),
                requiresTitle: chance(30),
                separatesMessages: chance(30),
                defaultTopic: perhaps(topics.randomElement(using: &random)?.key),
                defaultPriority: perhaps(priorities.randomElement(using: &random)?.key)
            )
        }
        var content = PolicyContent(
            name: text(),
            kinds: rules,
            statuses: statuses,
            transitions: [],
            channels: channels,
            topics: topics,
            types: types.map { key in
                RequestType(
                    key: key,
                    name: text(),
                    defaultPriority: perhaps(priorities.randomElement(using: &random)?.key)
                )
            },
            priorities: priorities,
            fields: fields,
            fieldSets: fieldSets(topics.map(\.key), fields.map(\.key)),
            groups: groups,
            answeringTakes: chance(50),
            timersMayClose: chance(50)
        )
        if chance(30) {
            content.attachments.bytes = .random(in: 1...(1 << 30), using: &random)
            content.attachments.types = Set((0..<2).map { "image/x\($0)" })
            content.attachments.unusedFiles = .random(in: 1...4_096, using: &random)
        }
        for action in WorkAction.allCases where chance(30) {
            content.permissions[action] = actors(of: .staff)
        }
        content.transitions = transitions(of: content)
        return content
    }

    private mutating func actors(of possible: ActorSet) -> ActorSet {
        let singles = ActorSet.words.map(\.actor).filter(possible.contains)
        let chosen = some(of: singles)
        return ActorSet(chosen.isEmpty ? singles.prefix(1) : chosen[...])
    }

    // MARK: Statuses and transitions

    /// Statuses of ascending rank, the first of which is the initial one.
    private mutating func statuses() -> [Status] {
        let categories: [StatusCategory] = [.new, .open, .waiting, .resolved, .closed]
        var taken: Set<StatusCategory> = []
        return (0..<count(1...7)).map { position in
            let category = position == 0 ? .new : one(of: categories, else: .open)
            let replies: [ReplyPolicy] = [.append, .newRequest, .refuse, .appendWithin(span())]
            return Status(
                key: "status_\(position)",
                name: text(),
                contactName: perhaps(text()),
                category: category,
                rank: 7 * position + count(0...6),
                isDefault: taken.insert(category).inserted,
                requiresAssignee: position > 0 && chance(30),
                waitingFor: category == .waiting
                    ? one(of: WaitingFor.allCases, else: .customer) : nil,
                reply: one(of: replies, else: .append)
            )
        }
    }

    /// A way to every status, and some more.
    private mutating func transitions(of content: PolicyContent) -> [Transition] {
        let statuses = content.statuses
        var transitions = statuses.indices.dropFirst().map { position in
            transition(to: statuses[position], from: [statuses[0].key], on: .set, content)
        }
        for _ in 0..<count(0...6) where statuses.count > 1 {
            let target = count(1...statuses.count - 1)
            var trigger = one(of: Trigger.allCases.filter { $0 != .created }, else: .set)
            let isClosing = trigger.isTimer && statuses[target].category == .closed
            let buries = trigger == .merged && !statuses[target].category.isActive
            if statuses[target].waitingFor == .time || buries
                || (isClosing && !content.timersMayClose)
            {
                trigger = .set
            }
            let sources = some(of: statuses[..<target].map(\.key))
            transitions.append(
                transition(to: statuses[target], from: sources, on: trigger, content)
            )
        }
        return transitions
    }

    private mutating func transition(
        to target: Status,
        from sources: [StatusKey],
        on trigger: Trigger,
        _ content: PolicyContent
    ) -> Transition {
        let demands = Requirement.allCases.filter { requirement in
            requirement == .reason || requirement == .wakeAt ? trigger == .set : true
        }
        var requirements = some(of: demands)
        if target.waitingFor == .time, !requirements.contains(.wakeAt) {
            requirements.append(.wakeAt)
        }
        var effects: [Effect] = some(of: [
            .tell(text(lines: true)), .tag(one(of: ["urgent", "a & b", "Ж"], else: "x")),
        ])
        if !target.requiresAssignee, chance(20) { effects.append(.release) }
        return Transition(
            on: trigger,
            from: sources,
            to: target.key,
            by: perhaps(actors(of: trigger.possibleActors)),
            when: perhaps(condition(content, depth: 1)),
            requires: requirements,
            after: trigger == .elapsed ? span() : nil,
            effects: effects
        )
    }

    private mutating func condition(_ content: PolicyContent, depth: Int) -> Condition {
        guard depth < Condition.deepest, chance(25) else { return comparison(content) }
        let parts = (0..<count(1...2)).map { _ in condition(content, depth: depth + 1) }
        return one(of: [.all(parts), .any(parts), .none(parts)], else: .all(parts))
    }

    private mutating func comparison(_ content: PolicyContent) -> Condition {
        let subjects: [(ConditionSubject, [String])] = [
            (.kind, RequestKind.allCases.map(\.word)),
            (.origin, Origin.allCases.map(\.word)),
            (.channel, content.channels.map(\.key)),
            (.category, StatusCategory.allCases.map { "\($0)" }),
            (.topic, content.topics.map(\.key)),
            (.type, content.types.map(\.key)),
            (.priority, content.priorities.map(\.key)),
            (.tag, ["urgent", "a & b"]),
            (.visibility, ["internal", "external"]),
            (.assignee, ["somebody", "nobody"]), (.chat, ["live", "quiet"]),
        ]
        let all = subjects + content.fields.map { (.field($0.key), ["true", "12", "Ж: \"x\""]) }
        let chosen = one(of: all.filter { !$0.1.isEmpty }, else: (.tag, ["a"]))
        let values = some(of: chosen.1)
        return .matches(chosen.0, values.isEmpty ? [chosen.1[0]] : values)
    }

    // MARK: The rest

    private mutating func groups() -> [Group] {
        let keys = keys("group", 0...4)
        return keys.enumerated().map { position, key in
            Group(
                key: key,
                name: text(),
                members: some(of: ["ada", "bo", "Жанна"]),
                groups: some(of: Array(keys[..<position]))
            )
        }
    }

    private mutating func priorities() -> [Priority] {
        keys("priority", 0...4).enumerated().map { position, key in
            Priority(key: key, name: text(), rank: 5 * position, isDefault: position == 0)
        }
    }

    private mutating func topics(
        _ groups: [String],
        _ types: [String],
        _ priorities: [String]
    ) -> [Topic] {
        let keys = keys("topic", 0...5)
        return keys.enumerated().map { position, key in
            Topic(
                key: key,
                name: text(),
                contactName: perhaps(text()),
                parent: perhaps(keys[..<position].randomElement(using: &random)),
                members: some(of: ["ada", "bo"]),
                groups: some(of: groups),
                isForMembersOnly: chance(30),
                types: some(of: types),
                defaultPriority: perhaps(priorities.randomElement(using: &random))
            )
        }
    }

    private mutating func fields() -> [FieldDefinition] {
        keys("field", 0...6).map { key in
            let words = ["a", "b \"c\"", "Ж"]
            let types: [FieldType] = [
                .text(limit: count(1...FieldType.longestText)),
                .integer(.min ... .max), .integer(-5...5), .integer(.min...0),
                .decimal, .flag, .date, .choice(words), .choices(words),
            ]
            return FieldDefinition(
                key: key,
                name: text(),
                type: one(of: types, else: .flag),
                isVisibleToContact: chance(50)
            )
        }
    }

    private mutating func fieldSets(_ topics: [String], _ fields: [String]) -> [FieldSet] {
        (0..<count(0...4)).map { _ in
            FieldSet(
                topic: perhaps(topics.randomElement(using: &random)),
                kind: perhaps(RequestKind.allCases.randomElement(using: &random)),
                phase: one(of: FieldPhase.allCases, else: .create),
                required: some(of: fields),
                optional: some(of: fields)
            )
        }
    }
}
