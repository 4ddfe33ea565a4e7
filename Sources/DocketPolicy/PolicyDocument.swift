package import DocketDomain
internal import Yams

/// A policy as a YAML document.
package enum PolicyDocument {
    /// The longest document, in bytes: a hundred times the default one.
    private static let byteLimit = 256 * 1024

    /// The document of the shipped default policy.
    package static var defaultText: String {
        String(decoding: PackageResources.default_yaml, as: UTF8.self)
    }

    /// Reads a document and validates it as a whole.
    ///
    /// - Throws: A `PolicyError` with everything that is wrong.
    package static func parse(_ text: String) throws(PolicyError) -> Policy {
        guard text.utf8.count <= byteLimit else {
            throw problem("a policy has at most \(byteLimit) bytes")
        }
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw problem("this is not YAML: \(error)")
        }
        guard let root else { throw problem("the document is empty") }
        var reader = PolicyReader()
        return try reader.policy(root)
    }

    private static func problem(_ rule: String) -> PolicyError {
        PolicyError(problems: [PolicyProblem(path: "document", rule: rule)])
    }

    /// Writes a policy as a document that reads back as the same policy.
    package static func text(of policy: Policy) -> String {
        var lines = [
            "version: \(PolicyReader.version)",
            "initial_status: \(policy.initialStatus.key)",
            "finish_status: \(policy.finishStatus.key)",
            "answering_takes: \(policy.answeringTakes)",
            "statuses:",
        ]
        lines += policy.statuses.flatMap(status)
        lines.append("transitions:")
        for transition in policy.transitions {
            lines += [
                "  - on: \(transition.trigger.rawValue)",
                "    from: [\(transition.from.joined(separator: ", "))]",
                "    to: \(transition.to)",
            ]
        }
        lines.append("channels:")
        lines += policy.channels.flatMap(channel)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func status(_ status: Status) -> [String] {
        let reply: [String] =
            switch status.reply {
            case .append: ["    reply: append"]
            case .appendWithin(let span):
                ["    reply: reopen", "    reopen_within: \(PolicyDuration.text(of: span))"]
            case .newRequest: ["    reply: new_request"]
            }
        return [
            "  - key: \(status.key)",
            "    name: \(quoted(status.name))",
            "    category: \(PolicyReader.name(of: status.category))",
            "    requires_assignee: \(status.requiresAssignee)",
        ] + reply
    }

    private static func channel(_ channel: Channel) -> [String] {
        var lines = ["  - key: \(channel.key)", "    name: \(quoted(channel.name))"]
        if let span = channel.inactiveAfter {
            lines.append("    inactive_after: \(PolicyDuration.text(of: span))")
        }
        return lines
    }

    /// A name in double quotes, so that none is taken for a number or a truth value.
    private static func quoted(_ name: String) -> String {
        let escaped = name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(escaped)\""
    }
}
