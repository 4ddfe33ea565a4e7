/// How much a peer may still send on one stream, counted by the receiver.
///
/// Credit goes back when the receiver is done with what came: at once for parts of an unfinished
/// message, when the message is consumed otherwise. It goes back in lumps of half a window, so
/// that a stream of small messages does not cost a CREDIT frame each.
struct ReceiveWindow: Equatable {
    private let size: Int
    private var remaining: Int
    private var returnable = 0

    /// A full window of `size` cost units.
    init(size: Int) {
        self.size = size
        remaining = size
    }

    /// The most frames that a sender may have under way with the credit it has left.
    var framesLeft: Int {
        (max(0, remaining) + Limits.minimumFrameCost - 1) / Limits.minimumFrameCost
    }

    /// Takes a frame's cost, or returns false when the sender had no credit.
    ///
    /// One frame may overdraw the window, so that no sender ever waits for a full one.
    mutating func receive(cost: Int) -> Bool {
        guard remaining > 0 else { return false }
        remaining -= cost
        return true
    }

    /// Says that the receiver is done with `cost` units; gives what to grant now, if anything.
    mutating func release(cost: Int) -> UInt32? {
        returnable += cost
        guard returnable >= size / 2 else { return nil }
        let grant = returnable
        returnable = 0
        remaining += grant
        return UInt32(clamping: grant)
    }
}
