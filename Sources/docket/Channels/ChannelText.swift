internal import DocketClient
internal import DocketCommandLine
internal import DocketTerminal

/// Channels as people read them.
enum ChannelText {
    /// One row for each channel.
    static func table(of channels: [ReachableChannel]) -> TextTable {
        var table = TextTable(columns: [
            .init("KEY", isWhole: true, importance: .key), .init("NAME"),
            .init("OPENS", importance: .useful), .init("TITLE", importance: .useful),
            .init("MUST HAVE", importance: .detail),
        ])
        for channel in channels {
            let required = channel.form()?.required.sorted().joined(separator: ", ") ?? ""
            table.append([
                "\(channel.key)", "\(channel.name)", "\(channel.opens.rawValue)",
                "\(channel.requiresTitle ? "required" : "")", "\(required)",
            ])
        }
        return table
    }

    /// Everything about a channel, with the form of a request whose author says no topic.
    static func lines(of channel: ReachableChannel) -> [TerminalText] {
        let limits = channel.limits
        var lines: [TerminalText] = [
            "channel: \(channel.key) (\(channel.name))",
            "opens: \(channel.opens.rawValue)",
            "title: \(channel.requiresTitle ? "required" : "optional")",
        ]
        if channel.separatesMessages {
            lines.append("each message that answers none begins a request")
        }
        if let topic = channel.defaultTopic { lines.append("topic if none is given: \(topic)") }
        lines += list("topics", channel.topics.map { ($0.key, $0.name) })
        for form in channel.forms {
            lines += list("types of a \(form.kind.rawValue)", form.types.map { ($0.key, $0.name) })
            lines += list(
                "fields of a \(form.kind.rawValue)",
                form.fields.map { field in
                    let need = form.required.contains(field.key) ? ", required" : ""
                    return (field.key, "\(field.name): \(word(for: field.content))\(need)")
                }
            )
        }
        lines += list("priorities", channel.priorities.map { ($0.key, $0.name) })
        lines += list("statuses", channel.statuses.map { ($0.key, $0.name) })
        let types =
            limits.attachmentTypes.isEmpty
            ? "" : ", only " + limits.attachmentTypes.joined(separator: ", ")
        lines.append("text: up to \(limits.textBytes) bytes; title: up to \(limits.titleBytes)")
        lines.append(
            "files: up to \(limits.attachments) of up to \(limits.attachmentBytes) bytes\(types)"
        )
        return lines
    }

    private static func list(
        _ title: TerminalText,
        _ entries: [(key: String, name: String)]
    ) -> [TerminalText] {
        guard !entries.isEmpty else { return [] }
        return ["\(title):"] + entries.map { "  \($0.key): \($0.name)" }
    }

    /// What a field holds, in a few words.
    static func word(for content: FieldChoice.Content) -> String {
        switch content {
        case .text(let bytes): "text of up to \(bytes) bytes"
        case .integer(let range): "number from \(range.lowerBound) to \(range.upperBound)"
        case .decimal: "decimal number"
        case .flag: "yes or no"
        case .date: "day as YYYY-MM-DD"
        case .choice(let words): "one of " + words.joined(separator: ", ")
        case .choices(let words): "some of " + words.joined(separator: ", ")
        case .unknown: "something that this version does not know"
        }
    }
}
