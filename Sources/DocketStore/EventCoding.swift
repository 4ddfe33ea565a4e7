package import DocketDomain
package import DocketMessages
package import Foundation
internal import SwiftProtobuf

extension Identifier {
    /// The id's 16 bytes.
    package var data: Data {
        unsafe withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { unsafe Data($0) }
    }
}

extension Docket_V1_Actor {
    /// The party as others see it.
    package init(_ party: Party) {
        self.init()
        kind = Docket_V1_PrincipalKind(party.kind)
        if let id = party.id { self.id = id.data }
        name = party.name
    }

    /// The party, where it is one that this version knows.
    package var party: Party? {
        guard let kind = kind.domain else { return nil }
        return Party(kind: kind, id: PrincipalID(bytes: id), name: name)
    }
}

extension Docket_V1_PrincipalKind {
    /// The kind of party as the protocol names it.
    package init(_ kind: PartyKind) {
        self =
            switch kind {
            case .contact: .principalContact
            case .agent: .principalAgent
            case .integration: .principalIntegration
            case .partner: .principalPartner
            case .desk: .principalDesk
            }
    }

    fileprivate var domain: PartyKind? { PartyKind(rawValue: UInt8(clamping: rawValue)) }
}

extension Docket_V1_StatusCategory {
    /// The category as the protocol names it.
    package init(_ category: StatusCategory) {
        self =
            switch category {
            case .new: .categoryNew
            case .open: .categoryOpen
            case .waiting: .categoryWaiting
            case .resolved: .categoryResolved
            case .closed: .categoryClosed
            case .merged: .categoryMerged
            case .deleted: .categoryDeleted
            }
    }

    /// The category, where it is one that this version knows.
    package var domain: StatusCategory? { StatusCategory(rawValue: UInt8(clamping: rawValue)) }
}

extension Docket_V1_StatusCause {
    fileprivate init(_ cause: StatusCause) {
        self =
            switch cause {
            case .assigned: .causeAssigned
            case .answered: .causeAnswered
            case .finished: .causeFinished
            case .contactReplied: .causeContactReplied
            case .timer: .causeTimer
            }
    }

    fileprivate var domain: StatusCause? { StatusCause(rawValue: UInt8(clamping: rawValue)) }
}

extension Event {
    /// The event as the log holds it and the feed sends it.
    package func encoded() -> Data {
        // An event has no required fields, so encoding it has no way to fail.
        (try? message.serializedBytes()) ?? Data()
    }

    /// The event as a message of the protocol.
    package var message: Docket_V1_Event {
        var message = Docket_V1_Event()
        message.atMilliseconds = at.milliseconds
        message.actor = Docket_V1_Actor(actor)
        message.conversationID = conversation.data
        if let request {
            message.requestID = request.id.data
            message.requestNumber = request.number
            message.requestVersion = request.version
        }
        message.fact = fact.message
        return message
    }

    /// Takes the event from its bytes; `nil` where they are none that this version wrote.
    package init?(encoded: Data) {
        guard let message = try? Docket_V1_Event(serializedBytes: encoded),
            let actor = message.actor.party,
            let conversation = ConversationID(bytes: message.conversationID),
            let fact = message.fact.flatMap(Fact.init(message:))
        else { return nil }
        let mark = RequestID(bytes: message.requestID).map {
            RequestMark(
                id: $0,
                number: message.requestNumber,
                version: message.requestVersion
            )
        }
        self.init(
            at: Timestamp(milliseconds: message.atMilliseconds),
            actor: actor,
            conversation: conversation,
            request: mark,
            fact: fact
        )
    }
}

extension Fact {
    fileprivate var message: Docket_V1_Event.OneOf_Fact {
        switch self {
        case .conversationOpened(let contact, let channel):
            var opened = Docket_V1_ConversationOpened()
            opened.contact = Docket_V1_Actor(contact.party)
            opened.channel = channel
            return .conversationOpened(opened)
        case .requestOpened(let opened): return .requestOpened(opened.message)
        case .messagePosted(let message): return .messagePosted(message.message)
        case .notePosted(let note): return .notePosted(note.message)
        case .statusChanged(let change): return .statusChanged(change.message)
        case .requestAssigned(let agent):
            var assigned = Docket_V1_RequestAssigned()
            if let agent { assigned.assignee = Docket_V1_Actor(agent.party) }
            return .requestAssigned(assigned)
        case .readMarked(let offset):
            var marked = Docket_V1_ReadMarked()
            marked.upToOffset = offset
            return .readMarked(marked)
        }
    }

    fileprivate init?(message: Docket_V1_Event.OneOf_Fact) {
        switch message {
        case .conversationOpened(let opened):
            guard let contact = opened.contact.contact else { return nil }
            self = .conversationOpened(contact: contact, channel: opened.channel)
        case .requestOpened(let opened):
            guard let opened = OpenedRequest(message: opened) else { return nil }
            self = .requestOpened(opened)
        case .messagePosted(let posted):
            guard let message = DocketDomain.Message(message: posted) else { return nil }
            self = .messagePosted(message)
        case .notePosted(let posted):
            guard let id = NoteID(bytes: posted.noteID) else { return nil }
            self = .notePosted(Note(id: id, sequence: posted.sequence, text: posted.text))
        case .statusChanged(let changed):
            guard let change = StatusChange(message: changed) else { return nil }
            self = .statusChanged(change)
        case .requestAssigned(let assigned):
            guard assigned.hasAssignee else {
                self = .requestAssigned(nil)
                return
            }
            guard let agent = assigned.assignee.agent else { return nil }
            self = .requestAssigned(agent)
        case .readMarked(let marked): self = .readMarked(upTo: marked.upToOffset)
        case .typingStarted: return nil
        }
    }
}

extension Docket_V1_Actor {
    fileprivate var contact: Contact? {
        guard kind == .principalContact else { return nil }
        return ContactID(bytes: id).map { Contact(id: $0, name: name) }
    }

    fileprivate var agent: Agent? {
        guard kind == .principalAgent else { return nil }
        return AgentID(bytes: id).map { Agent(id: $0, name: name) }
    }
}

extension OpenedRequest {
    fileprivate var message: Docket_V1_RequestOpened {
        var message = Docket_V1_RequestOpened()
        message.status = status
        message.category = Docket_V1_StatusCategory(category)
        if let previous { message.previousRequestID = previous.data }
        message.contact = Docket_V1_Actor(contact.party)
        message.channel = channel
        return message
    }

    fileprivate init?(message: Docket_V1_RequestOpened) {
        guard let category = message.category.domain, let contact = message.contact.contact
        else { return nil }
        self.init(
            status: message.status,
            category: category,
            previous: RequestID(bytes: message.previousRequestID),
            contact: contact,
            channel: message.channel
        )
    }
}

extension DocketDomain.Message {
    fileprivate var message: Docket_V1_MessagePosted {
        var message = Docket_V1_MessagePosted()
        message.messageID = id.data
        message.sequence = sequence
        message.text = text
        message.authoredMilliseconds = authoredAt?.milliseconds ?? 0
        if !attachments.isEmpty { message.attachments = attachments.map(\.message) }
        return message
    }

    fileprivate init?(message: Docket_V1_MessagePosted) {
        guard let id = MessageID(bytes: message.messageID) else { return nil }
        let authored = message.authoredMilliseconds
        self.init(
            id: id,
            sequence: message.sequence,
            text: message.text,
            authoredAt: authored == 0 ? nil : Timestamp(milliseconds: authored),
            attachments: message.attachments.compactMap(Attachment.init(message:))
        )
    }
}

extension Note {
    fileprivate var message: Docket_V1_NotePosted {
        var message = Docket_V1_NotePosted()
        message.noteID = id.data
        message.sequence = sequence
        message.text = text
        return message
    }
}

extension StatusChange {
    fileprivate var message: Docket_V1_StatusChanged {
        var message = Docket_V1_StatusChanged()
        message.from = from
        message.to = to
        message.category = Docket_V1_StatusCategory(category)
        message.cause = Docket_V1_StatusCause(cause)
        return message
    }

    fileprivate init?(message: Docket_V1_StatusChanged) {
        guard let category = message.category.domain, let cause = message.cause.domain
        else { return nil }
        self.init(from: message.from, to: message.to, category: category, cause: cause)
    }
}
