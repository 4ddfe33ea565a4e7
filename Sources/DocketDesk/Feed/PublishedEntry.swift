internal import DocketDomain
internal import DocketStore

/// An entry of the log with what decides who may see it.
///
/// The event is encoded once, for everybody.
struct PublishedEntry: Sendable {
    let entry: LogEntry
    let contact: ContactID
    let channel: ChannelKey
}

/// An event that is in no log, for those who listen now.
struct PassingSignal: Sendable {
    let content: FeedSignal
    let author: PrincipalID?
    let contact: ContactID
    let channel: ChannelKey
}
