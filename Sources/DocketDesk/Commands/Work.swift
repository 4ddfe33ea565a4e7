internal import DocketDomain
internal import DocketStore

/// What an agent, or a timer, does with one request, and needs nothing else for.
struct Working: RequestChange {
    let command: Command
    let request: RequestID

    func perform(in step: inout Step) throws(Interruption) -> Acceptance {
        let situation = try step.workspace.situation(ofRequest: request)
        let circumstances = try step.circumstances(in: situation)
        return step.accept(try step.decide(command, in: situation, under: circumstances))
    }
}

extension Assign: RequestChange {
    func perform(in step: inout Step) throws(Interruption) -> Acceptance {
        let situation = try step.workspace.situation(ofRequest: request)
        var named: Agent?
        if let agent { named = try step.agent(agent) }
        let topic = situation.request?.details.topic
        let circumstances = try step.circumstances(
            in: situation,
            holder: Step.Holder(agent: named, topic: topic)
        )
        return step.accept(try step.decide(.assign(self), in: situation, under: circumstances))
    }
}

extension EditRequest: RequestChange {
    func perform(in step: inout Step) throws(Interruption) -> Acceptance {
        let situation = try step.workspace.situation(ofRequest: request)
        var agents: [Agent] = []
        var contacts: [Contact] = []
        for edit in edits.prefix(RequestLimits.edits) {
            switch edit {
            case .addWatcher(let id):
                if let agent = try step.agent(id) { agents.append(agent) }
            case .addParticipant(let id):
                let record = try step.workspace.find(PrincipalNeed(PrincipalID(id)))
                if let contact = record?.contact { contacts.append(contact) }
            case .title, .topic, .type, .priority, .field, .addTag, .removeTag, .removeWatcher,
                .removeParticipant:
                continue
            }
        }
        let circumstances = try step.circumstances(
            in: situation,
            // Who has it keeps it only as a member of its new topic.
            holder: Step.Holder(
                agent: situation.request?.assignee,
                topic: edits.newTopic ?? situation.request?.details.topic
            ),
            agents: agents,
            contacts: contacts
        )
        return step.accept(try step.decide(.edit(self), in: situation, under: circumstances))
    }
}

/// Links two requests, or takes a link away.
struct Linking: RequestChange {
    let command: Command
    let link: LinkRequests

    func perform(in step: inout Step) throws(Interruption) -> Acceptance {
        var situation = try step.workspace.situation(ofRequest: link.request)
        if link.other != link.request, let other = try step.workspace.request(link.other) {
            situation.others = [other]
            switch link.kind {
            case .parent: situation.ancestors = try ancestors(of: situation.request, in: step)
            case .child: situation.ancestors = try ancestors(of: other, in: step)
            case .related, .duplicate, .followUp, .followedUp, .splitFrom, .splitInto, .madeFrom,
                .origin:
                break
            }
        }
        let circumstances = try step.circumstances(in: situation)
        return step.accept(try step.decide(command, in: situation, under: circumstances))
    }

    /// The requests of which a request is a part, by however many steps; `nil` where there are more
    /// than are looked at.
    private func ancestors(
        of request: SupportRequest?,
        in step: Step
    ) throws(Interruption) -> Set<RequestID>? {
        var found: Set<RequestID> = []
        var waiting = request?.parents ?? []
        while let next = waiting.popLast() {
            guard found.insert(next).inserted else { continue }
            guard found.count <= RequestLimits.ancestors else { return nil }
            waiting += try step.workspace.request(next)?.parents ?? []
        }
        return found
    }
}

extension Step {
    /// The agent with an id, to whom a request can be handed.
    fileprivate func agent(_ id: AgentID) throws(Interruption) -> Agent? {
        try workspace.find(PrincipalNeed(PrincipalID(id)))?.activeAgent
    }
}

extension [Edit] {
    /// The topic that the edits leave, where they give one.
    fileprivate var newTopic: TopicKey? {
        var topic: TopicKey?
        for case .topic(let key) in self { topic = key }
        return topic
    }
}

extension SupportRequest {
    /// The requests of which it is a part.
    fileprivate var parents: [RequestID] {
        details.links.filter { $0.kind == .child }.map(\.other.id)
    }
}
