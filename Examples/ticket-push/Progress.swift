/// How far a push has come, how fast it goes and how long it still takes.
///
/// The rate is that of the last seconds, since what is there already goes faster than what is new.
struct Progress: Sendable {
    /// How many moments are kept to tell the rate.
    private static let mostSamples = 11
    /// How far two moments are apart at least.
    private static let spacing = Duration.seconds(1)

    private struct Sample {
        let moment: Duration
        let rows: Int
        let bytes: Int
    }

    private let total: Int?
    private var samples = [Sample(moment: .zero, rows: 0, bytes: 0)]
    private var newest = Sample(moment: .zero, rows: 0, bytes: 0)

    /// Nothing is done yet.
    ///
    /// - Parameter total: How many bytes there are; nil where that is not known.
    init(of total: Int?) {
        self.total = total
    }

    /// Goes on.
    ///
    /// - Parameters:
    ///   - rows: The rows that are done.
    ///   - bytes: The bytes that they had.
    ///   - moment: The time since the beginning.
    mutating func note(rows: Int, bytes: Int, at moment: Duration) {
        newest = Sample(moment: moment, rows: rows, bytes: bytes)
        guard let last = samples.last, moment - last.moment >= Self.spacing else { return }
        samples.append(newest)
        if samples.count > Self.mostSamples { samples.removeFirst() }
    }

    /// Rows a second; nil before there is anything to tell.
    var rate: Double? {
        guard let (first, seconds) = span else { return nil }
        return Double(newest.rows - first.rows) / seconds
    }

    /// The part that is done, from 0 to 1; nil where the whole is not known.
    ///
    /// A file that grows is done when it is read, not before.
    var part: Double? {
        guard let total, total > 0 else { return nil }
        return min(1, Double(newest.bytes) / Double(total))
    }

    /// How many seconds it still takes; nil where that is not known.
    var remainingSeconds: Double? {
        guard let total, let (first, seconds) = span, newest.bytes > first.bytes else { return nil }
        let rest = max(0, total - newest.bytes)
        return Double(rest) * seconds / Double(newest.bytes - first.bytes)
    }

    private var span: (Sample, seconds: Double)? {
        guard let first = samples.first(where: { $0.moment < newest.moment }) else { return nil }
        let span = newest.moment - first.moment
        let seconds =
            Double(span.components.seconds) + Double(span.components.attoseconds) / 1e18
        return seconds > 0 ? (first, seconds) : nil
    }

    /// The state of things in one line.
    ///
    /// - Parameter refused: How many rows were refused.
    /// - Returns: The line.
    func line(refused: Int) -> String {
        var parts = ["\(Tally.grouped(newest.rows)) rows"]
        if let rate { parts.append("\(Tally.grouped(Self.whole(rate)))/s") }
        if refused > 0 { parts.append("\(Tally.grouped(refused)) refused") }
        if let part { parts.append("\(Self.whole((part * 100).rounded(.down))) %") }
        if let remainingSeconds { parts.append("\(Self.words(remainingSeconds)) left") }
        return parts.joined(separator: ", ")
    }

    /// A time in the unit that fits it.
    static func words(_ seconds: Double) -> String {
        let whole = whole(seconds.rounded(.up))
        if whole < 120 { return "\(whole) s" }
        if whole < 7_200 { return "\(whole / 60) min" }
        return "\(whole / 3_600) h"
    }

    private static func whole(_ number: Double) -> Int { Int(exactly: number.rounded()) ?? 0 }
}
