internal import DocketDomain
internal import DocketStore

/// One thing that follows from a step and is durable with its commit.
enum StepEffect: Sendable {
    /// An event for the log, at the offset after the last one.
    indirect case event(Event, Concern)
    /// Something for the store to keep.
    case keep(StoreChange)
}

/// Whom an event concerns, beside what it says itself: it decides who may see it in a feed.
struct Concern: Sendable {
    /// Whose conversation it belongs to; `nil` where it concerns the desk as a whole.
    var contact: ContactID?
    /// On which channel.
    var channel: ChannelKey?
    /// The partner that has opened the request it belongs to.
    var partner: PrincipalID?
}
