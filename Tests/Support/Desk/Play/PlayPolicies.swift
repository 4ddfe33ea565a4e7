package import DocketDomain
import DocketPolicy
package import DocketStore

/// The policies under which plays are played.
package enum PlayPolicies {
    /// Every shipped policy, and two that use everything a policy can say and differ in much that
    /// may change while requests live.
    package static func all() throws -> [Policy] {
        try PolicyDocument.presets.map { try PolicyDocument.parse($0.text) } + both()
    }

    /// The two that use everything.
    package static func both() throws -> [Policy] {
        [try Policy(full(isChanged: false)), try Policy(full(isChanged: true))]
    }

    /// What stands for the document of a policy, by its place among those of a play.
    static func text(_ place: Int) -> String { "policy \(place)" }

    /// The policy that a store has kept, of those of a play; `nil` where it is none of them.
    package static func policy(_ record: PolicyRecord, in policies: [Policy]) -> Policy? {
        policies.indices.first { text($0) == record.text }.map { policies[$0] }
    }

    private static func full(isChanged: Bool) -> PolicyContent {
        PolicyContent(
            name: isChanged ? "Full, changed" : "Full",
            kinds: [
                KindRules(kind: .chat, initialStatus: "room", finishStatus: "done"),
                KindRules(
                    kind: .ticket,
                    initialStatus: "queued",
                    finishStatus: "done",
                    isForwardOnly: true
                ),
                KindRules(kind: .task, initialStatus: "registered", finishStatus: "done"),
            ],
            statuses: statuses(isChanged: isChanged),
            transitions: transitions(isChanged: isChanged),
            channels: channels(isChanged: isChanged),
            topics: topics,
            types: [
                RequestType(key: "question", name: "Question"),
                RequestType(key: "fault", name: "Fault", defaultPriority: "high"),
            ],
            priorities: [
                Priority(key: "low", name: "Low", rank: 1, isDefault: true),
                Priority(key: "high", name: "High", rank: 2),
            ],
            fields: fields,
            fieldSets: fieldSets(isChanged: isChanged),
            groups: [
                Group(key: "one", name: "One", members: ["agent-0"], groups: ["two"]),
                Group(key: "two", name: "Two", members: ["agent-1"]),
            ],
            permissions: isChanged ? [.delete: [.supervisor], .answer: .staff] : [:],
            answeringTakes: !isChanged,
            timersMayClose: isChanged
        )
    }

    private static func statuses(isChanged: Bool) -> [Status] {
        [
            status("registered", .new, 0, [.task], isTransient: true),
            status("planned", .new, 1, [.task], isDefault: true),
            status("underway", .open, 2, [.task], isDefault: true),
            status("queued", .new, 1, [.ticket], isDefault: true),
            status("room", .new, 1, [.chat], isDefault: true),
            status("work", .open, 2, [.chat, .ticket], isDefault: true, requiresAssignee: true),
            status("review", .open, 3, [.chat, .ticket]),
            status("asked", .waiting, 4, isDefault: true, waitingFor: .customer),
            status("parked", .waiting, 5, waitingFor: .thirdParty),
            status("asleep", .waiting, 5, waitingFor: .time),
            status("nap", .waiting, 5, [.chat], waitingFor: .time),
            status("done", .resolved, 6, reply: .appendWithin(.seconds(isChanged ? 60 : 3_600))),
            status("over", .closed, 7, isDefault: true, reply: .newRequest),
            status("barred", .closed, 8, [.chat], reply: isChanged ? .append : .refuse),
        ]
    }

    private static func status(
        _ key: StatusKey,
        _ category: StatusCategory,
        _ rank: Int,
        _ kinds: [RequestKind] = [],
        isDefault: Bool = false,
        requiresAssignee: Bool = false,
        isTransient: Bool = false,
        waitingFor: WaitingFor? = nil,
        reply: ReplyPolicy = .append
    ) -> Status {
        Status(
            key: key,
            name: key,
            category: category,
            kinds: kinds,
            rank: rank,
            isDefault: isDefault,
            requiresAssignee: requiresAssignee,
            isTransient: isTransient,
            waitingFor: waitingFor,
            reply: reply
        )
    }

    private static func transitions(isChanged: Bool) -> [Transition] {
        let span: Int64 = isChanged ? 200 : 900
        return [
            Transition(
                on: .created,
                from: ["registered"],
                to: "planned",
                effects: [.tell("Hello")]
            ),
            Transition(on: .assigned, from: ["planned"], to: "underway"),
            Transition(on: .assigned, from: ["queued", "room"], to: "work"),
            Transition(on: .viewed, from: ["work"], to: "review", effects: [.tag("seen")]),
            Transition(on: .answered, from: [], to: isChanged ? "review" : "asked"),
            Transition(
                on: .contactReplied,
                from: [],
                to: "work",
                effects: isChanged ? [.tell("One moment"), .tag("again")] : []
            ),
            Transition(on: .set, from: [], to: "asked"),
            Transition(on: .set, from: ["nap"], to: "nap", requires: [.wakeAt]),
            Transition(on: .set, from: [], to: "nap", requires: [.wakeAt]),
            Transition(on: .set, from: [], to: "asleep", requires: [.wakeAt]),
            Transition(on: .set, from: [], to: "work", by: .staff),
            Transition(on: .set, from: [], to: "over", requires: [.reason, .priority]),
            Transition(on: .set, from: [], to: "barred"),
            Transition(on: .finished, from: [], to: "done", effects: [.tell("Done"), .release]),
            Transition(on: .finished, from: [], to: "asked"),
            Transition(on: .finished, from: [], to: "over", requires: [.topic]),
            Transition(on: .merged, from: [], to: "work"),
            Transition(on: .inactiveAfterContact, from: [], to: "asked"),
            Transition(on: .inactiveAfterAgent, from: [], to: "done", effects: [.tell("Bye")]),
            Transition(on: .woken, from: ["nap"], to: "work"),
            Transition(on: .woken, from: ["asleep"], to: "done"),
            Transition(on: .elapsed, from: ["asked"], to: "done", after: .seconds(span)),
            Transition(
                on: .elapsed,
                from: ["asked"],
                to: "parked",
                when: .matches(.tag, ["tag 1"]),
                after: .seconds(50)
            ),
            Transition(on: .elapsed, from: ["review"], to: "done", after: .seconds(2_000)),
            Transition(on: .elapsed, from: ["review"], to: "asked", after: .seconds(300)),
        ] + (isChanged ? closing : [])
    }

    private static let closing = [
        Transition(on: .elapsed, from: ["done"], to: "over", after: .seconds(1_000))
    ]

    private static func channels(isChanged: Bool) -> [Channel] {
        let span = Duration.seconds(isChanged ? 120 : 600)
        return [
            Channel(key: "chat", name: "Chat", inactiveAfter: span),
            Channel(key: "bridge", name: "Bridge", kind: .custom, inactiveAfter: .seconds(300)),
            Channel(
                key: "email",
                name: "Mail",
                kind: .email,
                opens: .ticket,
                inactiveAfter: nil,
                requiresTitle: true,
                defaultTopic: "billing"
            ),
            Channel(
                key: "api",
                name: "Partners",
                kind: .api,
                opens: .ticket,
                inactiveAfter: nil,
                defaultPriority: "high"
            ),
        ]
    }

    private static let topics = [
        Topic(
            key: "hardware",
            name: "Hardware",
            members: ["supervisor"],
            groups: ["one"],
            isForMembersOnly: true
        ),
        Topic(key: "printers", name: "Printers", parent: "hardware", defaultPriority: "high"),
        Topic(key: "billing", name: "Billing", types: ["question"]),
    ]

    private static let fields = [
        FieldDefinition(key: "serial", name: "Serial", type: .text(limit: 20)),
        FieldDefinition(key: "count", name: "Count", type: .integer(0...5)),
        FieldDefinition(
            key: "cause",
            name: "Cause",
            type: .choice(["paper", "dust"]),
            isVisibleToContact: true
        ),
        FieldDefinition(key: "bought", name: "Bought", type: .date),
    ]

    private static func fieldSets(isChanged: Bool) -> [FieldSet] {
        [
            FieldSet(topic: "hardware", kind: .ticket, phase: .create, required: ["serial"]),
            FieldSet(topic: "printers", phase: .process, required: ["cause"]),
            FieldSet(
                topic: isChanged ? "billing" : "hardware",
                phase: .close,
                required: ["count"],
                optional: ["bought"]
            ),
        ]
    }
}
