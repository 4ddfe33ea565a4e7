extension Limits {
    /// The name of the first value that is out of its range, or nil when all are in order.
    ///
    /// Configuration asks here before it serves; a connection's machine takes only limits for
    /// which this is nil.
    package var outOfRange: String? {
        rangeFaults.first { !$0.isAllowed }?.name
    }

    private var rangeFaults: [(name: String, isAllowed: Bool)] {
        [
            ("maximumFrame", Self.frameRange.contains(maximumFrame)),
            ("maximumMessage", Self.messageRange.contains(maximumMessage)),
            ("streamCredit", Self.creditRange.contains(streamCredit)),
            ("streamsBeforeSignIn", Self.streamsRange.contains(streamsBeforeSignIn)),
            ("streams", Self.streamsRange.contains(streams)),
            ("unfinishedMessages", unfinishedMessages > 0),
            ("unfinishedMessagesInAll", unfinishedMessagesInAll > 0),
            ("connectionsOfContact", connectionsOfContact > 0),
            ("waitingReplies", waitingReplies > 0),
            ("waitingRepliesInAll", waitingRepliesInAll > 0), ("replyTime", replyTime > .zero),
            ("connectionsWithoutPrincipal", connectionsWithoutPrincipal > 0),
            ("connectionsWithoutPrincipalOfNetwork", connectionsWithoutPrincipalOfNetwork > 0),
            ("handshakesInFlight", handshakesInFlight > 0),
            ("handshakesInFlightOfNetwork", handshakesInFlightOfNetwork > 0),
            ("outboundBytes", outboundBytes > 0),
            ("glitches", glitches > 0),
            ("pingBurst", pingBurst > 0),
            ("framesPerTurn", framesPerTurn > 0),
            ("keepalive", Self.keepaliveRange.contains(keepalive)),
            ("handshakeTime", handshakeTime > .zero),
            ("helloTime", helloTime > .zero),
            ("signInTime", signInTime > .zero),
            ("lifeWithoutPrincipal", lifeWithoutPrincipal > .zero),
            ("frameTime", frameTime > .zero),
            ("stallTime", stallTime > .zero),
            ("drainTime", drainTime >= .zero),
            ("drainQuietTime", drainQuietTime >= .zero),
            ("waitingCalls", waitingCalls >= 0),
        ]
    }
}
