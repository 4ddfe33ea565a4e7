/// What a command does: the facts that follow from it, and the state after them.
package struct Decision: Hashable, Sendable {
    /// The facts, in order; none when everything is as the command wants it.
    package let events: [Event]
    /// The state after the facts: what applying them one by one gives.
    package let after: Situation
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
    switch command {
    case .openConversation(let opening): try decider.open(opening)
    case .post(let post): try decider.post(post)
    case .markRead(let mark): try decider.markRead(mark)
    case .take: try decider.take()
    case .assign(let assignment): try decider.assign(assignment)
    case .postNote(let note): try decider.postNote(note)
    case .finish(let finish): try decider.finish(finish)
    case .endInactiveSession(let ending): try decider.endInactiveSession(ending)
    }
    return Decision(events: decider.events, after: decider.situation)
}
