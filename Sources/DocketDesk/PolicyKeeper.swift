package import DocketDomain
internal import Synchronization

/// Holds the rules in force, for everybody who asks between two transactions.
final class PolicyKeeper: Sendable {
    private let state: Mutex<Policy>

    init(_ policy: Policy) { state = Mutex(policy) }

    /// The rules in force.
    var current: Policy { state.withLock { $0 } }

    /// Puts others into force, after the commit that says so.
    func put(_ policy: Policy) { state.withLock { $0 = policy } }
}

/// A policy to be put into force: the document, and what it says.
package struct PolicyChange: Sendable {
    /// The document.
    package let text: String
    /// What it says.
    package let policy: Policy

    /// Describes a policy to be put into force.
    package init(text: String, policy: Policy) {
        self.text = text
        self.policy = policy
    }
}
