internal import DocketDomain
internal import Yams

/// Reads a policy from a parsed document and collects everything that is wrong with it.
struct PolicyReader {
    /// The version of the document's format.
    static let version = 1
    /// The longest key, in bytes.
    static let keyBytes = 64
    /// The longest name, in bytes.
    private static let nameBytes = 128
    /// The most statuses, transitions or channels: far more than people tell apart.
    private static let listLimit = 256

    private static let categories = StatusCategory.allCases.map { (name(of: $0), $0) }
    private static let triggers = Trigger.allCases.map { ($0.rawValue, $0) }

    private var problems: [PolicyProblem] = []

    /// The word for a category.
    static func name(of category: StatusCategory) -> String { "\(category)" }

    /// Reads the whole document.
    mutating func policy(_ root: Node) throws(PolicyError) -> Policy {
        var fields = PolicyFields(
            root,
            path: "",
            known: [
                "version", "initial_status", "finish_status", "answering_takes", "statuses",
                "transitions", "channels",
            ]
        )
        _ = fields.word("version", of: [("\(Self.version)", Self.version)])
        let statuses = fields.list("statuses", limit: Self.listLimit).map { status($0, $1) }
        let keys = statuses.map(\.key)
        let initial = fields.word("initial_status", of: keys.map { ($0, $0) })
        let finish = fields.word("finish_status", of: keys.map { ($0, $0) })
        let answeringTakes = fields.flag("answering_takes", otherwise: true)
        let transitions = fields.list("transitions", limit: Self.listLimit).map {
            transition($0, $1, statuses: keys)
        }
        let channels = fields.list("channels", limit: Self.listLimit).map { channel($0, $1) }
        if statuses.contains(where: { $0.key == initial && $0.requiresAssignee }) {
            fields.refuse("initial_status", "must be a status without requires_assignee")
        }
        problems = fields.problems + problems
        refuseRepeated(keys, "statuses")
        refuseRepeated(channels.map(\.key), "channels")
        guard problems.isEmpty, let initial, let finish,
            let policy = Policy(
                statuses: statuses,
                transitions: transitions.compactMap(\.self),
                channels: channels,
                initialStatus: initial,
                finishStatus: finish,
                answeringTakes: answeringTakes
            )
        else { throw PolicyError(problems: problems) }
        return policy
    }

    private mutating func refuseRepeated(_ keys: [String], _ list: String) {
        for (position, key) in keys.enumerated()
        where !key.isEmpty && keys[..<position].contains(key) {
            problems.append(
                PolicyProblem(path: "\(list)[\(position)].key", rule: "is used before: \(key)")
            )
        }
    }

    private mutating func status(_ node: Node, _ path: String) -> Status {
        var fields = PolicyFields(
            node,
            path: path,
            known: ["key", "name", "category", "requires_assignee", "reply", "reopen_within"]
        )
        let status = Status(
            key: fields.key("key"),
            name: fields.text("name", bytes: Self.nameBytes),
            category: fields.word("category", of: Self.categories) ?? .new,
            requiresAssignee: fields.flag("requires_assignee", otherwise: false),
            reply: reply(&fields)
        )
        problems += fields.problems
        return status
    }

    private func reply(_ fields: inout PolicyFields) -> ReplyPolicy {
        let span = fields.duration("reopen_within")
        let word = fields.word(
            "reply",
            of: ["append", "reopen", "new_request"].map { ($0, $0) }
        )
        if word == "reopen" {
            if !fields.has("reopen_within") {
                fields.refuse(
                    "reopen_within",
                    "is missing, with reply: reopen",
                    allowed: PolicyDuration.allowed
                )
            }
            return .appendWithin(span ?? .zero)
        }
        if fields.has("reopen_within") {
            fields.refuse("reopen_within", "is only for reply: reopen")
        }
        return word == "append" ? .append : .newRequest
    }

    private mutating func transition(
        _ node: Node,
        _ path: String,
        statuses: [StatusKey]
    ) -> Transition? {
        var fields = PolicyFields(node, path: path, known: ["on", "from", "to"])
        let words = statuses.map { ($0, $0) }
        let trigger = fields.word("on", of: Self.triggers)
        let target = fields.word("to", of: words)
        var sources: [StatusKey] = []
        for (source, place) in fields.list("from", limit: Self.listLimit) {
            if let key = source.string, statuses.contains(key) {
                sources.append(key)
            } else {
                problems.append(
                    PolicyProblem(path: place, rule: "is no status", allowed: statuses)
                )
            }
        }
        problems += fields.problems
        guard let trigger, let target else { return nil }
        return Transition(on: trigger, from: sources, to: target)
    }

    private mutating func channel(_ node: Node, _ path: String) -> Channel {
        var fields = PolicyFields(node, path: path, known: ["key", "name", "inactive_after"])
        let channel = Channel(
            key: fields.key("key"),
            name: fields.text("name", bytes: Self.nameBytes),
            inactiveAfter: fields.duration("inactive_after")
        )
        problems += fields.problems
        return channel
    }
}
