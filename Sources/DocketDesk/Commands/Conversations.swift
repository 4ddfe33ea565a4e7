internal import DocketDomain
internal import DocketMessages
internal import DocketStore
internal import Foundation

extension OpenConversation: DeskCommand {
    func perform(in step: inout Step) throws(Interruption) -> Acceptance {
        _ = try step.principal()
        var situation = try step.situation(of: contact, on: channel)
        if situation.conversation.map(\.isInternal) ?? true {
            // An id that a conversation has already, which the desk itself may have made, is never
            // given to a second one.
            guard try step.workspace.find(ConversationNeed(id)) == nil else { throw .keyReused }
        }
        situation.isContactBlocked = try step.isBlocked(contact)
        let circumstances = try step.circumstances(
            in: situation,
            contact: try step.nameableContact(contact)
        )
        let decided = try step.decide(
            .openConversation(self),
            in: situation,
            under: circumstances
        )
        guard let conversation = decided.decision.after.conversation else {
            preconditionFailure("whoever may open a conversation has one then")
        }
        let result = Acceptance.Result.conversation(
            Docket_V1_Conversation(
                conversation,
                newestRequest: decided.decision.after.request,
                for: step.view
            )
        )
        // One that was there, perhaps for the staff alone, is not what the command's id names.
        guard !decided.decision.events.isEmpty, conversation.id == id else {
            let opened = try step.workspace.find(OpeningNeed(conversation: conversation.id))
            let offset = opened ?? decided.last
            step.keep(.accepted(offset: offset, payload: conversation.id.data))
            return Acceptance(offset: offset, result: result)
        }
        step.keep(.created(offset: decided.last))
        return Acceptance(offset: decided.last, result: result)
    }

    func earlierResult(
        at offset: UInt64,
        _ payload: Data?,
        in step: Step
    ) throws(Interruption) -> Acceptance.Result? {
        let named = payload.flatMap { ConversationID(bytes: $0) } ?? id
        let situation = try step.workspace.situation(of: named)
        return situation.conversation.map { conversation in
            .conversation(
                Docket_V1_Conversation(
                    conversation,
                    newestRequest: situation.request,
                    for: step.view
                )
            )
        }
    }
}

/// Opens a request on purpose, perhaps with its contact.
struct Creation: DeskCommand {
    let creation: CreateRequest
    /// The contact for whom it is, where that one is made now.
    var newContact: PrincipalRecord?

    func perform(in step: inout Step) throws(Interruption) -> Acceptance {
        let decided = try decide(in: &step)
        let message = step.message(of: decided.decision.after.request)
        return Acceptance(offset: decided.last, result: .request(message))
    }

    /// Opens the request, without an answer that tells it whole.
    func decide(in step: inout Step) throws(Interruption) -> Step.Decided {
        _ = try step.principal()
        // An id that a request has already, which the desk itself may have made, is never given to
        // a second one.
        guard try step.workspace.request(creation.id) == nil else { throw .keyReused }
        var situation =
            newContact == nil
            ? try step.situation(of: creation.contact, on: creation.channel) : Situation()
        if let id = creation.source, id != situation.request?.id,
            let source = try step.workspace.request(id)
        {
            situation.others = [source]
        }
        if newContact == nil {
            situation.isContactBlocked = try step.isBlocked(creation.contact)
        }
        var contact = newContact?.contact
        if contact == nil { contact = try step.nameableContact(creation.contact) }
        let attachments = try step.usableAttachments(
            creation.attachments,
            in: situation.conversation(for: creation)?.id
        )
        let decided = try step.decide(
            .createRequest(creation),
            in: situation,
            under: try step.circumstances(
                in: situation,
                contact: contact,
                attachments: attachments
            ),
            for: newContact
        )
        step.keep(.created(offset: decided.last))
        return decided
    }

    func earlierResult(
        at offset: UInt64,
        _ payload: Data?,
        in step: Step
    ) throws(Interruption) -> Acceptance.Result? {
        try step.workspace.request(creation.id).map { .request(step.message(of: $0)) }
    }
}

/// Says how far somebody has read, or what has reached them.
struct Marking: DeskCommand {
    let command: Command
    let conversation: ConversationID
    let upTo: UInt64

    init(_ command: Command, _ conversation: ConversationID, upTo: UInt64) {
        self.command = command
        self.conversation = conversation
        self.upTo = upTo
    }

    var hasVersion: Bool { true }

    func perform(in step: inout Step) throws(Interruption) -> Acceptance {
        var situation = try step.workspace.situation(of: conversation)
        var mark: ReadMark?
        if let reader = try step.principal().id {
            mark = try step.workspace.find(
                MarkNeed(principal: reader, conversation: conversation)
            )
        }
        situation.readUpTo = mark?.upTo ?? 0
        situation.receivedUpTo = mark?.receivedUpTo ?? 0
        let earlier =
            if case .markRead = command { situation.readUpTo } else { situation.receivedUpTo }
        let marked = try step.entriesMarked(in: conversation, upTo: upTo, after: earlier)
        let circumstances = try step.circumstances(in: situation, marked: marked)
        let decided = try step.decide(command, in: situation, under: circumstances)
        let offset = decided.decision.events.isEmpty ? mark?.offset ?? 0 : decided.last
        step.keep(.accepted(offset: offset, payload: Data()))
        return Acceptance(offset: offset, result: .readMark)
    }

    func earlierResult(
        at offset: UInt64,
        _ payload: Data?,
        in step: Step
    ) throws(Interruption) -> Acceptance.Result? { .readMark }
}

extension Situation {
    /// The conversation in which a request is to begin, where there is one: one that is the staff's
    /// alone serves only what is the staff's.
    fileprivate func conversation(for creation: CreateRequest) -> Conversation? {
        guard let conversation, creation.isInternal || !conversation.isInternal else { return nil }
        return conversation
    }
}
