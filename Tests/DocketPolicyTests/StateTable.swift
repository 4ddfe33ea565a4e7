import DocketDomain

/// What a policy's lists say about changes of status, read off line by line.
///
/// It is what people read in a policy, written down again and without the code that decides.
struct StateTable {
    let content: PolicyContent

    /// The actors as whom somebody may act, with the heading that tables give them.
    static let actors: [(heading: String, actors: ActorSet)] = [
        ("assignee", [.assignee, .agent]),
        ("agent", .agent),
        ("supervisor", [.agent, .supervisor]),
        ("administrator", [.agent, .supervisor, .administrator]),
        ("contact", .contact),
        ("partner", .partner),
        ("timer", .timer),
    ]

    /// The status with a key, which is there.
    func status(_ key: StatusKey) -> Status {
        content.statuses.first { $0.key == key }
            ?? Status(
                key: "absent",
                name: "absent",
                category: .deleted,
                reply: .refuse
            )
    }

    /// How requests of a kind live, if the policy has the kind.
    func rules(_ kind: RequestKind) -> KindRules? { content.kinds.first { $0.kind == kind } }

    /// The statuses that requests of a kind may have.
    func statuses(of kind: RequestKind) -> [Status] {
        content.statuses.filter { $0.kinds.isEmpty || $0.kinds.contains(kind) }
    }

    /// The lines for a trigger in a status, in the direction of the kind.
    func lines(_ trigger: Trigger, _ key: StatusKey, _ kind: RequestKind) -> [Transition] {
        let source = status(key)
        let isGone = source.category == .merged || source.category == .deleted
        return content.transitions.filter { line in
            guard line.trigger == trigger else { return false }
            guard line.from.isEmpty ? line.to != key && !isGone : line.from.contains(key) else {
                return false
            }
            let target = status(line.to)
            guard target.kinds.isEmpty || target.kinds.contains(kind) else { return false }
            return rules(kind)?.isForwardOnly != true || target.rank > source.rank
                || target.key == key
        }
    }
}
