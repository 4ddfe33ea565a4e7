/// The text of a statement that runs while the desk serves.
///
/// It is an object so that a prepared statement is found by identity: hashing the text for every
/// run would cost as much as many a run.
final class SQL: Sendable {
    /// The statement, with `?` for its parameters.
    let text: String
    /// Whether it reads or changes requests, so that changes of requests that wait come before it.
    let namesRequests: Bool

    /// Takes the text.
    init(_ text: String) {
        self.text = text
        namesRequests = text.contains("request")
    }
}
