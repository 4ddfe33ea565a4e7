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
    switch command {
    case .openConversation(let opening): try decider.open(opening)
    case .post(let post): try decider.post(post)
    case .markRead(let mark): try decider.markRead(mark)
    case .markReceived(let mark): try decider.markReceived(mark)
    case .createRequest(let creation): try decider.create(creation)
    case .take: try decider.take()
    case .assign(let assignment): try decider.assign(assignment)
    case .view: try decider.view()
    case .postNote(let note): try decider.postNote(note)
    case .setStatus(let setting): try decider.set(setting)
    case .finish(let finish): try decider.finish(finish)
    case .edit(let edit): try decider.edit(edit)
    case .splitNewMessages: try decider.splitNewMessages()
    case .splitMessages(let split): try decider.split(split)
    case .merge(let merge): try decider.merge(merge)
    case .link(let link): try decider.link(link)
    case .unlink(let link): try decider.unlink(link)
    case .delete: try decider.delete()
    case .restore: try decider.restore()
    case .endInactiveSession(let ending): try decider.endInactiveSession(ending)
    case .wake(let timer): try decider.wake(timer)
    case .elapse(let timer): try decider.elapse(timer)
    }
    return Decision(
        events: decider.events,
        after: decider.situation,
        usesChance: decider.usesChance
    )
}
