internal import DocketDomain
internal import DocketStore
internal import Foundation

extension Post: DeskCommand {
    var hasVersion: Bool { true }

    func perform(in step: inout Step) throws(Interruption) -> Acceptance {
        let post = try namingRequest(in: step)
        var situation = try post.situation(in: step)
        situation.isContactBlocked = try step.isBlocked(situation.conversation?.contact.id)
        var files: [Attachment] = []
        if !attachments.isEmpty {
            let conversation = conversation ?? situation.conversation?.id
            files = try step.usableAttachments(attachments, in: conversation)
        }
        let circumstances = try step.circumstances(in: situation, attachments: files)
        let decided = try step.decide(.post(post), in: situation, under: circumstances)
        let place = decided.decision.events.firstIndex { event in
            if case .messagePosted(let message) = event.fact { message.id == id } else { false }
        }
        guard let place, let posted = PostedMessage(decided.decision.events[place]) else {
            preconditionFailure("whoever may post a message has posted it then")
        }
        let offset = decided.first + UInt64(place)
        step.keep(.created(offset: offset))
        return Acceptance(offset: offset, result: .message(posted))
    }

    func earlierResult(
        at offset: UInt64,
        _ payload: Data?,
        in step: Step
    ) throws(Interruption) -> Acceptance.Result? {
        try step.workspace.find(EventNeed(offset: offset)).flatMap(PostedMessage.init)
            .map { .message($0) }
    }

    /// The same message; one that answers others names the request of the first of them that its
    /// author may know to have been said in its conversation.
    private func namingRequest(in step: borrowing Step) throws(Interruption) -> Post {
        guard request == nil, let conversation else { return self }
        let isStaff = try step.principal().isStaff
        for message in inReplyTo {
            let id = try step.workspace.find(
                MessageRequestNeed(message: message, conversation: conversation)
            )
            guard let request = try step.workspace.request(id),
                isStaff || !request.details.isInternal
            else { continue }
            return continuing(request.id)
        }
        return self
    }

    /// The conversation with its newest request, or with the one that the message names.
    private func situation(in step: borrowing Step) throws(Interruption) -> Situation {
        guard let request else { return try step.workspace.situation(of: conversation) }
        var situation = try step.workspace.situation(ofRequest: request)
        // Where it was merged, a contact's message is passed on to the one that has its content.
        let survivor = try step.workspace.request(situation.request?.details.mergedInto?.id)
        if let survivor { situation.others = [survivor] }
        return situation
    }
}

extension PostNote: DeskCommand {
    var hasVersion: Bool { true }

    func perform(in step: inout Step) throws(Interruption) -> Acceptance {
        let situation = try step.workspace.situation(ofRequest: request)
        let circumstances = try step.circumstances(in: situation)
        let decided = try step.decide(.postNote(self), in: situation, under: circumstances)
        step.keep(.created(offset: decided.last))
        let sequence = decided.decision.after.request?.noteSequence ?? 0
        return Acceptance(offset: decided.last, result: .note(sequence: sequence))
    }

    func earlierResult(
        at offset: UInt64,
        _ payload: Data?,
        in step: Step
    ) throws(Interruption) -> Acceptance.Result? {
        guard case .notePosted(let note)? = try step.workspace.find(EventNeed(offset: offset))?.fact
        else { return nil }
        return .note(sequence: note.sequence)
    }
}

extension PostedMessage {
    /// Takes from an event where its message came to stand.
    fileprivate init?(_ event: Event) {
        guard case .messagePosted(let message) = event.fact, let request = event.request
        else { return nil }
        self.init(
            sequence: message.sequence,
            request: request.id,
            requestNumber: request.number,
            acceptedAt: event.at
        )
    }
}
