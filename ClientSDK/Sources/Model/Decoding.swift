package import DocketMessages
internal import FoundationEssentials
internal import SwiftProtobuf

// How the protocol's messages become the models of this library. What a newer server may send that
// this version does not know becomes `unknown`; ids of a wrong length become nil.

extension Party {
    /// The party that the protocol's message describes.
    package init(_ actor: Docket_V1_Actor) {
        self.init(kind: Kind(actor.kind), id: PartyID(bytes: actor.id), name: actor.name)
    }
}

extension Party.Kind {
    init(_ kind: Docket_V1_PrincipalKind) {
        self =
            switch kind {
            case .principalContact: .contact
            case .principalAgent: .agent
            case .principalIntegration: .integration
            case .principalPartner: .partner
            case .principalDesk: .desk
            case .unspecified, .UNRECOGNIZED: .unknown
            }
    }
}

extension AgentRole {
    /// The role that the protocol's value means; nil for none.
    init?(_ role: Docket_V1_AgentRole) {
        switch role {
        case .agent: self = .agent
        case .supervisor: self = .supervisor
        case .administrator: self = .administrator
        case .unspecified, .UNRECOGNIZED: return nil
        }
    }
}

extension Identity {
    init(party: Docket_V1_Actor, role: Docket_V1_AgentRole) {
        self.init(party: Party(party), role: AgentRole(role))
    }
}

extension StatusCategory {
    /// The category that the protocol's value stands for.
    init(_ category: Docket_V1_StatusCategory) {
        self =
            switch category {
            case .categoryNew: .new
            case .categoryOpen: .open
            case .categoryWaiting: .waiting
            case .categoryResolved: .resolved
            case .categoryClosed: .closed
            case .categoryMerged: .merged
            case .categoryDeleted: .deleted
            case .unspecified, .UNRECOGNIZED: .unknown
            }
    }

    /// The protocol's value.
    var message: Docket_V1_StatusCategory {
        switch self {
        case .new: .categoryNew
        case .open: .categoryOpen
        case .waiting: .categoryWaiting
        case .resolved: .categoryResolved
        case .closed: .categoryClosed
        case .merged: .categoryMerged
        case .deleted: .categoryDeleted
        case .unknown: .unspecified
        }
    }
}

extension SupportRequest {
    init(_ request: Docket_V1_Request) throws(DocketClientError) {
        guard let id = RequestID(bytes: request.id),
            let conversationID = ConversationID(bytes: request.conversationID)
        else { throw .malformed("a request without its ids") }
        self.id = id
        self.conversationID = conversationID
        number = request.number
        channel = request.channel
        contact = request.hasContact ? Party(request.contact) : nil
        status = request.status
        category = StatusCategory(request.category)
        assignee = request.hasAssignee ? Party(request.assignee) : nil
        version = request.version
        openedAt = Timestamp(millisecondsSinceEpoch: request.openedMilliseconds)
        changedAt = Timestamp(millisecondsSinceEpoch: request.changedMilliseconds)
        sequence = request.sequence
        summary = request.description_p
        kind = RequestKind(request.details.kind)
        origin = RequestOrigin(request.details.origin)
        title = request.title
        statusName = request.statusName
        topicName = request.topicName
        isLive = request.isLive
        livePeriods = request.livePeriods
        previous = RequestID(bytes: request.previousRequestID)
        waitingSince = Timestamp(nonZero: request.waitingSinceMilliseconds)
        lastAuthor =
            request.lastAuthor == .unspecified ? nil : Party.Kind(request.lastAuthor)
        details = RequestDetails(request.details)
    }
}

extension ConversationSummary {
    init(_ conversation: Docket_V1_Conversation) throws(DocketClientError) {
        guard let id = ConversationID(bytes: conversation.id) else {
            throw .malformed("a conversation without its id")
        }
        self.id = id
        contact = conversation.hasContact ? Party(conversation.contact) : nil
        channel = conversation.channel
        newestRequest =
            conversation.hasNewestRequest
            ? try SupportRequest(conversation.newestRequest) : nil
    }
}

extension Event {
    init(_ event: Docket_V1_Event, offset: UInt64) {
        self.offset = offset
        at = Timestamp(millisecondsSinceEpoch: event.atMilliseconds)
        actor = event.hasActor ? Party(event.actor) : nil
        conversationID = ConversationID(bytes: event.conversationID)
        request = RequestID(bytes: event.requestID).map {
            RequestReference(
                id: $0,
                number: event.requestNumber,
                version: event.requestVersion
            )
        }
        fact = Fact(event.fact)
        way = Way(event.way)
        isInternal = event.isInternal
    }
}

extension TypingSignal {
    /// The signal in a passing event; nil if the event is none or lacks who or where.
    init?(_ event: Docket_V1_Event) {
        guard case .typingStarted = event.fact, event.hasActor,
            let conversationID = ConversationID(bytes: event.conversationID)
        else { return nil }
        self.init(party: Party(event.actor), conversationID: conversationID)
    }
}

extension HistoryPage {
    init(_ reply: Docket_V1_HistoryReply) {
        events = reply.entries.map { Event($0.event, offset: $0.offset) }
        range = reply.fromOffset...max(reply.fromOffset, reply.toOffset)
        hasMore = reply.more
    }
}

extension Cursor {
    init(_ cursor: Docket_V1_Cursor) throws(DocketClientError) {
        guard cursor.epoch.count == Self.epochLength else {
            throw .malformed("a cursor without its epoch")
        }
        self.init(epoch: Array(cursor.epoch), offset: cursor.offset)
    }

    /// The protocol's form.
    var message: Docket_V1_Cursor {
        .with {
            $0.epoch = Data(epoch)
            $0.offset = offset
        }
    }
}

extension DocketClientError {
    /// The server sent something that no server of this protocol sends.
    static func malformed(_ what: String) -> DocketClientError {
        DocketClientError(.incompatible, "the server sent \(what)")
    }
}
