/// What is made of the log behind its commits, and can be made of it again.
///
/// A commit writes the log and what the log does not hold. Everything else follows: each follower
/// has an offset of its own, up to which it has come, and is brought on in bounded steps.
package enum Follower: String, Sendable, CaseIterable {
    /// The rows of requests, and the indexes over the log.
    case rows
    /// What a search finds.
    case search
}
