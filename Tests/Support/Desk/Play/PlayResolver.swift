import DocketDomain

/// Finds out what a step of a play is about, in what there is by then.
struct PlayResolver {
    /// A command with who asks and the request it is about.
    struct Resolved {
        let command: Command
        let principal: Principal
        let request: SupportRequest?
    }

    let play: Play

    private var model: PlayModel { play.model }
    private var policy: Policy { play.model.policy }
    private var cast: PlayCast { play.cast }

    // MARK: Choosing

    private func chosen<Element>(_ index: Int, of elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[index % elements.count]
    }

    private func request(_ index: Int) -> SupportRequest? {
        chosen(index, of: model.order.reversed()).flatMap(model.request)
    }

    private func conversation(_ index: Int) -> Conversation? {
        chosen(index, of: model.conversations).flatMap(model.conversation)
    }

    /// A status of the policy, or one that it does not have.
    private func status(_ index: Int) -> StatusKey {
        chosen(index, of: policy.statuses.map(\.key) + ["gone"]) ?? "gone"
    }

    private func topic(_ index: Int) -> TopicKey {
        chosen(index, of: policy.content.topics.map(\.key) + ["gone"]) ?? "gone"
    }

    private func type(_ index: Int) -> TypeKey {
        chosen(index, of: policy.content.types.map(\.key) + ["gone"]) ?? "gone"
    }

    private func priority(_ index: Int) -> PriorityKey {
        chosen(index, of: policy.content.priorities.map(\.key) + ["gone"]) ?? "gone"
    }

    private func field(_ index: Int) -> FieldKey {
        chosen(index, of: policy.content.fields.map(\.key) + ["gone"]) ?? "gone"
    }

    private func agent(_ index: Int) -> AgentID? {
        chosen(index, of: cast.agents)?.agent?.agent.id
    }

    private func principal(
        _ actor: PlayActor,
        contact: ContactID?,
        _ request: SupportRequest?
    ) -> Principal {
        switch actor {
        case .owner: return contact.map(cast.speaker) ?? cast.contacts[0]
        case .contact(let index): return cast.contacts[index % cast.contacts.count]
        case .agent(let index): return cast.agents[index % cast.agents.count]
        case .assignee:
            return cast.agents.first { $0.agent?.agent.id == request?.assignee?.id }
                ?? cast.agents[0]
        case .integration: return cast.integration
        case .partner: return cast.partner
        case .desk: return .desk
        }
    }

    // MARK: Commands

    /// The command that a step means; `nil` where it is about nothing that there is.
    func resolve(_ command: PlayCommand, by actor: PlayActor) -> Resolved? {
        switch command {
        case .open(let channel): return open(channel, by: actor)
        case .create(let creation): return create(creation, by: actor)
        case .post(let index, let hasTitle):
            return inConversation(index, actor) { conversation in
                let title = hasTitle ? "title" : nil
                return .post(post(in: conversation.id, "text \(index)", title: title))
            }
        case .markRead(let index, let offset):
            return inConversation(index, actor) { conversation in
                .markRead(MarkRead(conversation: conversation.id, upTo: offset))
            }
        case .markReceived(let index, let offset):
            return inConversation(index, actor) { conversation in
                .markReceived(MarkReceived(conversation: conversation.id, upTo: offset))
            }
        default: return resolveWork(command, by: actor)
        }
    }

    private func inConversation(
        _ index: Int,
        _ actor: PlayActor,
        _ make: (Conversation) -> Command
    ) -> Resolved? {
        guard let conversation = conversation(index) else { return nil }
        let newest = conversation.newestRequest.flatMap(model.request)
        return Resolved(
            command: make(conversation),
            principal: principal(actor, contact: conversation.contact.id, newest),
            request: newest
        )
    }

    private func onRequest(
        _ index: Int,
        _ actor: PlayActor,
        _ make: (SupportRequest) -> Command?
    ) -> Resolved? {
        guard let request = request(index), let command = make(request) else { return nil }
        return Resolved(
            command: command,
            principal: principal(actor, contact: request.contact.id, request),
            request: request
        )
    }

    private func post(
        in conversation: ConversationID,
        _ text: String,
        request: RequestID? = nil,
        title: String? = nil
    ) -> Post {
        Post(
            id: play.fixture.id(),
            conversation: conversation,
            text: text,
            authoredAt: Timestamp(milliseconds: 1),
            request: request,
            title: title
        )
    }

    private func open(_ index: Int, by actor: PlayActor) -> Resolved? {
        let isIntegration = actor == .integration
        let own = cast.integration.identity
        var channel = chosen(index, of: policy.channels)?.key ?? "gone"
        if isIntegration, case .integration(_, let key) = own { channel = key }
        let opening = OpenConversation(
            id: play.fixture.id(),
            channel: channel,
            contact: isIntegration ? cast.external?.id : nil
        )
        return Resolved(
            command: .openConversation(opening),
            principal: principal(actor, contact: nil, nil),
            request: nil
        )
    }

    private func create(_ creation: PlayCreation, by actor: PlayActor) -> Resolved? {
        let author = principal(actor, contact: nil, nil)
        var contact = chosen(creation.contact, of: cast.people)?.id
        var channel = chosen(creation.channel, of: policy.channels)?.key ?? "gone"
        switch author.identity {
        case .contact: contact = nil
        case .integration(_, let own): (contact, channel) = (cast.external?.id, own)
        case .agent, .partner, .desk: break
        }
        let isStaff = author.isStaff
        let fields = creation.fields.map { index in
            (field(index), value(of: field(index), index) ?? .flag(true))
        }
        let kind = RequestKind.allCases[creation.kind % RequestKind.allCases.count]
        let command = CreateRequest(
            id: play.fixture.id(),
            kind: kind,
            channel: channel,
            contact: contact,
            title: creation.hasTitle ? "a title" : nil,
            text: "description",
            topic: creation.topic.map(topic),
            type: creation.type.map(type),
            priority: creation.priority.map(priority),
            tags: isStaff ? creation.tags.map { "tag \($0)" } : [],
            fields: Dictionary(fields) { first, _ in first },
            isInternal: isStaff && creation.isInternal,
            source: isStaff ? creation.source.flatMap(request)?.id : nil
        )
        return Resolved(command: .createRequest(command), principal: author, request: nil)
    }
}

// MARK: Work

extension PlayResolver {
    private func resolveWork(_ command: PlayCommand, by actor: PlayActor) -> Resolved? {
        switch command {
        case .answer(let index, let text):
            onRequest(index, actor) { request in
                .post(post(in: request.conversation, "answer \(text)", request: request.id))
            }
        case .take(let index): onRequest(index, actor) { .take($0.id) }
        case .assign(let index, let target):
            onRequest(index, actor) { request in
                .assign(Assign(request: request.id, agent: target.flatMap(agent)))
            }
        case .view(let index): onRequest(index, actor) { .view($0.id) }
        case .setStatus(let index, let key, let hasReason, let wake):
            onRequest(index, actor) { request in
                .setStatus(
                    SetStatus(
                        request: request.id,
                        status: status(key),
                        reason: hasReason ? "a reason" : nil,
                        wakeAt: wake.map { play.fixture.clock.now() + .seconds($0) }
                    )
                )
            }
        case .finish(let index, let key):
            onRequest(index, actor) { .finish(Finish(request: $0.id, status: key.map(status))) }
        case .note(let index):
            onRequest(index, actor) { request in
                .postNote(PostNote(id: play.fixture.id(), request: request.id, text: "note"))
            }
        case .edit(let index, let edits):
            onRequest(index, actor) { request in
                .edit(EditRequest(request: request.id, edits: edits.compactMap(edit)))
            }
        default: resolveMove(command, by: actor)
        }
    }

    private func resolveMove(_ command: PlayCommand, by actor: PlayActor) -> Resolved? {
        switch command {
        case .splitNewMessages(let index): onRequest(index, actor) { .splitNewMessages($0.id) }
        case .splitMessages(let index, let chosen):
            onRequest(index, actor) { .splitMessages(split($0, chosen)) }
        case .merge(let index, let other):
            onRequest(index, actor) { request in
                .merge(MergeRequests(request: request.id, other: mate(of: request, other)))
            }
        case .link(let index, let kind, let other):
            onRequest(index, actor) { one in
                let kind = LinkKind.allCases[kind % LinkKind.allCases.count]
                return request(other).map {
                    .link(LinkRequests(request: one.id, kind: kind, other: $0.id))
                }
            }
        case .unlink(let index, let place):
            onRequest(index, actor) { one in
                chosen(place, of: one.details.links).map { link in
                    .unlink(LinkRequests(request: one.id, kind: link.kind, other: link.other.id))
                }
            }
        case .delete(let index): onRequest(index, actor) { .delete($0.id) }
        case .restore(let index): onRequest(index, actor) { .restore($0.id) }
        default: nil
        }
    }

    /// Some of a request's messages, by the bits of a number.
    private func split(_ request: SupportRequest, _ bits: UInt64) -> SplitMessages {
        let messages = model.messages[request.id] ?? []
        let chosen = messages.enumerated().filter { bits >> UInt64($0.offset % 64) & 1 == 1 }
        return SplitMessages(request: request.id, messages: chosen.map(\.element.message))
    }

    /// The other request of a merge: mostly one of the same conversation.
    private func mate(of request: SupportRequest, _ index: Int?) -> RequestID? {
        guard let index else { return nil }
        guard index > 0 else { return self.request(7)?.id }
        let same = model.requests.filter { $0.conversation == request.conversation }
        return chosen(index, of: same)?.id
    }

    private func edit(_ edit: PlayEdit) -> Edit? {
        switch edit {
        case .title(let text): .title(text)
        case .topic(let index): .topic(index.map(topic))
        case .type(let index): .type(index.map(type))
        case .priority(let index): .priority(priority(index))
        case .field(let index, let value):
            .field(field(index), value.map { self.value(of: field(index), $0) ?? .flag(true) })
        case .addTag(let index): .addTag("tag \(index)")
        case .removeTag(let index): .removeTag("tag \(index)")
        case .addWatcher(let index): agent(index).map { .addWatcher($0) }
        case .removeWatcher(let index): agent(index).map { .removeWatcher($0) }
        case .addParticipant(let index):
            chosen(index, of: cast.people).map { .addParticipant($0.id) }
        case .removeParticipant(let index):
            chosen(index, of: cast.people).map { .removeParticipant($0.id) }
        }
    }

    /// A value that the field takes, and now and then one that it does not.
    private func value(of key: FieldKey, _ index: Int) -> FieldValue? {
        switch policy.field(key)?.type {
        case .text: .text("value \(index)")
        case .integer: .integer(Int64(index))
        case .decimal: .text("\(index).5")
        case .flag: .flag(index.isMultiple(of: 2))
        case .date: .text("2027-01-0\(index % 10)")
        case .choice(let words): chosen(index, of: words).map { .text($0) }
        case .choices(let words): .words(words)
        case nil: nil
        }
    }
}
