internal import DocketDomain
internal import DocketStore
internal import Logging
internal import Synchronization

/// What the writer shares with the rest of the desk.
struct DeskParts: Sendable {
    let policy: Policy
    let limits: DeskLimits
    let clock: any DeskClock
    let condition: DeskConditionKeeper
    let publisher: FeedPublisher
    let sessions: SessionCache
    let random: ChanceKeeper

    /// Tells everybody what a commit has made true.
    func announce(_ outcome: BatchOutcome) {
        condition.noteSuccess()
        if !outcome.endedSessions.isEmpty { sessions.end(outcome.endedSessions) }
        publisher.publish(outcome.entries)
    }
}

/// Keeps the random generator that makes the ids of requests.
///
/// Ids are no secret, so that chance need not be unguessable: it has to differ.
final class ChanceKeeper: Sendable {
    private let generator: Mutex<any RandomNumberGenerator & Sendable>

    init(_ generator: any RandomNumberGenerator & Sendable) { self.generator = Mutex(generator) }

    /// A new id for something that begins at a moment.
    func id<Tag>(at moment: Timestamp, for tag: Tag.Type) -> Identifier<Tag> {
        generator.withLock { generator in Identifier(at: moment, random: &generator) }
    }
}
