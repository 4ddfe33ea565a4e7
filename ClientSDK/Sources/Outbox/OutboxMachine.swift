/// Decides which of the commands without a verdict leave next, and what becomes of those that fail.
///
/// Time and chance are arguments; what to do is the returned turn. Commands of one lane leave in
/// the order in which they were queued, several at once as one batch, of which the server makes
/// none behind the first that fails: the next batch leaves after the verdicts on the one before.
/// Lanes do not wait for each other, and tickets, each the first of a lane of its own, leave as a
/// batch of which each has a verdict for itself. Whoever drives the machine keeps the commands in
/// the local store and makes the calls.
struct OutboxMachine: Sendable {
    /// A command and where it stands.
    private struct Entry: Sendable {
        var command: QueuedCommand
        /// Whether it is in the local store as it is here; it does not leave before.
        var isKept: Bool
        /// Whether an attempt may have taken effect of which nobody knows.
        var isUncertain: Bool
        /// The number of the batch with which it is under way; nil while it is not.
        var batch: Int?
        var backoff = Backoff()
        /// The faults of the server.
        var faults = FaultCount()

        init(_ command: QueuedCommand, isKept: Bool) {
            self.command = command
            self.isKept = isKept
            isUncertain = command.mayBeSent
        }

        /// Whether it is under way.
        var isUnderWay: Bool { batch != nil }
    }

    /// A head that waits until a moment before it is tried again.
    private struct Delayed: Sendable {
        let moment: ContinuousClock.Instant
        let position: UInt64
    }

    /// Commands that leave at once.
    private struct Batch {
        private(set) var commands: [QueuedCommand]
        private var size: Int
        private let limits: OutboxLimits

        init(_ head: QueuedCommand, _ limits: OutboxLimits) {
            (commands, size, self.limits) = ([head], head.size, limits)
        }

        /// Takes another one, if there is room for its bytes.
        mutating func take(_ command: QueuedCommand) -> Bool {
            guard size + command.size <= limits.batchBytes else { return false }
            size += command.size
            commands.append(command)
            return true
        }
    }

    /// What to do next.
    enum Turn: Equatable, Sendable {
        /// Send these commands, which are under way from now on: some of one lane, in order, or
        /// some tickets.
        case send([QueuedCommand])
        /// This command has expired: keep that nobody sends it any more.
        case expire(QueuedCommand)
        /// Nothing, before this moment or before something else happens.
        case rest(until: ContinuousClock.Instant?)
    }

    /// What came of queueing a command.
    enum Added: Equatable, Sendable {
        /// It is new, and has to be kept.
        case new(QueuedCommand)
        /// It was queued before.
        case known(QueuedCommand)
    }

    /// Why an attempt brought no verdict.
    enum AttemptFailure: Equatable, Sendable {
        /// The connection ended: the next one comes at its own pace.
        case connection
        /// The command cannot be taken now.
        case busy(retryAfter: Duration?)
        /// The server failed at it, and may do so every time.
        case fault(retryAfter: Duration?)
    }

    /// What taking a command back has done.
    enum Cancellation: Equatable, Sendable {
        /// It has taken no effect and never will.
        case neverSent
        /// It may have taken effect.
        case maybeSent
        /// There is no such command without a verdict.
        case unknown
    }

    /// How many tickets are looked at for those that leave with one.
    private static let looksAhead = 1_000

    let limits: OutboxLimits
    private var entries: [UInt64: Entry] = [:]
    private var positions: [CommandID: UInt64] = [:]
    /// The positions of each lane, in order.
    private var lanes: [Lane: [UInt64]] = [:]
    /// The heads of lanes that may leave now, in order, but for tickets.
    private var ready: [UInt64] = []
    /// The tickets that may leave now, in order.
    private var readyTickets: [UInt64] = []
    /// The moment before which no ticket leaves: the server takes none now.
    ///
    /// Each is the head of a lane, so that a wait for each would make as many attempts as there are
    /// tickets.
    private var ticketPause: ContinuousClock.Instant?
    private var ticketBackoff = Backoff()
    /// Whether several tickets leave in one call.
    private var takesTicketsTogether = true
    /// The heads that wait, the next one first.
    private var delayed: [Delayed] = []
    /// Whether the server makes several calls of a lane at once.
    private var takesLanes = true
    /// How many commands of each batch are under way, by the batch's number.
    private var underWay: [Int: Int] = [:]
    private var lastBatch = 0
    /// The commands of each lane that are done with and stand in the local store all the same, and
    /// the connection on which each had its verdict; nil where that is not known.
    private var unrecorded: [Lane: [UInt64: Int?]] = [:]
    /// The lanes of these, by their positions.
    private var unrecordedLanes: [UInt64: Lane] = [:]
    /// The positions of commands whose files the server does not have yet.
    private var held: Set<UInt64> = []
    private var lastPosition: UInt64 = 0
    /// The bytes of all calls.
    private(set) var bytes = 0
    /// How many commands leave no more by themselves.
    private(set) var stoppedCount = 0

    /// A machine with what was kept.
    init(
        _ kept: [QueuedCommand] = [],
        holding held: Set<UInt64> = [],
        limits: OutboxLimits = OutboxLimits()
    ) {
        self.limits = limits
        self.held = held
        for command in kept.sorted(by: { $0.position < $1.position }) {
            insert(Entry(command, isKept: true))
        }
        for lane in lanes.keys { lineUp(lane) }
    }

    // MARK: Looking

    /// How many commands have no verdict or stop their lanes.
    var count: Int { entries.count }

    /// When the oldest of them was queued; nil for none.
    var oldest: Timestamp? { entries.values.map(\.command.queuedAt).min() }

    /// How many lanes stand still because their heads leave no more by themselves.
    var stoppedLanes: Int {
        lanes.values.count { lane in lane.first.flatMap { entries[$0]?.command.stop } != nil }
    }

    /// The commands that are kept, in order.
    var commands: [QueuedCommand] {
        entries.values.filter(\.isKept).map(\.command).sorted { $0.position < $1.position }
    }

    /// The commands of a lane that are kept, in order.
    func commands(in lane: Lane) -> [QueuedCommand] {
        (lanes[lane] ?? []).compactMap { entries[$0] }.filter(\.isKept).map(\.command)
    }

    /// The ids of all commands of a lane, in order, also of those that are not kept.
    func ids(in lane: Lane) -> [CommandID] {
        (lanes[lane] ?? []).compactMap { entries[$0]?.command.id }
    }

    /// How many commands a lane has, and the first and the last of them; nil for none.
    func waiting(in lane: Lane) -> (count: Int, first: CommandID, last: CommandID)? {
        guard let positions = lanes[lane], let first = positions.first, let last = positions.last,
            let head = entries[first]?.command.id, let tail = entries[last]?.command.id
        else { return nil }
        return (positions.count, head, tail)
    }

    /// The next commands of a lane of which the local store does not say that they may be sent.
    func unmarked(in lane: Lane) -> [QueuedCommand] {
        (lanes[lane] ?? []).prefix(limits.batch).prefix { !held.contains($0) }
            .compactMap { entries[$0] }
            .filter { $0.isKept && !$0.command.mayBeSent }.map(\.command)
    }

    /// Whether a command is being sent, or may have taken effect.
    func isUncertain(_ id: CommandID) -> Bool {
        positions[id].flatMap { entries[$0] }.map { $0.isUnderWay || $0.isUncertain } ?? false
    }

    /// Whether nothing leaves before a person decides or something is queued.
    var isAtRest: Bool {
        lanes.values.allSatisfy { lane in
            lane.first.flatMap { entries[$0]?.command.stop } != nil
        }
    }

    /// A command that has no verdict, or one that stops its lane.
    func command(_ id: CommandID) -> QueuedCommand? {
        positions[id].flatMap { entries[$0]?.command }
    }

    /// The command at a position; nil when there is none.
    func command(at position: UInt64) -> QueuedCommand? { entries[position]?.command }

    /// Whether a command is being sent now.
    func isUnderWay(_ id: CommandID) -> Bool {
        positions[id].flatMap { entries[$0]?.isUnderWay } ?? false
    }

    /// The stopped command for whose sake another waits.
    func obstacle(to id: CommandID) -> QueuedCommand? {
        guard let command = command(id), let head = lanes[command.lane]?.first,
            head != command.position, let first = entries[head]?.command, first.stop != nil
        else { return nil }
        return first
    }

    // MARK: Queueing

    /// Puts a command at the end of its lane; it leaves once it is `kept`.
    ///
    /// - Parameters:
    ///   - draft: The command.
    ///   - moment: The present moment by the wall clock.
    /// - Returns: The command, which is to be kept unless it was queued before.
    /// - Throws: `keyReused` for an id that another command has, `tooLarge` and `outboxFull` beyond
    ///   the limits.
    mutating func add(
        _ draft: CommandDraft,
        at moment: Timestamp
    ) throws(EnqueueError) -> Added {
        if let known = command(draft.id) {
            guard known.digest == draft.digest, known.kind == draft.kind else { throw .keyReused }
            return .known(known)
        }
        try require(room: draft.call.count, commands: 1)
        let position = lastPosition + 1
        let command = QueuedCommand(draft, position: position, queuedAt: moment)
        insert(Entry(command, isKept: false))
        return .new(command)
    }

    private func require(room size: Int, commands: Int) throws(EnqueueError) {
        guard size <= limits.call else { throw .tooLarge(limit: limits.call) }
        guard count + commands <= limits.commands else {
            throw .outboxFull(.messages(limits.commands))
        }
        guard bytes + size <= limits.bytes else { throw .outboxFull(.bytes(limits.bytes)) }
    }

    /// A command is in the local store as it is here.
    mutating func kept(_ id: CommandID) {
        guard let position = positions[id], entries[position]?.isKept == false else { return }
        entries[position]?.isKept = true
        if let lane = entries[position]?.command.lane { lineUp(lane) }
    }

    /// A command that was added could not be kept: it was never queued.
    mutating func dropped(_ id: CommandID) {
        guard let position = positions[id], entries[position]?.isKept == false else { return }
        remove(position)
    }

    /// A command does not leave before it is `released`: the server lacks files of it.
    mutating func hold(_ position: UInt64) {
        guard entries[position] != nil else { return }
        held.insert(position)
        withdraw(position)
    }

    /// The server has all files of a command.
    mutating func released(_ position: UInt64) {
        guard held.remove(position) != nil, let lane = entries[position]?.command.lane else {
            return
        }
        lineUp(lane)
    }

    private mutating func insert(_ entry: Entry) {
        let command = entry.command
        entries[command.position] = entry
        positions[command.id] = command.position
        lanes[command.lane, default: []].append(command.position)
        bytes += command.size
        if command.stop != nil { stoppedCount += 1 }
        lastPosition = max(lastPosition, command.position)
    }

    // MARK: Sending

    /// What to do next; to be asked until there is nothing.
    ///
    /// - Parameters:
    ///   - now: The present moment.
    ///   - moment: The same by the wall clock, which tells a command's age over restarts.
    ///   - link: The number of the connection over which commands leave.
    /// - Returns: What to do.
    mutating func next(
        at now: ContinuousClock.Instant,
        _ moment: Timestamp,
        over link: Int = 0
    ) -> Turn {
        while let first = delayed.first, first.moment <= now {
            delayed.removeFirst()
            if let lane = entries[first.position]?.command.lane { lineUp(lane) }
        }
        guard underWay.count < limits.batchesUnderWay else { return .rest(until: nil) }
        if let pause = ticketPause, pause <= now { ticketPause = nil }
        guard let position = nextHead(over: link), let entry = entries[position] else {
            let pause = readyTickets.isEmpty ? nil : ticketPause
            return .rest(until: [delayed.first?.moment, pause].compactMap { $0 }.min())
        }
        withdraw(position)
        if isExpired(entry, at: moment), let expired = stop(position, .expired) {
            return .expire(expired)
        }
        let batch =
            switch entry.command.kind.bond {
            case .lane: lane(from: entry, at: moment)
            case .independent: independents(with: entry, at: moment, over: link)
            }
        lastBatch += 1
        for command in batch { entries[command.position]?.batch = lastBatch }
        underWay[lastBatch] = batch.count
        return .send(batch)
    }

    /// The head that leaves next over a connection; nil where none may.
    private mutating func nextHead(over link: Int) -> UInt64? {
        // A lane that has to wait lines up again when what it waits for is recorded.
        while let head = ready.first, hasToWait(lane(of: head), over: link) {
            ready.removeFirst()
        }
        while let head = readyTickets.first, hasToWait(lane(of: head), over: link) {
            readyTickets.removeFirst()
        }
        let ticket = ticketPause == nil ? readyTickets.first : nil
        return [ready.first, ticket].compactMap { $0 }.min()
    }

    private func lane(of position: UInt64) -> Lane? { entries[position]?.command.lane }

    /// Whether nothing of a lane may leave over a connection, for the sake of order.
    ///
    /// What is done with and stands in the local store is sent again by the next process. If the
    /// server was restored to a moment before it, that makes it anew, behind whatever was sent in
    /// between. A restore ends every connection: over the same one nothing can come in between.
    private func hasToWait(_ lane: Lane?, over link: Int) -> Bool {
        guard let lane else { return false }
        return unrecorded[lane]?.values.contains { $0 != link } ?? false
    }

    /// The local store has forgotten the command at a position, which is done with.
    ///
    /// - Returns: Whether its lane may have waited for that.
    mutating func recorded(_ position: UInt64) -> Bool {
        guard let lane = unrecordedLanes.removeValue(forKey: position) else { return false }
        _ = unrecorded[lane]?.removeValue(forKey: position)
        guard unrecorded[lane]?.isEmpty == true else { return false }
        unrecorded[lane] = nil
        lineUp(lane)
        return lanes[lane] != nil
    }

    /// The commands that leave with the head of a lane.
    ///
    /// One at which the server has failed leaves alone: whatever else it is sent with would be
    /// blamed for it, or it for that.
    private func lane(from head: Entry, at moment: Timestamp) -> [QueuedCommand] {
        guard takesLanes, head.faults.count == 0 else { return [head.command] }
        var batch = Batch(head.command, limits)
        for position in (lanes[head.command.lane] ?? []).dropFirst().prefix(limits.batch - 1) {
            guard let entry = entries[position], mayAccompany(entry, head, at: moment),
                batch.take(entry.command)
            else { break }
        }
        return batch.commands
    }

    /// The heads of other lanes that leave with the head of one, each for itself.
    private mutating func independents(
        with head: Entry,
        at moment: Timestamp,
        over link: Int
    ) -> [QueuedCommand] {
        guard takesTicketsTogether, head.faults.count == 0 else { return [head.command] }
        var batch = Batch(head.command, limits)
        for position in readyTickets.prefix(Self.looksAhead) {
            guard batch.commands.count < limits.tickets else { break }
            guard let entry = entries[position], mayAccompany(entry, head, at: moment),
                !hasToWait(entry.command.lane, over: link)
            else { continue }
            guard batch.take(entry.command) else { break }
        }
        let taken = Set(batch.commands.map(\.position))
        readyTickets.removeAll { taken.contains($0) }
        return batch.commands
    }

    /// Whether a command may leave at once with another.
    private func mayAccompany(_ entry: Entry, _ head: Entry, at moment: Timestamp) -> Bool {
        entry.isKept && entry.command.stop == nil && entry.faults.count == 0
            && !held.contains(entry.command.position)
            && entry.command.kind.bond == head.command.kind.bond
            && !isExpired(entry, at: moment)
    }

    /// Whether a command may be sent no more: what was never sent cannot be doubled by a late
    /// sending, whatever the clock says.
    private func isExpired(_ entry: Entry, at moment: Timestamp) -> Bool {
        entry.isUncertain && entry.command.queuedAt.distance(to: moment) > limits.age
    }

    /// It is in the local store that a command may be sent.
    mutating func marked(_ command: QueuedCommand) {
        guard isThere(command) else { return }
        entries[command.position]?.command.mayBeSent = true
    }

    /// A command is done with: it is to be removed from the local store.
    ///
    /// Until it is `recorded`, no other of its lane leaves over another connection.
    ///
    /// - Parameters:
    ///   - command: The command.
    ///   - link: The number of the connection on which it had its verdict; nil where that is not
    ///     known.
    /// - Returns: Whether it was there.
    mutating func accepted(_ command: QueuedCommand, over link: Int? = 0) -> Bool {
        guard isThere(command) else { return false }
        unrecorded[command.lane, default: [:]].updateValue(link, forKey: command.position)
        unrecordedLanes[command.position] = command.lane
        if command.kind.bond == .independent { ticketBackoff.reset() }
        remove(command.position)
        return true
    }

    /// A command has no chance any more: its lane stops until a person retries or discards it.
    ///
    /// - Returns: Whether it was there.
    mutating func stopped(_ command: QueuedCommand, _ reason: QueuedCommand.Stop) -> Bool {
        guard isThere(command), entries[command.position]?.command.stop == nil else { return false }
        return stop(command.position, reason) != nil
    }

    /// An attempt brought no verdict.
    ///
    /// - Parameters:
    ///   - command: The command.
    ///   - failure: Whose trouble it was, and how long the server wants to be left alone.
    ///   - mayHaveTakenEffect: Whether the server may have done what it was asked.
    ///   - now: The present moment.
    ///   - random: Chance, for the wait.
    /// - Returns: Whether it is tried again; otherwise the server has failed at it too often, and
    ///   it is to be stopped.
    mutating func failed(
        _ command: QueuedCommand,
        _ failure: AttemptFailure,
        mayHaveTakenEffect: Bool,
        at now: ContinuousClock.Instant,
        using random: inout some RandomNumberGenerator
    ) -> Bool {
        let position = command.position
        guard isThere(command), var entry = entries[position], entry.isUnderWay else { return true }
        let isAmongOthers = entry.batch.flatMap { underWay[$0] }.map { $0 > 1 } ?? false
        settle(&entry)
        if mayHaveTakenEffect { entry.isUncertain = true }
        var wait: Duration?
        switch failure {
        case .connection: break
        case .busy(let requested) where command.kind.bond == .independent:
            pauseTickets(after: requested, at: now, using: &random)
        case .busy(let requested): wait = entry.backoff.wait(after: requested, using: &random)
        case .fault(let requested):
            entry.faults.add(at: now)
            guard !entry.faults.isBeyond(limits) else {
                entries[position] = entry
                return false
            }
            let due = entry.backoff.wait(after: requested, using: &random)
            entry.faults.rest(for: due)
            wait = due
            if isAmongOthers, command.kind.bond == .independent {
                pauseTickets(after: requested, at: now, using: &random)
            }
        }
        entries[position] = entry
        if let wait { delay(position, until: now + wait) } else { lineUp(command.lane) }
        return true
    }

    /// No ticket leaves for a while; the answers on one call make one wait.
    private mutating func pauseTickets(
        after requested: Duration?,
        at now: ContinuousClock.Instant,
        using random: inout some RandomNumberGenerator
    ) {
        guard ticketPause.map({ $0 <= now }) ?? true else { return }
        ticketPause = now + ticketBackoff.wait(after: requested, using: &random)
    }

    /// The server has refused a call with several tickets as a whole: from now on each leaves in
    /// one of its own, whose refusal is its verdict.
    mutating func pushAlone() {
        takesTicketsTogether = false
    }

    /// The server takes no lanes, as one of an earlier version: from now on commands leave alone.
    mutating func sendAlone() {
        takesLanes = false
    }

    /// Commands that were sent behind another come back without a verdict of their own.
    ///
    /// To be called before it is said what became of the one in front of them.
    ///
    /// - Parameters:
    ///   - commands: The commands.
    ///   - mayHaveTakenEffect: Whether the server may have done what they ask.
    mutating func returned(_ commands: ArraySlice<QueuedCommand>, mayHaveTakenEffect: Bool) {
        for command in commands {
            guard isThere(command), var entry = entries[command.position], entry.isUnderWay else {
                continue
            }
            settle(&entry)
            if mayHaveTakenEffect { entry.isUncertain = true }
            entries[command.position] = entry
        }
        for command in commands { lineUp(command.lane) }
    }

    private func isThere(_ command: QueuedCommand) -> Bool {
        entries[command.position]?.command.id == command.id
    }

    // MARK: What people do

    /// Begins to take a command back; it does not leave until it is `leftOut` or `kept` again.
    ///
    /// - Parameters:
    ///   - id: The command.
    ///   - onlyUnsent: Whether it stays if it may have taken effect.
    /// - Returns: What taking it back does, once it is out of the local store.
    mutating func takeBack(_ id: CommandID, onlyUnsent: Bool) -> Cancellation {
        guard let position = positions[id], let entry = entries[position], entry.isKept else {
            return .unknown
        }
        let isRefused = if case .refused = entry.command.stop { true } else { false }
        let isCertain = isRefused || !entry.isUnderWay && !entry.isUncertain
        guard isCertain || !onlyUnsent else { return .maybeSent }
        entries[position]?.isKept = false
        withdraw(position)
        return isCertain ? .neverSent : .maybeSent
    }

    /// A command that was taken back is out of the local store.
    mutating func leftOut(_ command: QueuedCommand) {
        if isThere(command) { remove(command.position) }
    }

    /// Lets a stopped command try again in its old place; it leaves once it is `kept`.
    ///
    /// - Parameters:
    ///   - id: The command.
    ///   - draft: What takes the place of a refused one, under a new id since the server repeats
    ///     its verdicts; nil for any other, which may have taken effect under its own.
    ///   - moment: The present moment by the wall clock.
    /// - Returns: The command as it is to be kept; nil unless there is a stopped one.
    /// - Throws: As `add` does.
    mutating func renew(
        _ id: CommandID,
        as draft: CommandDraft?,
        at moment: Timestamp
    ) throws(EnqueueError) -> QueuedCommand? {
        guard let position = positions[id], let entry = entries[position], entry.isKept,
            entry.command.stop != nil
        else { return nil }
        var command = entry.command
        if let draft {
            guard self.command(draft.id) == nil else { throw .keyReused }
            try require(room: draft.call.count, commands: 0)
            command = QueuedCommand(draft, position: position, queuedAt: moment)
        } else {
            command.queuedAt = moment
            command.stop = nil
        }
        replace(position, with: command, isKept: false)
        return command
    }

    /// Commands that name one that was renewed follow it under its new id; each leaves once it is
    /// `kept`.
    ///
    /// - Parameter drafts: The commands, under their own ids, with their calls and lane to be.
    /// - Returns: The commands as they are to be kept.
    mutating func follow(_ drafts: [CommandDraft]) -> [QueuedCommand] {
        drafts.compactMap { draft in
            guard let old = command(draft.id) else { return nil }
            var command = QueuedCommand(draft, position: old.position, queuedAt: old.queuedAt)
            (command.mayBeSent, command.stop) = (old.mayBeSent, old.stop)
            replace(old.position, with: command, isKept: false)
            return command
        }
    }

    /// Renewed commands, and those that follow one, could not be kept: each is again what it was.
    mutating func restore(_ commands: [QueuedCommand]) {
        for old in commands where entries[old.position]?.isKept == false {
            replace(old.position, with: old, isKept: true)
        }
    }

    private mutating func replace(
        _ position: UInt64,
        with command: QueuedCommand,
        isKept: Bool
    ) {
        guard let old = entries[position]?.command else { return }
        withdraw(position)
        positions[old.id] = nil
        positions[command.id] = position
        bytes += command.size - old.size
        stoppedCount += (command.stop == nil ? 0 : 1) - (old.stop == nil ? 0 : 1)
        entries[position] = Entry(command, isKept: isKept)
        if old.lane != command.lane {
            leave(old.lane, position)
            lanes[command.lane, default: []].insert(ordered: position)
        }
        lineUp(command.lane)
    }

    // MARK: Lanes

    private mutating func stop(_ position: UInt64, _ stop: QueuedCommand.Stop) -> QueuedCommand? {
        guard var entry = entries[position] else { return nil }
        settle(&entry)
        if entry.command.stop == nil { stoppedCount += 1 }
        entry.command.stop = stop
        entries[position] = entry
        withdraw(position)
        return entry.command
    }

    /// Takes a position out of those that may leave, now or later.
    private mutating func withdraw(_ position: UInt64) {
        ready.remove(ordered: position)
        readyTickets.remove(ordered: position)
        delayed.removeAll { $0.position == position }
    }

    private mutating func settle(_ entry: inout Entry) {
        guard let batch = entry.batch else { return }
        entry.batch = nil
        let others = (underWay[batch] ?? 1) - 1
        underWay[batch] = others > 0 ? others : nil
    }

    private mutating func remove(_ position: UInt64) {
        guard var entry = entries.removeValue(forKey: position) else { return }
        held.remove(position)
        settle(&entry)
        let command = entry.command
        positions[command.id] = nil
        bytes -= command.size
        if command.stop != nil { stoppedCount -= 1 }
        withdraw(position)
        leave(command.lane, position)
    }

    private mutating func leave(_ lane: Lane, _ position: UInt64) {
        lanes[lane]?.remove(ordered: position)
        if lanes[lane]?.isEmpty == true { lanes[lane] = nil }
        lineUp(lane)
    }

    /// Lets the head of a lane leave, unless it waits, is under way or stops the lane.
    private mutating func lineUp(_ lane: Lane) {
        guard let head = lanes[lane]?.first, let entry = entries[head], entry.isKept,
            !held.contains(head),
            !entry.isUnderWay, entry.command.stop == nil,
            !delayed.contains(where: { $0.position == head })
        else { return }
        switch entry.command.kind.bond {
        case .lane: ready.insert(ordered: head)
        case .independent: readyTickets.insert(ordered: head)
        }
    }

    private mutating func delay(_ position: UInt64, until moment: ContinuousClock.Instant) {
        let place = delayed.partitionPoint { $0.moment > moment }
        delayed.insert(Delayed(moment: moment, position: position), at: place)
    }
}

extension Array {
    /// The first index from which on a condition holds, which holds for no element before it.
    fileprivate func partitionPoint(where holds: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension [UInt64] {
    /// Puts a position in its place among others in order, unless it is there.
    fileprivate mutating func insert(ordered position: UInt64) {
        let place = partitionPoint { $0 >= position }
        guard place == endIndex || self[place] != position else { return }
        insert(position, at: place)
    }

    /// Takes a position out of others in order, if it is there.
    fileprivate mutating func remove(ordered position: UInt64) {
        let place = partitionPoint { $0 >= position }
        if place < endIndex, self[place] == position { remove(at: place) }
    }
}
