internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketPolicy

/// One line of JSON about policies.
struct PolicyLine: Encodable {
    /// What a line tells.
    enum Kind: String, Encodable {
        case policy
        case problem = "policy_problem"
        case difference = "policy_difference"
        case preset = "policy_preset"
    }

    let v = JSONLine.version
    let type: Kind
    var version: UInt64?
    var name: String?
    var appliedAt: String?
    var appliedBy: String?
    var offset: UInt64?
    var text: String?
    var path: String?
    var rule: String?
    var allowed: [String]?
    var before: String?
    var after: String?

    private init(_ type: Kind) {
        self.type = type
    }

    /// A policy that came into force, with its document where that was asked for.
    init(_ entry: PolicyVersion, text: String? = nil) {
        self.init(.policy)
        version = entry.version
        name = entry.name
        appliedAt = LocalCalendar.rfc3339(entry.appliedAt)
        appliedBy = entry.appliedBy?.name
        offset = entry.offset
        self.text = text
    }

    /// A policy that has come into force just now.
    init(_ receipt: PolicyReceipt) {
        self.init(.policy)
        version = receipt.version
        offset = receipt.offset
    }

    /// One thing that is wrong.
    init(_ finding: PolicyFault) {
        self.init(.problem)
        path = finding.path
        rule = finding.rule
        allowed = finding.allowed
    }

    /// One thing in which two policies differ.
    init(_ difference: PolicyDifference) {
        self.init(.difference)
        path = difference.path
        before = difference.before
        after = difference.after
    }

    /// A policy that is shipped, with its document where that was asked for.
    init(_ preset: PolicyPreset, text: String? = nil) {
        self.init(.preset)
        name = preset.name
        self.text = text
    }
}
