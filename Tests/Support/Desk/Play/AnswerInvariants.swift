package import DocketDesk
package import DocketDomain

/// What was asked, the answer, and what it did.
package struct PlayAnswer: Sendable {
    /// The command that was asked for; `nil` where it was another policy.
    package let command: Command?
    /// The answer.
    package let reply: Reply
    /// The answer that decided it before, where there was one.
    package let earlierReply: Reply?
    /// Whether it was submitted before.
    package let wasSubmitted: Bool
    /// Whether the store may take nothing at the moment.
    package let mayBeUnavailable: Bool
    /// The state before it.
    package let before: PlayModel
    /// The state after it.
    package let after: PlayModel
    /// What it did, and timers beside it.
    package let events: [Event]

    /// Whether it was decided before, so that it has no further effect.
    ///
    /// Whoever has asked and got no answer does not know.
    var isRepetition: Bool {
        earlierReply != nil || (wasSubmitted && reply.acceptance?.isRepetition == true)
    }

    /// What the command itself did.
    fileprivate var own: [Event] { events.filter { $0.way != .timer } }
}

/// An invariant that every answer has to keep.
package struct AnswerInvariant: Sendable {
    private let name: String
    private let problem: @Sendable (PlayAnswer) -> String?

    init(_ name: String, _ problem: @escaping @Sendable (PlayAnswer) -> String?) {
        self.name = name
        self.problem = problem
    }

    /// What is wrong with an answer.
    package func finding(in answer: PlayAnswer) -> PlayFinding? {
        problem(answer).map { text in
            PlayFinding(name, offset: UInt64(answer.after.entries.count), text)
        }
    }

    /// Every invariant of answers.
    package static let all = [
        refusals, repetitions, sameAnswers, routing, forwarding, successors, offers, authors,
    ]

    /// Those that say nothing of what each command did, which nobody can tell where several were
    /// asked for at once.
    package static let ofSeveral = [refusals, sameAnswers]

    /// I3: a refused command leaves no event.
    private static let refusals = AnswerInvariant("I3 refusal") { answer in
        if case .accepted = answer.reply { return nil }
        if case .unavailable(let reason) = answer.reply {
            guard answer.mayBeUnavailable else { return "unavailable, \(reason)" }
            guard reason.isNotProcessed else { return nil }
        }
        return answer.own.isEmpty ? nil : "refused, and yet: \(answer.own.map(\.fact))"
    }

    /// The same command again has no second effect.
    private static let repetitions = AnswerInvariant("I12 repetition") { answer in
        answer.isRepetition && !answer.own.isEmpty ? "a repetition had an effect" : nil
    }

    /// The same command again gets the answer that it had, and one that is new is not taken for a
    /// repetition.
    private static let sameAnswers = AnswerInvariant("I12 answer") { answer in
        guard answer.reply.unavailability == nil else { return nil }
        guard let earlier = answer.earlierReply else {
            return !answer.wasSubmitted && answer.reply.acceptance?.isRepetition == true
                ? "it was never asked before" : nil
        }
        return earlier.isSame(as: answer.reply)
            ? nil : "it was answered \(earlier), and now \(answer.reply)"
    }

    /// I15: a contact's message that names no request goes to the newest of the conversation, or
    /// opens a new one.
    private static let routing = AnswerInvariant("I15 newest") { answer in
        guard case .post(let post)? = answer.command, post.request == nil, !answer.isRepetition,
            let conversation = post.conversation,
            case .message(let posted)? = answer.reply.acceptance?.result
        else { return nil }
        let newest = answer.before.conversation(conversation)?.newestRequest
        let isNew = !answer.before.order.contains(posted.request)
        return isNew || posted.request == newest ? nil : "it went to another request"
    }

    /// I17: what a contact writes to a merged request goes on in the one that has its content, or
    /// opens a new request where that takes no message.
    private static let forwarding = AnswerInvariant("I17 message") { answer in
        guard case .post(let post)? = answer.command, !answer.isRepetition,
            let named = post.request.flatMap(answer.before.request), named.category == .merged,
            case .message(let posted)? = answer.reply.acceptance?.result,
            let survivor = named.details.mergedInto.flatMap({ answer.before.request($0.id) })
        else { return nil }
        guard answer.before.order.contains(posted.request) else {
            let reply = answer.before.policy.status(survivor.status)?.reply
            return reply == .append && survivor.category != .deleted
                ? "\(survivor.number) takes messages" : nil
        }
        return posted.request == survivor.id ? nil : "it went to another request"
    }

    /// O13: a live chat that is merged goes on with the agent who has it.
    private static let successors = AnswerInvariant("O13 agent") { answer in
        guard case .merge? = answer.command, !answer.isRepetition else { return nil }
        for event in answer.own {
            guard case .merged(let into, _) = event.fact, let id = event.request?.id,
                let source = answer.before.request(id), source.session != nil,
                let agent = source.assignee, let heir = answer.after.request(into.id),
                heir.session != nil
            else { continue }
            guard heir.assignee == agent else { return "\(agent.name) no longer has it" }
        }
        return nil
    }

    /// I14: new messages are split off while that is offered, and not otherwise.
    private static let offers = AnswerInvariant("I14 offer") { answer in
        guard case .splitNewMessages(let id)? = answer.command, !answer.isRepetition,
            case .refused(.splitNotOffered) = answer.reply,
            let request = answer.before.request(id), request.session != nil,
            let reactivation = request.details.reactivation,
            answer.before.policy.status(reactivation.statusBefore) != nil
        else { return nil }
        // Whoever wrote the later messages, the first of them is the contact's, unless it was
        // split off by itself.
        let first = answer.before.messages[id]?.first {
            $0.sequence == reactivation.firstSequence
        }
        return first == nil ? nil : "it was offered"
    }

    /// I40: the author's time is kept as it was told.
    private static let authors = AnswerInvariant("I40 author's time") { answer in
        guard case .post(let post)? = answer.command, !answer.isRepetition,
            case .accepted = answer.reply
        else { return nil }
        let kept = answer.own.contains { event in
            guard case .messagePosted(let message) = event.fact else { return false }
            return message.id == post.id && message.authoredAt == post.authoredAt
                && message.text == post.text
        }
        return kept ? nil : "the message is not as it was sent"
    }
}

extension Reply {
    /// Whether this may answer the same command as another answer: some tell how things are now.
    package func isSame(as other: Reply) -> Bool {
        switch (self, other) {
        case (.accepted(let one), .accepted(let two)):
            guard one.offset == two.offset else { return false }
            switch (one.result, two.result) {
            case (.message(let one), .message(let two)): return one == two
            case (.note(let one), .note(let two)): return one == two
            case (.policy(let one), .policy(let two)): return one == two
            default: return true
            }
        case (.refused(let one), .refused(let two)): return one == two
        case (.keyReused, .keyReused): return true
        case (.unavailable(let one), .unavailable(let two)): return one == two
        default: return false
        }
    }
}
