/// Where a test ends the process, to see what is left of a profile that is erased.
package enum ErasingFailpoint: String, CaseIterable, Sendable {
    /// It is durable that the profile is to be erased, and all of it is there.
    case marked
    /// What signs in again is gone.
    case secretsRemoved = "secrets_removed"
    /// Everything is gone but the mark.
    case emptied
}
