internal import DocketMessages
internal import FoundationEssentials

/// A conversation as a person sees it: what the server has told, and behind it what waits to be
/// sent.
public struct TimelineView: Hashable, Sendable {
    /// One line of a conversation.
    public enum Item: Hashable, Sendable {
        /// Something that happened.
        case event(Event)
        /// A part of the past that is not loaded: the offsets between which something may be
        /// missing.
        case missing(ClosedRange<UInt64>)
        /// A message without a verdict, or one that was refused.
        case queued(QueuedMessage)
    }

    /// The lines in order: events and missing parts by their offsets, then what waits, in the order
    /// in which it was queued.
    public let items: [Item]
    /// The conversation; nil before the client knows it.
    public let conversation: ConversationOverview?
    /// Whether nothing older is left out.
    public let isComplete: Bool
}

/// A conversation in a list.
public struct ConversationOverview: Hashable, Sendable {
    /// What a list shows of the newest request.
    public struct Request: Hashable, Sendable {
        /// The request's id.
        public let id: RequestID
        /// What people call it.
        public let number: UInt64
        /// What people call it in words: its title, or the beginning of its first message.
        public let title: String
        /// The key of its status.
        public let status: String
        /// What the status is called; empty where the server has told the key alone.
        public let statusName: String
        /// The meaning of the status.
        public let category: StatusCategory
        /// The agent who has it.
        public let assignee: Party?
        /// Counts its changes; for commands that expect a version.
        public let version: UInt64
    }

    /// Up to where unread messages are counted.
    public static let mostUnread = 1_000

    /// The conversation's id.
    public let id: ConversationID
    /// The key of the channel; empty before the client knows it.
    public let channel: String
    /// The contact whose conversation it is.
    public let contact: Party?
    /// The newest request, if there is one.
    public let newestRequest: Request?
    /// The newest message that is loaded.
    public let lastMessage: Event?
    /// When something was last said or changed.
    public let changedAt: Timestamp
    /// How many loaded messages of others stand behind the place up to which the client's principal
    /// has read; at most `mostUnread`.
    public let unread: Int
    /// The place up to which the client's principal has read, whether or not the server knows yet.
    public let readUpTo: UInt64
    /// The place up to which anybody else has read.
    public let readByOthers: UInt64
}

extension Conversation {
    /// What the conversation looks like, now and whenever it changes.
    ///
    /// - Parameter limit: How many events and how many waiting messages at most, at least 1; the
    ///   newest of each.
    /// - Returns: The views, for one reader at a time. They end when the client is closed.
    public func timeline(limit: Int = 50) -> LocalViews<TimelineView> {
        LocalViews(replica: client.replica, interests: [.outbox, .replica]) {
            () throws(DocketClientError) in
            try client.timeline(of: id, limit: max(1, limit))
        }
    }
}

extension DocketClient {
    /// The view as it is now; fetches what is missing in it.
    fileprivate func timeline(
        of conversation: ConversationID,
        limit: Int
    ) throws(DocketClientError) -> TimelineView {
        // The outbox first: what leaves it in between is in the store by then.
        let queued = try outbox.messages(in: Lane(conversation), newest: limit)
        let id = Data(conversation.bytes)
        let (timeline, view, told) = try stored { tables in
            let row = try tables.row(of: id)
            return (
                try StoredTimeline(id, in: tables, limit: limit),
                try row.map { try ConversationOverview($0, in: tables) } ?? nil,
                try Set(queued.map(\.id).filter { try tables.hasMessage($0) })
            )
        }
        if let missing = timeline.missing.last {
            replica.fill(conversation, endingAt: missing.upperBound)
        }
        let waiting = queued.filter { !told.contains($0.id) }
        return TimelineView(
            items: timeline.items + waiting.map(TimelineView.Item.queued),
            conversation: view,
            isComplete: timeline.isComplete && view != nil
        )
    }
}

/// The newest part of a conversation, as it is stored.
private struct StoredTimeline {
    let items: [TimelineView.Item]
    /// The parts between the items that are not loaded.
    let missing: [ClosedRange<UInt64>]
    let isComplete: Bool

    init(_ id: Data, in tables: ReplicaTables, limit: Int) throws {
        let events = try tables.events(of: id, below: nil, limit: limit)
        let first = events.count < limit ? 0 : events.first?.offset ?? 0
        let holes = try tables.holes(of: id)
        let missing = holes.filter { $0.upperBound >= first }
        let told = events.map { entry in
            let event = Event(entry.event, offset: entry.offset)
            return (entry.offset, TimelineView.Item.event(event))
        }
        let unknown = missing.map { ($0.upperBound, TimelineView.Item.missing($0)) }
        items = (told + unknown).sorted { $0.0 < $1.0 }.map(\.1)
        self.missing = missing
        isComplete = holes.isEmpty && events.count < limit
    }
}

extension ConversationOverview {
    /// A conversation as it is stored; nil for one without an id.
    init?(_ row: ConversationRow, in tables: ReplicaTables) throws {
        guard let id = ConversationID(bytes: row.conversation.id) else { return nil }
        self.id = id
        channel = row.conversation.channel
        contact = row.conversation.hasContact ? Party(row.conversation.contact) : nil
        newestRequest =
            row.conversation.hasNewestRequest ? Request(row.conversation.newestRequest) : nil
        lastMessage = try tables.lastMessage(of: row.conversation.id)
            .map { Event($0.event, offset: $0.offset) }
        let readUpTo = try tables.readUpTo(row)
        changedAt = Timestamp(millisecondsSinceEpoch: row.changedMilliseconds)
        unread = try tables.unread(
            in: row.conversation.id,
            above: readUpTo,
            limit: Self.mostUnread
        )
        self.readUpTo = readUpTo
        readByOthers = row.readByOthers
    }
}

extension ConversationOverview.Request {
    fileprivate init?(_ request: Docket_V1_Request) {
        guard let id = RequestID(bytes: request.id) else { return nil }
        self.id = id
        number = request.number
        title = request.title
        status = request.status
        statusName = request.statusName
        category = StatusCategory(request.category)
        assignee = request.hasAssignee ? Party(request.assignee) : nil
        version = request.version
    }
}
