/// Decides which read mark is sent next, and what becomes of those that fail.
///
/// Time and chance are arguments. A conversation has one mark, the one that covers most: one that
/// grows while it is sent is sent again with what it has become. Marks of conversations do not wait
/// for each other, nor for messages.
struct ReadMarkMachine: Sendable {
    private struct Entry: Sendable {
        var mark: ReadMark
        /// The id under which the mark is sent, the same for each attempt; nil before the first.
        var command: MessageID?
        /// The mark that is being sent, or that the server has, until the store has forgotten it.
        var underWay: ReadMark?
        var backoff = Backoff()
        /// The moment before which it is not tried again.
        var rest: ContinuousClock.Instant?
    }

    /// What to do next.
    enum Turn: Equatable, Sendable {
        /// Send this mark under this id; it is under way from now on.
        case send(ReadMark, MessageID)
        /// Nothing, before this moment or before something else happens.
        case rest(until: ContinuousClock.Instant?)
    }

    let limits: OutboxLimits
    private var entries: [ConversationID: Entry] = [:]
    /// The conversations in the order in which their marks came.
    private var order: [ConversationID] = []
    private var underWayCount = 0

    /// A machine with what was kept.
    init(_ kept: [ReadMark] = [], limits: OutboxLimits = OutboxLimits()) {
        self.limits = limits
        for mark in kept { add(mark) }
    }

    /// The marks that the server does not have for all that is known, in the order in which their
    /// conversations came, each with the id under which it may have been sent.
    var unsent: [(mark: ReadMark, command: MessageID?)] {
        order.compactMap { entries[$0] }.map { ($0.mark, $0.command) }
    }

    /// How many there are.
    var count: Int { entries.count }

    /// Whether there is room for a mark.
    func hasRoom(for mark: ReadMark) -> Bool {
        entries[mark.conversation] != nil || entries.count < limits.marks
    }

    /// Whether the conversation has this mark already, or one that covers more.
    func covers(_ mark: ReadMark) -> Bool {
        guard let known = entries[mark.conversation]?.mark else { return false }
        return known.epoch == mark.epoch && known.position >= mark.position
    }

    /// Takes a mark that is kept.
    mutating func add(_ mark: ReadMark) {
        guard var entry = entries[mark.conversation] else {
            entries[mark.conversation] = Entry(mark: mark)
            order.append(mark.conversation)
            return
        }
        let merged = entry.mark.merged(with: mark)
        if merged != entry.mark {
            entry.mark = merged
            entry.command = nil
        }
        entries[mark.conversation] = entry
    }

    /// What to do next; to be asked until there is nothing.
    ///
    /// - Parameters:
    ///   - now: The present moment.
    ///   - newID: Makes the id of a command.
    /// - Returns: What to do.
    mutating func next(
        at now: ContinuousClock.Instant,
        newID: () -> MessageID
    ) -> Turn {
        guard underWayCount < limits.marksUnderWay else { return .rest(until: nil) }
        var rest: ContinuousClock.Instant?
        for conversation in order {
            guard var entry = entries[conversation], entry.underWay == nil else { continue }
            if let moment = entry.rest, moment > now {
                rest = min(rest ?? moment, moment)
                continue
            }
            let command = entry.command ?? newID()
            entry.command = command
            entry.underWay = entry.mark
            entries[conversation] = entry
            underWayCount += 1
            return .send(entry.mark, command)
        }
        return .rest(until: rest)
    }

    /// An attempt brought no verdict.
    ///
    /// - Parameters:
    ///   - mark: The mark that was sent.
    ///   - failure: Whose trouble it was.
    ///   - now: The present moment.
    ///   - random: Chance, for the wait.
    mutating func failed(
        _ mark: ReadMark,
        _ failure: OutboxMachine.AttemptFailure,
        at now: ContinuousClock.Instant,
        using random: inout some RandomNumberGenerator
    ) {
        guard var entry = returned(mark) else { return }
        switch failure {
        case .connection: break
        case .busy(let requested), .fault(let requested):
            entry.rest = now + entry.backoff.wait(after: requested, using: &random)
        }
        entries[mark.conversation] = entry
    }

    /// A mark is done with, and the store has forgotten it: the server has it or refuses it.
    mutating func settled(_ mark: ReadMark) {
        guard var entry = returned(mark) else { return }
        guard !entry.mark.isCovered(by: mark) else {
            entries[mark.conversation] = nil
            order.removeAll { $0 == mark.conversation }
            return
        }
        entry.rest = nil
        entry.backoff.reset()
        entries[mark.conversation] = entry
    }

    /// The entry of a mark, which is under way no more.
    private mutating func returned(_ mark: ReadMark) -> Entry? {
        guard var entry = entries[mark.conversation], entry.underWay == mark else { return nil }
        entry.underWay = nil
        underWayCount -= 1
        return entry
    }
}
