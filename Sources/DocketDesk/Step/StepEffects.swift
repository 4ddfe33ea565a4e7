internal import DocketDomain
internal import DocketStore

/// What follows from a step: for the store to keep, and for everybody else once that is durable.
struct StepEffects: Sendable {
    /// What is durable with the commit, in the order in which it is written.
    var durable: [StepEffect] = []
    /// The rules that come into force.
    var policy: Policy?
    /// Whether the chance was used for an id.
    var usesChance = false
    /// Whether requests are left whose timers follow the previous rules; `nil` where none were
    /// revised.
    var hasMoreToRevise: Bool?
}
