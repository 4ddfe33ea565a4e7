internal import DocketRPC
internal import DocketWire

extension RPCError {
    /// What a call ends with whose head cannot be used.
    init(_ fault: CallHead.Fault) {
        switch fault {
        case .malformed: self.init(.malformedMessage, "the head is malformed", isNotProcessed: true)
        case .invalidUTF8:
            self.init(.invalidUtf8, "the head has text that is not UTF-8", isNotProcessed: true)
        case .invalidMetadata:
            self.init(.invalidMetadata, "metadata is malformed", isNotProcessed: true)
        }
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
