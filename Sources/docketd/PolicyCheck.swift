internal import DocketDomain
internal import DocketPolicy

/// What `docketd check` says of a policy.
enum PolicyCheck {
    /// Reads a policy, or the shipped default; gives a line about it.
    static func read(_ path: String?) throws -> String {
        let text = try path.map(StartingRules.read) ?? PolicyDocument.defaultText
        let policy = try PolicyDocument.parse(text)
        return "\(policy.name): \(policy.statuses.count) statuses, "
            + "\(policy.transitions.count) transitions, \(policy.channels.count) channels"
    }
}
