internal import DocketDomain
internal import DocketStore

/// An entry of the log with what decides who may see it.
///
/// The event is encoded once, for everybody.
struct PublishedEntry: Sendable {
    let entry: LogEntry
    /// Whose conversation it belongs to; `nil` where it concerns the desk as a whole.
    let contact: ContactID?
    /// On which channel.
    let channel: ChannelKey?
}

/// An event that is in no log, for those who listen now.
struct PassingSignal: Sendable {
    let content: FeedSignal
    let author: PrincipalID?
    let contact: ContactID
    let channel: ChannelKey
    /// Whether only the staff knows of the conversation.
    let isInternal: Bool
}
