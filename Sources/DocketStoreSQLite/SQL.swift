/// The text of a statement that runs while the desk serves.
///
/// It is an object so that a prepared statement is found by identity: hashing the text for every
/// run would cost as much as many a run.
final class SQL: Sendable {
    /// The statement, with `?` for its parameters.
    let text: String
    /// Whether it reads what the rows of requests say, so that those that are behind are written
    /// before it.
    let readsRequests: Bool
    /// Whether it reads the log, so that entries that wait to be written are written before it.
    let readsLog: Bool
    /// Whether rows that wait to be written may wait on.
    let ignoresNewRows: Bool

    /// Takes the text.
    ///
    /// - Parameters:
    ///   - text: The statement.
    ///   - ignoresBacklog: Whether it needs no row of a request to be up to date: it touches only
    ///     what never changes of a request, or the row of one, over which a transaction lays what
    ///     waits to be written.
    ///   - ignoresNewRows: Whether it needs none of the rows that a transaction has added: it looks
    ///     for one by a name, and the transaction knows by which names its own are found.
    init(_ text: String, ignoresBacklog: Bool = false, ignoresNewRows: Bool = false) {
        self.text = text
        self.ignoresNewRows = ignoresNewRows
        readsRequests = !ignoresBacklog && text.contains("request")
        readsLog = ["FROM log", "JOIN log", "UPDATE log"].contains { text.contains($0) }
    }
}
