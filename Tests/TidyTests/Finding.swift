/// A place that breaks a rule, and what to do about it.
struct Finding: Hashable, Sendable, CustomStringConvertible {
    /// The file, relative to the root of the repository.
    let path: String
    /// The line, from 1.
    let line: Int
    /// What to do, as an order.
    let advice: String

    /// The form that editors and terminals make a link of.
    var description: String { "\(path):\(line): \(advice)" }
}
