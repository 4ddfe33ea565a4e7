internal import DocketDomain
internal import DocketStore
internal import Synchronization

/// An entry of the log with what decides who may see it.
///
/// The event is encoded once for all of the staff, and once for everybody else.
struct PublishedEntry: Sendable {
    let entry: LogEntry
    /// The entry as contacts see it; `nil` where they see nothing of it.
    let contactEntry: ContactEntry?
    /// Whose conversation it belongs to; `nil` where it concerns the desk as a whole.
    let contact: ContactID?
    /// On which channel.
    let channel: ChannelKey?
    /// The partner that has opened the request it belongs to; `nil` where none did.
    let partner: PrincipalID?

    init(entry: LogEntry, concern: Concern) {
        self.entry = entry
        contactEntry = entry.audience == .conversation ? ContactEntry(entry) : nil
        contact = concern.contact
        channel = concern.channel
        partner = concern.partner
    }

    /// The entry as an audience sees it by the rules in force.
    func seen(by audience: Audience, under policy: Policy) -> LogEntry? {
        switch audience {
        case .staff, .audit: entry
        case .conversation: contactEntry?.entry(under: policy)
        }
    }
}

/// An entry as contacts see it: made for the first who is sent it, and shared by all the others.
///
/// So the writer's thread does nothing for it, and where no contact listens, nobody does.
final class ContactEntry: Sendable {
    private struct Made {
        let policy: Policy
        let entry: LogEntry?
    }

    private let original: LogEntry
    private let made = Mutex<Made?>(nil)

    init(_ original: LogEntry) { self.original = original }

    /// The entry by the rules in force.
    func entry(under policy: Policy) -> LogEntry? {
        made.withLock { made in
            if let made, made.policy == policy { return made.entry }
            let entry = original.seenByContact(under: policy)
            made = Made(policy: policy, entry: entry)
            return entry
        }
    }
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
