internal import DocketCrypto

/// Decides which of the files that queued commands name are uploaded next, and when a command has
/// all of its files.
///
/// Time and chance are arguments; what to do is the returned turn. Files are uploaded in the order
/// of their commands, whether or not those can leave: a command waits for its files, and nothing
/// else does. So that the files of commands that cannot leave do not take the server's room from
/// the others, only so many are uploaded ahead of the first command of each lane.
struct UploadMachine: Sendable {
    /// In which order files are uploaded: the earliest command's first.
    private struct Place: Hashable, Comparable {
        let position: UInt64
        let index: Int

        static func < (left: Place, right: Place) -> Bool {
            (left.position, left.index) < (right.position, right.index)
        }
    }

    private enum State: Equatable {
        case waiting
        case underWay
        /// The server had all of it at a moment.
        case done(ContinuousClock.Instant)
        /// It has no chance before a person retries the command.
        case stopped
    }

    private struct Entry {
        var file: QueuedFile
        let lane: Lane
        var state = State.waiting
        var sent: UInt64 = 0
        var faults = FaultCount()
    }

    /// What to do next.
    enum Turn: Equatable, Sendable {
        /// Upload this file; it is under way from now on.
        case upload(QueuedFile)
        /// The server may have forgotten files of the command at a position: it is not to leave
        /// before they are looked for.
        case hold(UInt64)
        /// Nothing, before this moment or before something else happens.
        case rest(until: ContinuousClock.Instant?)
    }

    /// Why an attempt has not brought the file to the server.
    enum Failure: Equatable, Sendable {
        /// The connection ended: the next one comes at its own pace.
        case connection
        /// The server has no room or no time for files now.
        case busy(retryAfter: Duration?)
        /// The server failed at this one, and may do so every time.
        case fault
    }

    let limits: OutboxLimits
    private var entries: [Place: Entry] = [:]
    private var places: [AttachmentID: Place] = [:]
    /// The positions with files of each lane, in order.
    private var lanes: [Lane: [UInt64]] = [:]
    /// How many files each position has, and how many of them the server has.
    private var counts: [UInt64: (all: Int, done: Int)] = [:]
    /// The files that wait, the earliest last.
    private var waiting: [Place] = []
    /// Those that the server has, in the order in which it had them.
    private var done: [Place] = []
    private var underWay = 0
    /// The bytes of all files, and of those that are being copied.
    private(set) var bytes: UInt64 = 0
    private var backoff = Backoff()
    private var pausedUntil: ContinuousClock.Instant?

    /// A machine without files.
    init(limits: OutboxLimits = OutboxLimits()) {
        self.limits = limits
    }

    /// A machine with the files that an earlier process has kept, of commands that it has kept.
    init(_ files: [QueuedFile], of commands: [QueuedCommand], limits: OutboxLimits) {
        self.init(limits: limits)
        let lanes = Dictionary(commands.map { ($0.position, $0.lane) }) { first, _ in first }
        for (position, files) in Dictionary(grouping: files, by: \.position) {
            guard let lane = lanes[position] else { continue }
            restore(files.sorted { $0.index < $1.index }, in: lane)
        }
    }

    // MARK: Looking

    /// The files of a position, in order, and how far they have come.
    func attachments(of position: UInt64) -> [QueuedAttachment] {
        files(of: position).map { place, entry in
            let isUploaded = if case .done = entry.state { true } else { false }
            let sent = isUploaded ? entry.file.size : entry.sent
            return QueuedAttachment(entry.file, sent: sent, isUploaded: isUploaded)
        }
    }

    /// The files of a position, in order.
    func queued(at position: UInt64) -> [QueuedFile] { files(of: position).map(\.1.file) }

    /// What the server does not have yet.
    var diagnostics: ClientDiagnostics.Uploads {
        let left = entries.values.filter { $0.state == .waiting || $0.state == .underWay }
        return ClientDiagnostics.Uploads(
            waiting: left.count,
            underWay: underWay,
            bytesLeft: left.reduce(0) { $0 + $1.file.size - min($1.sent, $1.file.size) }
        )
    }

    /// The positions of commands that have files.
    var positions: Set<UInt64> { Set(counts.keys) }

    /// The names of all contents.
    var spoolNames: Set<SpoolName> { Set(entries.values.map(\.file.spoolName)) }

    private func files(of position: UInt64) -> [(Place, Entry)] {
        (0..<(counts[position]?.all ?? 0)).compactMap { index in
            let place = Place(position: position, index: index)
            return entries[place].map { (place, $0) }
        }
    }

    /// Whether the server has all files of a position; true where it has none.
    func isReady(_ position: UInt64) -> Bool {
        counts[position].map { $0.all == $0.done } ?? true
    }

    // MARK: Queueing

    /// Takes room for contents that are about to be copied.
    ///
    /// - Throws: `attachmentTooLarge` and `outboxFull` beyond the limits.
    mutating func reserve(
        _ drafts: [AttachmentDraft],
        capacity: UInt64
    ) throws(EnqueueError) {
        var sum = bytes
        for draft in drafts {
            guard draft.content.size <= limits.file else {
                throw .attachmentTooLarge(draft.name, limit: Int(clamping: limits.file))
            }
            sum += draft.content.size
        }
        guard sum <= capacity else { throw .outboxFull(.files(Int(clamping: capacity))) }
        bytes = sum
    }

    /// Gives back the room of contents that are not kept.
    mutating func giveBack(_ size: UInt64) {
        bytes -= min(bytes, size)
    }

    /// Takes room for a content that an earlier process has kept for no command yet.
    mutating func holdRoom(_ size: UInt64) {
        bytes += size
    }

    /// Takes files that an earlier process has kept.
    mutating func restore(_ files: [QueuedFile], in lane: Lane) {
        for file in files { bytes += file.size }
        add(files, in: lane)
    }

    /// Takes files whose command is kept, and for which room was reserved.
    mutating func add(_ files: [QueuedFile], in lane: Lane) {
        for file in files {
            let place = Place(position: file.position, index: file.index)
            entries[place] = Entry(file: file, lane: lane)
            places[file.id] = place
            wait(place)
        }
        guard let position = files.first?.position else { return }
        counts[position] = (files.count, 0)
        let order = lanes[lane, default: []]
        let index = order.firstIndex { $0 > position } ?? order.endIndex
        lanes[lane, default: []].insert(position, at: index)
    }

    /// The command at a position is gone; gives the contents that nobody needs any more.
    mutating func remove(_ position: UInt64) -> [SpoolName] {
        let files = files(of: position)
        counts[position] = nil
        for (place, entry) in files {
            if entry.state == .underWay { underWay -= 1 }
            withdraw(place)
            entries[place] = nil
            places[entry.file.id] = nil
            giveBack(entry.file.size)
            lanes[entry.lane]?.removeAll { $0 == position }
            if lanes[entry.lane]?.isEmpty == true { lanes[entry.lane] = nil }
        }
        return files.map(\.1.file.spoolName)
    }

    /// A person has retried the command at a position: its files are looked for again, under these
    /// ids where the server has refused it.
    mutating func renew(_ position: UInt64, as ids: [AttachmentID]?) {
        for (place, entry) in files(of: position) {
            withdraw(place)
            if entry.state == .underWay { underWay -= 1 }
            var file = entry.file
            places[file.id] = nil
            if let ids, ids.indices.contains(place.index) { file.id = ids[place.index] }
            places[file.id] = place
            entries[place] = Entry(file: file, lane: entry.lane)
            wait(place)
        }
    }

    // MARK: Uploading

    /// What to do next; to be asked until there is nothing.
    mutating func next(at now: ContinuousClock.Instant) -> Turn {
        if let stale = takeStale(at: now) { return .hold(stale) }
        let nextStale = done.first.flatMap(moment).map { $0 + limits.confirmation }
        if let pausedUntil, pausedUntil > now {
            return .rest(until: min(pausedUntil, nextStale ?? pausedUntil))
        }
        pausedUntil = nil
        guard underWay < limits.filesUnderWay, let place = nextPlace,
            let file = entries[place]?.file
        else { return .rest(until: nextStale) }
        withdraw(place)
        entries[place]?.state = .underWay
        underWay += 1
        return .upload(file)
    }

    /// The file that is to be uploaded next; nil where the others are ahead far enough.
    private var nextPlace: Place? {
        guard let first = waiting.last else { return nil }
        if underWay + done.count < limits.filesAhead { return first }
        return waiting.last { place in
            guard let lane = entries[place]?.lane else { return false }
            return lanes[lane]?.first == place.position
        }
    }

    /// The position of a file that the server has had for so long that it may have forgotten it.
    private mutating func takeStale(at now: ContinuousClock.Instant) -> UInt64? {
        guard let first = done.first, let since = moment(first),
            now - since >= limits.confirmation
        else { return nil }
        withdraw(first)
        entries[first]?.state = .waiting
        wait(first)
        return first.position
    }

    private func moment(_ place: Place) -> ContinuousClock.Instant? {
        if case .done(let moment)? = entries[place]?.state { moment } else { nil }
    }

    /// So much of a file has been sent.
    mutating func progressed(_ id: AttachmentID, to sent: UInt64) {
        guard let place = places[id] else { return }
        entries[place]?.sent = sent
    }

    /// The server has a file.
    ///
    /// - Returns: The position of the command that has all of its files with it; nil where none
    ///   has.
    mutating func completed(
        _ file: QueuedFile,
        at now: ContinuousClock.Instant
    ) -> UInt64? {
        guard let place = end(file) else { return nil }
        backoff.reset()
        entries[place]?.state = .done(now)
        done.append(place)
        counts[place.position]?.done += 1
        return isReady(place.position) ? place.position : nil
    }

    /// An attempt was in vain.
    ///
    /// - Returns: Whether the file is tried again; otherwise the server has failed at it too often.
    mutating func failed(
        _ file: QueuedFile,
        _ failure: Failure,
        at now: ContinuousClock.Instant,
        using random: inout some RandomNumberGenerator
    ) -> Bool {
        guard let place = end(file), var entry = entries[place] else { return true }
        entry.state = .waiting
        switch failure {
        case .connection: break
        case .busy(let requested):
            pausedUntil = now + backoff.wait(after: requested, using: &random)
        case .fault:
            entry.faults.add(at: now)
            guard !entry.faults.isBeyond(limits) else {
                entry.state = .stopped
                entries[place] = entry
                return false
            }
            pausedUntil = now + backoff.wait(after: nil, using: &random)
        }
        entries[place] = entry
        wait(place)
        return true
    }

    /// A file has no chance any more.
    mutating func stopped(_ file: QueuedFile) {
        guard let place = end(file) else { return }
        entries[place]?.state = .stopped
    }

    /// An attempt has ended; nil where nobody needs the file any more.
    private mutating func end(_ file: QueuedFile) -> Place? {
        guard let place = places[file.id], entries[place]?.state == .underWay else { return nil }
        underWay -= 1
        return place
    }

    // MARK: Order

    private mutating func wait(_ place: Place) {
        let index = waiting.firstIndex { $0 < place } ?? waiting.endIndex
        waiting.insert(place, at: index)
    }

    /// Takes a file out of those that wait, or of those that the server has.
    private mutating func withdraw(_ place: Place) {
        switch entries[place]?.state {
        case .waiting where waiting.last == place: waiting.removeLast()
        case .waiting: waiting.removeAll { $0 == place }
        case .done:
            done.removeAll { $0 == place }
            counts[place.position]?.done -= 1
        case .underWay, .stopped, nil: break
        }
    }
}
