internal import DocketRPC
internal import DocketWire

extension RPCError {
    /// What a call ends with whose head cannot be used.
    init(_ fault: CallHead.Fault) {
        switch fault {
        case .malformed: self.init(.malformedMessage, "the head is malformed")
        case .invalidUTF8: self.init(.invalidUtf8, "the head has text that is not UTF-8")
        case .invalidMetadata: self.init(.invalidMetadata, "metadata is malformed")
        }
    }

    /// What a call ends with on a connection that drains: the server may be asked again at
    /// `returnAt`, and what is left of that time at `now` is told.
    static func draining(
        _ text: String,
        returnAt: ContinuousClock.Instant,
        at now: ContinuousClock.Instant
    ) -> RPCError {
        RPCError(.draining, text, retryAfter: returnAt > now ? returnAt - now : nil)
    }

    /// What a call ends with whose message is over a limit of the receiver.
    init(_ refusal: MessageRefusal) {
        switch refusal {
        case .tooLarge: self.init(.messageTooLarge, "a message is over the limit")
        case .tooManyUnfinishedBytes:
            self.init(.tooManyIncompleteBytes, "unfinished messages are over the limit")
        }
    }
}
