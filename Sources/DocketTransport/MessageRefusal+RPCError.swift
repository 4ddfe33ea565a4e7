internal import DocketRPC
internal import DocketWire

extension RPCError {
    /// What a call ends with whose message is over a limit of the receiver.
    init(_ refusal: MessageRefusal) {
        switch refusal {
        case .tooLarge: self.init(.messageTooLarge, "a message is over the limit")
        case .tooManyUnfinishedBytes:
            self.init(.tooManyIncompleteBytes, "unfinished messages are over the limit")
        }
    }
}
