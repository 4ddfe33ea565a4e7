/// What has a version that a command may expect.
package enum Versioned: String, Sendable, CaseIterable {
    /// A request.
    case request
    /// A contact.
    case contact
    /// A company.
    case company
    /// The policy in force.
    case policy
    /// What has no version, or is made by the command: it counts as being at version 0.
    case nothing
}
