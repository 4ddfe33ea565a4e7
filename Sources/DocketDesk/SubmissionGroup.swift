/// Several submissions of one call, which share a transaction.
package struct SubmissionGroup: Sendable {
    /// How they depend on each other.
    package enum Bond: Sendable {
        /// They take effect in their order; behind the first that does not, none is looked at.
        case lane
        /// Each stands for itself.
        case independent
    }

    /// The submissions, in order.
    package let submissions: [Submission]
    /// How they depend on each other.
    package let bond: Bond

    /// Puts submissions together.
    package init(_ submissions: [Submission], bond: Bond) {
        self.submissions = submissions
        self.bond = bond
    }
}
