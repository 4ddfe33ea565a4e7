/// One thing that is wrong with a policy document.
package struct PolicyProblem: Hashable, Sendable, CustomStringConvertible {
    /// Where it is, such as `statuses[2].category`.
    package let path: String
    /// The rule that is broken.
    package let rule: String
    /// What is allowed there.
    package let allowed: [String]

    /// Describes what is wrong.
    package init(path: String, rule: String, allowed: [String] = []) {
        self.path = path
        self.rule = rule
        self.allowed = allowed
    }

    /// The problem as one line for a person.
    package var description: String {
        let list = allowed.isEmpty ? "" : "; allowed: \(allowed.joined(separator: ", "))"
        return "\(path): \(rule)\(list)"
    }
}

/// Why a document is not a policy: everything that is wrong with it, as it was found.
package struct PolicyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong; at least one thing.
    package let problems: [PolicyProblem]

    /// Says what is wrong.
    package init(problems: [PolicyProblem]) { self.problems = problems }

    /// The problems, one a line.
    package var description: String {
        problems.map(\.description).joined(separator: "\n")
    }
}
