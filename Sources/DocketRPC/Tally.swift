package import Logging
internal import Synchronization

/// What callers and strangers cause, in sums.
///
/// Whoever connects can cause the same thing thousands of times a second. So each kind of it is
/// counted, and the log has at most one line of a kind in an interval: the first time at once, and
/// then how often it happened since. Kinds are made of words of ours alone, so there is a bounded
/// number of them.
package final class Tally: Sendable {
    /// What happened, without what is different each time.
    package struct Kind: Hashable, Sendable {
        /// What the log says.
        package let message: String
        /// The name of the counter, in lower_snake_case.
        package let counter: String
        /// What tells it apart from others of the counter, each with its name.
        package let labels: [String: String]
        /// How severe it is in the log.
        package let level: Logger.Level

        /// Makes a kind of its parts.
        package init(
            _ message: String,
            counter: String,
            labels: [String: String] = [:],
            level: Logger.Level
        ) {
            self.message = message
            self.counter = counter
            self.labels = labels
            self.level = level
        }

        /// The counter with its labels, such as `limits_total{limit="connections"}`.
        package var name: String {
            guard !labels.isEmpty else { return counter }
            let list = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\($0.value)\"" }
            return "\(counter){\(list.joined(separator: ","))}"
        }
    }

    /// How long a kind that was logged is only counted.
    package static var interval: Duration { .seconds(10) }
    /// Lines in an interval, of all kinds together; the rest waits for the next one.
    package static var linesInInterval: Int { 50 }

    private let logger: Logger
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state = Mutex(TallyState())

    /// A tally of nothing, which writes to `logger`.
    package init(
        logger: Logger,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.logger = logger
        self.now = now
    }

    /// Counts something that somebody at an address has caused.
    package func add(_ kind: Kind, address: String = "") {
        let moment = now()
        if let line = state.withLock({ $0.add(kind, address: address, at: moment) }) { write(line) }
    }

    /// Logs what was counted and not logged yet, of each kind that may be logged again.
    package func report() {
        let moment = now()
        for line in state.withLock({ $0.report(at: moment) }) { write(line) }
    }

    /// Reports again and again, until its task is cancelled, and a last time then.
    package func reportAll() async {
        while !Task.isCancelled {
            do {
                try await Task.sleep(for: Self.interval)
            } catch {
                break
            }
            report()
        }
        for line in state.withLock({ $0.takeAll() }) { write(line) }
    }

    /// How often each kind has happened, by its name, in the order of names.
    package var values: [(name: String, value: Double)] {
        state.withLock { $0.totals }.map { ($0.key.name, Double($0.value)) }
            .sorted { $0.name < $1.name }
    }

    private func write(_ line: TallyState.Line) {
        guard logger.logLevel <= line.kind.level else { return }
        var metadata = line.kind.labels.mapValues { Logger.MetadataValue.string($0) }
        metadata["count"] = "\(line.count)"
        if !line.address.isEmpty { metadata["address"] = "\(line.address)" }
        logger.log(level: line.kind.level, "\(line.kind.message)", metadata: metadata)
    }
}

/// The counts of a tally, and what of them the log knows.
struct TallyState {
    /// What a line of the log says: how often something happened, and whence the last time.
    struct Line: Equatable {
        let kind: Tally.Kind
        let count: UInt64
        let address: String
    }

    private struct Sum {
        var total: UInt64 = 0
        var untold: UInt64 = 0
        var toldAt: ContinuousClock.Instant?
        var address = ""
    }

    private var sums: [Tally.Kind: Sum] = [:]
    private var linesLeft = Tally.linesInInterval
    private var intervalEnds: ContinuousClock.Instant?

    /// How often each kind has happened.
    var totals: [Tally.Kind: UInt64] { sums.mapValues(\.total) }

    /// Counts something; gives a line when it is to be logged at once.
    mutating func add(
        _ kind: Tally.Kind,
        address: String,
        at now: ContinuousClock.Instant
    ) -> Line? {
        var sum = sums[kind] ?? Sum()
        sum.total += 1
        sum.untold += 1
        sum.address = address
        sums[kind] = sum
        return line(of: kind, at: now)
    }

    /// The lines that are due, the most frequent first.
    mutating func report(at now: ContinuousClock.Instant) -> [Line] {
        let kinds = sums.filter { $0.value.untold > 0 }.sorted { $0.value.untold > $1.value.untold }
        return kinds.compactMap { line(of: $0.key, at: now) }
    }

    /// Everything that no line has told, for the last report.
    mutating func takeAll() -> [Line] {
        sums.keys.compactMap { take($0) }.sorted { $0.count > $1.count }
    }

    private mutating func line(of kind: Tally.Kind, at now: ContinuousClock.Instant) -> Line? {
        if intervalEnds.map({ $0 <= now }) ?? true {
            intervalEnds = now + Tally.interval
            linesLeft = Tally.linesInInterval
        }
        let toldAt = sums[kind]?.toldAt
        guard linesLeft > 0, toldAt.map({ $0 + Tally.interval <= now }) ?? true else { return nil }
        guard let line = take(kind) else { return nil }
        linesLeft -= 1
        sums[kind]?.toldAt = now
        return line
    }

    private mutating func take(_ kind: Tally.Kind) -> Line? {
        guard let sum = sums[kind], sum.untold > 0 else { return nil }
        sums[kind]?.untold = 0
        return Line(kind: kind, count: sum.untold, address: sum.address)
    }
}
