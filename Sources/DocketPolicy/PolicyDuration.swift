/// Time spans as a policy document writes them: a whole number and a unit, such as `7d`.
enum PolicyDuration {
    private static let units: [(suffix: Character, seconds: Int64)] = [
        ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1),
    ]
    /// The longest span, ten years: longer ones are mistakes.
    private static let longest: Int64 = 3_650 * 86_400

    /// What a document may say.
    static let allowed = ["a whole number of s, m, h or d, from 1s to 3650d"]

    /// Takes a span from its text; `nil` where it is none or out of range.
    static func parse(_ text: String) -> Duration? {
        guard let suffix = text.last, let unit = units.first(where: { $0.suffix == suffix }),
            let count = Int64(text.dropLast())
        else { return nil }
        let (seconds, overflow) = count.multipliedReportingOverflow(by: unit.seconds)
        guard !overflow, (1...longest).contains(seconds) else { return nil }
        return .seconds(seconds)
    }

    /// The span in the largest unit that divides it.
    static func text(of span: Duration) -> String {
        let seconds = span.components.seconds
        let unit = units.first { seconds.isMultiple(of: $0.seconds) } ?? ("s", 1)
        return "\(seconds / unit.seconds)\(unit.suffix)"
    }
}
