import DocketDomain

extension StateTable {
    /// The policy as tables: its statuses, its transitions, and for each kind what follows on what
    /// by whom.
    var text: String {
        var parts = ["\(content.name)", kindsText, statusesText, transitionsText]
        parts += content.kinds.map { matrixText(of: $0.kind) }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private var kindsText: String {
        let rows = content.kinds.map { rules in
            [
                rules.kind.word, rules.initialStatus, rules.finishStatus,
                rules.isForwardOnly ? "forward only" : "",
            ]
        }
        return Columns.text([["KIND", "BEGINS IN", "IS FINISHED IN", "MOVES"]] + rows)
    }

    private var statusesText: String {
        let heading = [
            "STATUS", "NAME", "CATEGORY", "RANK", "KINDS", "FLAGS", "WAITS FOR", "ON A REPLY",
        ]
        let rows = content.statuses.map { status in
            [
                status.key, status.name, "\(status.category)", "\(status.rank)",
                status.kinds.map(\.word).joined(separator: " "), flags(of: status),
                waiting(of: status), reply(of: status),
            ]
        }
        return Columns.text([heading] + rows)
    }

    private func flags(of status: Status) -> String {
        [
            status.isDefault ? "default" : nil,
            status.requiresAssignee ? "requires_assignee" : nil,
            status.isTransient ? "transient" : nil,
        ].compactMap(\.self).joined(separator: " ")
    }

    private func waiting(of status: Status) -> String {
        switch status.waitingFor {
        case .customer: "customer"
        case .thirdParty: "third party"
        case .colleague: "colleague"
        case .time: "time"
        case nil: ""
        }
    }

    private func reply(of status: Status) -> String {
        switch status.reply {
        case .append: "append"
        case .appendWithin(let span): "append for \(span.components.seconds) s"
        case .newRequest: "new request"
        case .refuse: "refused"
        }
    }

    private var transitionsText: String {
        let heading = ["ON", "FROM", "TO", "BY", "ONLY", "AND THEN"]
        let rows = content.transitions.map { line in
            [
                line.trigger.rawValue,
                line.from.isEmpty ? "any" : line.from.joined(separator: " "),
                line.to,
                line.actors.words.joined(separator: " "),
                limits(of: line),
                line.effects.map(effect).joined(separator: "; "),
            ]
        }
        return Columns.text([heading] + rows)
    }

    private func limits(of line: Transition) -> String {
        let parts = [
            line.condition.map { "when \(condition($0))" },
            line.requirements.isEmpty
                ? nil : "with " + line.requirements.map(\.rawValue).joined(separator: " "),
            line.after.map { "after \($0.components.seconds) s" },
        ]
        return parts.compactMap(\.self).joined(separator: ", ")
    }

    private func condition(_ condition: Condition) -> String {
        switch condition {
        case .all(let parts): "all(\(parts.map(self.condition).joined(separator: ", ")))"
        case .any(let parts): "any(\(parts.map(self.condition).joined(separator: ", ")))"
        case .none(let parts): "none(\(parts.map(self.condition).joined(separator: ", ")))"
        case .matches(let subject, let values):
            "\(subject) is \(values.joined(separator: " or "))"
        }
    }

    private func effect(_ effect: Effect) -> String {
        switch effect {
        case .tell(let text): "tell: \(text)"
        case .tag(let tag): "tag: \(tag)"
        case .release: "release"
        }
    }

    // MARK: What follows on what

    /// What follows in each status, on each trigger, for each actor.
    ///
    /// A `?` marks what also depends on a condition, and a `!` what also asks for something. Of a
    /// trigger that is followed by itself the first that fits counts, of `set` and `finished`
    /// somebody chooses.
    private func matrixText(of kind: RequestKind) -> String {
        let heading = ["\(kind.word.uppercased()) IN", "ON"] + Self.actors.map(\.heading)
        var rows: [[String]] = []
        for status in statuses(of: kind) {
            var name = status.key
            for trigger in Trigger.allCases {
                let cells = Self.actors.map { cell(trigger, status.key, kind, $0.actors) }
                guard cells.contains(where: { $0 != "-" }) else { continue }
                rows.append([name, trigger.rawValue] + cells)
                name = ""
            }
            if !name.isEmpty { rows.append([name, "nothing"] + Self.actors.map { _ in "-" }) }
        }
        return Columns.text([heading] + rows)
    }

    private func cell(
        _ trigger: Trigger,
        _ key: StatusKey,
        _ kind: RequestKind,
        _ actors: ActorSet
    ) -> String {
        var words: [String] = []
        for line in lines(trigger, key, kind) where !line.actors.isDisjoint(with: actors) {
            let marks =
                (line.condition == nil ? "" : "?") + (line.requirements.isEmpty ? "" : "!")
            words.append(line.to + marks)
            if marks.isEmpty, trigger != .set, trigger != .finished { break }
        }
        return words.isEmpty ? "-" : words.joined(separator: " ")
    }
}

/// Text in columns.
enum Columns {
    /// Rows with their cells below each other.
    static func text(_ rows: [[String]]) -> String {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                cell + String(repeating: " ", count: widths[column] - cell.count)
            }
            let line = cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }.joined(separator: "\n")
    }
}
