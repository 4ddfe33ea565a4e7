internal import DocketMessages
internal import FoundationEssentials
internal import SwiftProtobuf

/// A conversation as the replica holds it: what the last snapshot said, and what events have
/// changed since.
struct ConversationRow: Sendable {
    /// The conversation as the protocol has it, with those parts of its newest request that events
    /// tell.
    var conversation: Docket_V1_Conversation
    /// When something was last said or changed, in milliseconds since 1970-01-01 UTC.
    var changedMilliseconds: UInt64
    /// How far the owner has read.
    var readUpTo: UInt64 = 0
    /// How far anybody else has read.
    var readByOthers: UInt64 = 0

    /// A conversation of a snapshot.
    init(_ conversation: Docket_V1_Conversation) {
        self.conversation = conversation
        changedMilliseconds = conversation.newestRequest.changedMilliseconds
    }

    /// A conversation that an event is the first to name.
    init(firstNamedBy event: Docket_V1_Event) {
        conversation = .with {
            $0.id = event.conversationID
            // All that is known of its request; the rest is asked for.
            if !event.requestID.isEmpty { $0.newestRequest.id = event.requestID }
        }
        changedMilliseconds = event.atMilliseconds
    }

    /// Takes over what a snapshot says, unless events have told something newer.
    mutating func update(with newer: Docket_V1_Conversation) {
        let own = conversation.newestRequest
        conversation.contact = newer.contact
        conversation.channel = newer.channel
        guard newer.hasNewestRequest else { return }
        let isNewer =
            own.id != newer.newestRequest.id
            ? own.number <= newer.newestRequest.number
            : own.version <= newer.newestRequest.version
        guard !conversation.hasNewestRequest || isNewer else { return }
        conversation.newestRequest = newer.newestRequest
        changedMilliseconds = max(changedMilliseconds, newer.newestRequest.changedMilliseconds)
    }

    /// Takes over a request as it is now, if it is the newest one.
    mutating func update(with request: Docket_V1_Request) {
        guard conversation.newestRequest.id == request.id,
            conversation.newestRequest.version <= request.version
        else { return }
        conversation.newestRequest = request
        if conversation.channel.isEmpty { conversation.channel = request.channel }
        if !conversation.hasContact { conversation.contact = request.contact }
    }

    /// Whether the newest request is known by its id alone.
    var lacksRequest: Bool {
        conversation.hasNewestRequest && conversation.newestRequest.number == 0
    }

    // MARK: Events

    /// An event of the feed has come: later than everything that is known.
    mutating func apply(_ event: Docket_V1_Event, owner: Data) {
        if event.isShown { changedMilliseconds = max(changedMilliseconds, event.atMilliseconds) }
        switch event.fact {
        case .conversationOpened(let opened):
            conversation.contact = opened.contact
            conversation.channel = opened.channel
        case .requestOpened(let opened) where !opened.isAside && !event.isInternal:
            open(opened, event)
        case .merged(let merged) where event.requestID == conversation.newestRequest.id:
            guard !merged.newestRequestID.isEmpty else { break }
            // Of the one before it only the id is told.
            conversation.newestRequest = .with {
                $0.id = merged.newestRequestID
                $0.conversationID = event.conversationID
            }
        // What any other changes, its model says.
        default: change(event)
        }
        mark(event, owner: owner)
    }

    private mutating func open(_ opened: Docket_V1_RequestOpened, _ event: Docket_V1_Event) {
        conversation.newestRequest = .with {
            $0.id = event.requestID
            $0.number = event.requestNumber
            $0.conversationID = event.conversationID
            $0.version = event.requestVersion
            $0.status = opened.status
            $0.category = opened.category
            $0.statusName = opened.statusNameForContact
            $0.title = opened.title
            $0.topicName = opened.topicNameForContact
            $0.contact = opened.contact
            $0.channel = opened.channel
            $0.openedMilliseconds = event.atMilliseconds
            $0.changedMilliseconds = event.atMilliseconds
            $0.previousRequestID = opened.previousRequestID
        }
    }

    /// Applies an event of the newest request, unless a snapshot has told it already.
    private mutating func change(_ event: Docket_V1_Event) {
        guard conversation.hasNewestRequest, conversation.newestRequest.id == event.requestID,
            event.requestVersion >= conversation.newestRequest.version
        else { return }
        conversation.newestRequest.version = event.requestVersion
        conversation.newestRequest.changedMilliseconds = event.atMilliseconds
        for update in Event.Fact(event.fact).requestUpdates {
            conversation.newestRequest.apply(update)
        }
    }

    /// Takes over a mark; marks never move back, so that an old event does no harm.
    mutating func mark(_ event: Docket_V1_Event, owner: Data) {
        guard case .readMarked(let mark) = event.fact else { return }
        if event.actor.id == owner {
            readUpTo = max(readUpTo, mark.upToOffset)
        } else {
            readByOthers = max(readByOthers, mark.upToOffset)
        }
    }
}

extension Docket_V1_Request {
    /// Makes a change of its own.
    fileprivate mutating func apply(_ update: RequestUpdate) {
        switch update {
        case .said(let message):
            sequence = max(sequence, message.sequence)
            if title.isEmpty { title = message.text.beginning }
        case .status(let change):
            status = change.to
            category = change.category.message
            statusName = change.statusNameForContact ?? ""
        case .assignee(let agent?, _): assignee = Docket_V1_Actor(agent)
        case .assignee(nil, _): clearAssignee()
        case .title(let title): self.title = title ?? ""
        case .topic(let key, let name):
            details.topic = key ?? ""
            topicName = name ?? key ?? ""
        case .opened, .watcher, .merged: break
        }
    }
}

extension String {
    /// The beginning of a message, which serves as the title of a request that has none.
    fileprivate var beginning: String { String(prefix(80)) }
}
