package import DocketStore
package import Foundation

/// A place in a feed: opaque to applications, kept and given back as a whole.
package struct FeedCursor: Hashable, Sendable {
    /// The life of the log it belongs to.
    package let epoch: Epoch
    /// Everything up to this offset has been seen.
    package let offset: UInt64

    /// Describes a place.
    package init(epoch: Epoch, offset: UInt64) {
        self.epoch = epoch
        self.offset = offset
    }
}

/// Where a subscription begins.
package enum FeedStart: Hashable, Sendable {
    /// With what happens from now on.
    case now
    /// After a cursor.
    case after(FeedCursor)
    /// With the first entry that the desk still has.
    case beginning
}

/// Why a cursor is no longer of use: the client takes a snapshot and subscribes from there.
package enum ResyncReason: String, Error, Hashable, Sendable {
    /// The desk was restored from a backup since.
    case epochChanged = "epoch_changed"
    /// The log no longer reaches back so far.
    case belowFloor = "below_floor"
    /// The log has never been there.
    case aboveHead = "above_head"
}

/// One step of a feed: applied if and only if `previous` is the cursor's offset, which then
/// becomes `offset`.
package struct FeedEntry: Hashable, Sendable {
    /// What an entry tells.
    package enum Content: Hashable, Sendable {
        /// A committed fact, as an encoded `docket.v1.Event`.
        case event(Data)
        /// The subscription begins here.
        case started
        /// Everything that the log held has been sent; what follows is live.
        case caughtUp
        /// Nothing happened for a while.
        case heartbeat
    }

    /// The offset of the entry sent before it on this feed.
    package let previous: UInt64
    /// Everything of this feed up to here has been sent.
    package let offset: UInt64
    /// What it tells.
    package let content: Content
}
