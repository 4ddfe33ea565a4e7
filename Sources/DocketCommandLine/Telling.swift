internal import DocketTerminal

extension CommandFailure {
    /// Tells what was done; where that cannot be written, the failure says what was done.
    ///
    /// - Parameters:
    ///   - done: What was done, as the beginning of the sentence that tells the failure.
    ///   - advice: What to do where it could not be told.
    ///   - isSecret: Whether it is told only this once, so that it is lost also where nobody reads.
    ///   - tell: Writes it.
    /// - Throws: `CommandFailure` where the output takes nothing.
    public static func telling(
        _ done: String,
        advice: String = "",
        isSecret: Bool = false,
        _ tell: () throws -> Void
    ) throws {
        do {
            try tell()
        } catch let error as OutputError {
            guard isSecret || error != .closed else { throw error }
            throw CommandFailure(
                "\(done) could not be shown",
                advice: advice,
                status: .localFile
            )
        }
    }
}
