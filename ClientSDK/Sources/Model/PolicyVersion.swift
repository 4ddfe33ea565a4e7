/// A policy that came into force.
public struct PolicyVersion: Hashable, Sendable {
    /// The version, from 1.
    public let version: UInt64
    /// What people call it.
    public let name: String
    /// When it came into force.
    public let appliedAt: Timestamp
    /// Who applied it; nil where that is not told.
    public let appliedBy: Party?
    /// Its place in the order of everything.
    public let offset: UInt64
}

/// A policy with its document.
public struct AppliedPolicy: Hashable, Sendable {
    /// What is known of it.
    public let version: PolicyVersion
    /// The document as it was applied, YAML.
    public let text: String
}

/// That a policy has come into force.
public struct PolicyReceipt: Hashable, Sendable {
    /// Its version.
    public let version: UInt64
    /// Its place in the order of everything.
    public let offset: UInt64
}

/// One thing that is wrong with a policy.
public struct PolicyFault: Hashable, Sendable {
    /// Where it is, such as `statuses[2].category`.
    public let path: String
    /// The rule that is broken.
    public let rule: String
    /// What is allowed there; empty where that cannot be listed.
    public let allowed: [String]

    /// Describes something that is wrong.
    public init(path: String, rule: String, allowed: [String]) {
        self.path = path
        self.rule = rule
        self.allowed = allowed
    }
}
