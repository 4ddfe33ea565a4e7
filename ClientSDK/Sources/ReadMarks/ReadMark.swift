/// How far a principal has read a conversation, as the server is to know it.
struct ReadMark: Hashable, Sendable {
    /// The conversation.
    let conversation: ConversationID
    /// The offset up to which everything has been read.
    let position: UInt64
    /// The life of the log that the offset is of; nil where the client was told of none.
    let epoch: [UInt8]?

    /// What stands of two marks of a conversation: the one that covers more.
    ///
    /// Offsets of two lives cannot be compared, and the later mark says what a person sees now. An
    /// offset whose life is not known is taken for one of the other's.
    ///
    /// - Parameter later: The mark that was made later.
    /// - Returns: The mark to keep.
    func merged(with later: ReadMark) -> ReadMark {
        if let epoch, let other = later.epoch, epoch != other { return later }
        return ReadMark(
            conversation: conversation,
            position: max(position, later.position),
            epoch: later.epoch ?? epoch
        )
    }

    /// Whether a mark that was told covers this one too.
    func isCovered(by told: ReadMark) -> Bool {
        told.conversation == conversation && told.position >= position
            && (told.epoch == epoch || told.epoch == nil || epoch == nil)
    }
}

/// A read mark that will not reach the server.
public struct DroppedReadMark: Hashable, Sendable {
    /// Why a mark was dropped.
    public enum Cause: Hashable, Sendable {
        /// The server refuses it.
        case refused(Refusal)
        /// The server was restored from a backup since: at its offset may stand what nobody has
        /// read.
        case restored
        /// A client without a profile was closed before the mark reached the server.
        case closed
    }

    /// The conversation.
    public let conversationID: ConversationID
    /// The offset up to which everything was read.
    public let offset: UInt64
    /// Why it was dropped.
    public let cause: Cause

    init(_ mark: ReadMark, _ cause: Cause) {
        conversationID = mark.conversation
        offset = mark.position
        self.cause = cause
    }
}
