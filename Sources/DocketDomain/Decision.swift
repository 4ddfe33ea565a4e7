/// What a command does: the facts that follow from it, and the state after them.
package struct Decision: Hashable, Sendable {
    /// The facts, in order; none when everything is as the command wants it.
    package let events: [Event]
    /// The state after the facts: what applying them one by one gives.
    package let after: Situation
    /// Whether the chance of `Circumstances.newRequestID` was used for an id.
    package let usesChance: Bool
}

/// Decides a command.
///
/// The decision is a function of its arguments alone: no clock, no chance, no store.
///
/// - Parameters:
///   - command: What is asked.
///   - situation: The state that the command touches.
///   - circumstances: Who asks, when, and by which rules.
/// - Returns: The facts that follow and the state after them.
/// - Throws: A `Rejection`; nothing changes then.
package func decide(
    _ command: Command,
    in situation: Situation,
    under circumstances: Circumstances
) throws(Rejection) -> Decision {
    var decider = Decider(situation: situation, circumstances: circumstances)
    try command.decide(in: &decider)
    return Decision(
        events: decider.events,
        after: decider.situation,
        usesChance: decider.usesChance
    )
}
