package import DocketDomain

/// An invariant that every request has to keep between two transactions.
package struct RequestInvariant: Sendable {
    private let name: String
    private let problem: @Sendable (SupportRequest, PlayModel) -> String?

    init(_ name: String, _ problem: @escaping @Sendable (SupportRequest, PlayModel) -> String?) {
        self.name = name
        self.problem = problem
    }

    /// What is wrong with a request.
    package func finding(in request: SupportRequest, _ model: PlayModel) -> PlayFinding? {
        problem(request, model).map { text in
            PlayFinding(
                name,
                request: request.number,
                offset: UInt64(model.entries.count),
                text
            )
        }
    }

    /// Every invariant of requests.
    package static let all = [
        status, description, agent, transience, rest, depth, marks, replies, deletion,
    ]

    /// I2 and I5: the status is one that the policy in force has, with its category.
    private static let status = RequestInvariant("I5 status") { request, model in
        model.policy.status(request.status)?.category == request.category
            ? nil : "the policy has no \(request.status) of \(request.category)"
    }

    /// I7: a request is described by the first message that it has, and has a title where its
    /// channel asks for one.
    private static let description = RequestInvariant("I7 description") { request, model in
        if request.description.isEmpty { return "it has no description" }
        let first = model.messages[request.id]?.first.flatMap { model.beginnings[$0.message] }
        if let first, first != request.description { return "its first message says \(first)" }
        let needsTitle = model.policy.channel(request.channel)?.requiresTitle ?? false
        return needsTitle && request.details.title == nil ? "it has no title" : nil
    }

    /// A status that needs an agent has one, by the rules under which it was entered.
    private static let agent = RequestInvariant("Agent") { request, model in
        let policy = model.policies[request.id] ?? model.policy
        let needsAgent = policy.status(request.status)?.requiresAssignee ?? false
        return needsAgent && request.assignee == nil
            ? "nobody has it in \(request.status)" : nil
    }

    /// A transient status is left within the transaction that entered it.
    private static let transience = RequestInvariant("Transience") { request, model in
        let policy = model.policies[request.id] ?? model.policy
        return policy.status(request.status)?.isTransient == true
            ? "it stays in \(request.status)" : nil
    }

    /// I28: what is merged or deleted is at rest.
    private static let rest = RequestInvariant("I28 rest") { request, _ in
        guard request.category == .merged || request.category == .deleted else { return nil }
        return request.session == nil && request.details.wakeAt == nil ? nil : "something goes on"
    }

    /// I17: whoever follows a merge takes one step, and the survivor knows of it.
    private static let depth = RequestInvariant("I17 depth") { request, model in
        let isMerged = request.category == .merged
        guard (request.details.mergedInto != nil) == isMerged else { return "merged into nothing" }
        for source in request.details.sources {
            let earlier = model.request(source.id)
            guard !isMerged else { break }
            guard earlier?.details.mergedInto == request.reference else {
                return "source \(source.number) points elsewhere"
            }
        }
        guard let survivor = request.details.mergedInto.flatMap({ model.request($0.id) }) else {
            return isMerged ? "merged into nothing" : nil
        }
        guard survivor.category != .merged else {
            return "merged into \(survivor.number), which is merged itself"
        }
        return survivor.details.sources.contains(request.reference)
            ? nil : "the survivor \(survivor.number) does not know of it"
    }

    /// I26: a request that holds an agent's answer has its first reply recorded, no later than it.
    ///
    /// Where the clock was set back, earlier and later say nothing.
    private static let replies = RequestInvariant("I26 first reply") { request, model in
        let answers = (model.messages[request.id] ?? []).compactMap { model.answers[$0.message] }
        guard let first = answers.min() else { return nil }
        guard let recorded = request.details.firstRepliedAt else { return "nobody answered" }
        return recorded <= first || model.hasGoneBack
            ? nil : "answered at \(first), and recorded at \(recorded)"
    }

    /// What a deleted request gets back is kept as long as it is deleted.
    private static let deletion = RequestInvariant("Restoration") { request, _ in
        (request.category == .deleted) == (request.details.restBefore != nil)
            ? nil : "it cannot rest again as before"
    }

    /// What counts of a request never says more than was said of it, and its places are in the
    /// order of the log however often messages went to and fro.
    private static let marks = RequestInvariant("I12 count") { request, model in
        let places = model.messages[request.id] ?? []
        let isSorted = zip(places, places.dropFirst()).allSatisfy { one, next in
            let (offset, later) = (model.offsets[one.message], model.offsets[next.message])
            return one.sequence < next.sequence && offset ?? 0 < later ?? 0
        }
        return isSorted && (places.last?.sequence ?? 0) <= request.sequence
            ? nil : "its places are out of order"
    }
}
