internal import DocketMessages

/// The steps of a verification of the log, over as many connections as it takes.
///
/// A step is asked of the server when it is asked of the verification.
public struct AuditVerification: AsyncSequence, Sendable {
    /// One step.
    public typealias Element = AuditStep
    /// Why a verification ends early.
    public typealias Failure = DocketClientError

    let engine: Engine
    let limit: Duration

    /// Begins the verification; for one reader.
    public func makeAsyncIterator() -> Iterator {
        Iterator(reader: AuditReader(engine, within: limit))
    }

    /// Reads a verification.
    public struct Iterator: AsyncIteratorProtocol {
        let reader: AuditReader

        /// The next step; nil after the conclusion or an error.
        public mutating func next() async throws(DocketClientError) -> AuditStep? {
            try await next(isolation: #isolation)
        }

        /// The next step, for a reader in an actor; nil after the conclusion or an error.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(DocketClientError) -> AuditStep? {
            try await reader.next()
        }
    }
}
