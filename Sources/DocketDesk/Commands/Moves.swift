internal import DocketDomain
internal import DocketStore

/// Makes a request of some of another's messages.
struct Splitting: RequestChange {
    let command: Command
    let request: RequestID

    func perform(in step: inout Step) throws(Interruption) -> Acceptance {
        var situation = try step.workspace.situation(ofRequest: request)
        if let request = situation.request { situation.messages = try step.messages(of: request) }
        // Who has it gets what is split off, as a member of that one's topic.
        let channel = situation.request.flatMap { step.policy.channel($0.channel) }
        let circumstances = try step.circumstances(
            in: situation,
            holder: Step.Holder(agent: situation.request?.assignee, topic: channel?.defaultTopic)
        )
        return step.accept(try step.decide(command, in: situation, under: circumstances))
    }
}

extension MergeRequests: RequestChange {
    func perform(in step: inout Step) throws(Interruption) -> Acceptance {
        let situation = try situation(in: step)
        // The agent of a live chat goes on with it in the survivor.
        let merging = situation.merging
        let circumstances = try step.circumstances(
            in: situation,
            holder: Step.Holder(
                agent: merging?.source.assignee,
                topic: merging?.survivor.details.topic
            )
        )
        return step.accept(try step.decide(.merge(self), in: situation, under: circumstances))
    }

    /// The two requests, with the messages of the newer, which go to the older.
    private func situation(in step: borrowing Step) throws(Interruption) -> Situation {
        var situation = try step.workspace.situation(ofRequest: request)
        guard let named = situation.request, let other = try other(than: named, in: step) else {
            return situation
        }
        situation.others = [other]
        guard let (survivor, source) = situation.merging else { return situation }
        for earlier in source.details.sources {
            guard let merged = try step.workspace.request(earlier.id) else { continue }
            situation.others.append(merged)
        }
        situation.nextNewest = try step.workspace.find(
            NewestNeed(conversation: source.conversation, request: source.id)
        )
        if named.conversation == other.conversation {
            situation.messages = try step.messages(of: source)
            try loadPlaces(of: survivor, in: &situation, step)
        }
        return situation
    }

    /// Takes in what of the survivor was said after the first message that it takes, and where it
    /// begins.
    private func loadPlaces(
        of survivor: SupportRequest,
        in situation: inout Situation,
        _ step: Step
    ) throws(Interruption) {
        guard let first = situation.messages.first?.offset else { return }
        situation.laterMessages = try step.messages(of: survivor, after: first)
        let limit = step.conditions.limits.examinedForMove
        let need = FirstMessageNeed(request: survivor.id, limit: limit)
        situation.survivorBegins = try step.workspace.find(need)
    }

    private func other(
        than named: SupportRequest,
        in step: Step
    ) throws(Interruption) -> SupportRequest? {
        guard let other else {
            return try step.workspace.find(PreviousNeed(request: named.id))
        }
        return other == named.id ? nil : try step.workspace.request(other)
    }
}
