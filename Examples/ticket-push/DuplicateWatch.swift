/// Finds rows with the key of an earlier one, as the server would when they are pushed.
///
/// It keeps a digest of each key and not the key, so that a long file needs little memory.
struct DuplicateWatch: Sendable {
    /// The most keys that are kept; what comes later is not compared.
    static let mostKeys = 1_000_000

    private var contents: [Int: Int] = [:]

    /// Notes a row.
    ///
    /// - Parameters:
    ///   - key: Its key.
    ///   - cells: What it holds.
    /// - Returns: Whether an earlier row has the key and holds something else.
    mutating func isReused(_ key: String, for cells: [String: Cell]) -> Bool {
        let digest = key.hashValue
        if let content = contents[digest] { return content != cells.hashValue }
        if contents.count < Self.mostKeys { contents[digest] = cells.hashValue }
        return false
    }
}
