internal import DocketMessages

/// A change of what a client holds of the server's: its conversations and their events.
///
/// All of it is cache: a reset drops it, and the server says it again.
enum ReplicaChange: Sendable {
    /// A page of a snapshot. All but the last are put by; with that the replica becomes what all of
    /// them say, and the feed goes on from their cursor.
    case snapshot(Docket_V1_SnapshotReply)
    /// The pages that were put by are of no use.
    case snapshotForgotten
    /// What the feed has told, in order, and the cursor behind it.
    case feed([ReplicaEvent], Cursor)
    /// A part of a conversation's past in an epoch, which fills a hole.
    case history(ConversationID, [ReplicaEvent], filled: ClosedRange<UInt64>, [UInt8])
    /// The server has taken a message that the feed has not told yet, when the feed was of this
    /// epoch; nil where it had not begun.
    case taken(ReplicaEvent, epoch: [UInt8]?)
    /// What the server had taken behind an offset, and has not told, is of another life of the log.
    case takenForgotten(behind: UInt64)
    /// The owner has read a conversation up to an offset of an epoch, which the feed has not told
    /// yet; nil for whatever epoch is followed.
    case marked(ConversationID, upTo: UInt64, epoch: [UInt8]?)
    /// A request as it is now.
    case request(Docket_V1_Request)
}

/// An event and its place in the log.
struct ReplicaEvent: Sendable {
    /// The place.
    let offset: UInt64
    /// The event as the server told it.
    let event: Docket_V1_Event

    init(_ event: Docket_V1_Event, at offset: UInt64) {
        self.offset = offset
        self.event = event
    }
}

extension Docket_V1_Event {
    /// Whether a conversation shows it; marks of what has been read are no lines of their own.
    var isShown: Bool {
        if case .typingStarted = fact { false } else { Event.Fact(fact).isShown }
    }
}
