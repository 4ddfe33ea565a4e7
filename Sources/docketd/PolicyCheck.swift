internal import DocketDomain
internal import DocketPolicy

/// What `docketd check` says of a policy.
enum PolicyCheck {
    /// Reads a policy; gives a line about it.
    static func read(_ path: String?) throws -> String {
        let policy = try PolicyDocument.read(path)
        return "\(policy.statuses.count) statuses, \(policy.transitions.count) transitions, "
            + "\(policy.channels.count) channels"
    }
}
