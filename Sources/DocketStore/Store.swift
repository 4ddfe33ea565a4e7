/// Where a desk keeps everything.
///
/// One thread at a time writes, the desk's writer; any thread reads. Nothing is visible to readers
/// before its commit.
package protocol Store: Sendable {
    /// Runs a transaction on the calling thread and returns after its commit is durable.
    ///
    /// - Throws: What the body throws, after which nothing has changed; or `StoreError.full` and
    ///   `StoreError.commitFailed` from the commit itself.
    func transact<Result>(
        _ body: (any StoreTransaction) throws(StoreError) -> Result
    ) throws(StoreError) -> Result

    /// Runs a transaction in the room that is kept back for one that may not wait until somebody
    /// makes room, after `transact` has found none.
    ///
    /// - Throws: As `transact`; `StoreError.full` where that room is used up too.
    func transactOnReserve<Result>(
        _ body: (any StoreTransaction) throws(StoreError) -> Result
    ) throws(StoreError) -> Result

    /// Reads one consistent moment, beside the writer, with everything that a commit has
    /// acknowledged before.
    ///
    /// What was put off is written for it, which takes the turn of a few transactions. Requests
    /// that have changed since it began may be behind.
    ///
    /// - Throws: What the body throws; `StoreError.full` where there is no room for what was put
    ///   off, and what else a transaction throws.
    func read<Result>(
        _ body: (any StoreReading) throws(StoreError) -> Result
    ) throws(StoreError) -> Result

    /// Reads one consistent moment, beside the writer, of what a commit writes at once: everything
    /// but the rows of requests, which may be behind.
    func readLog<Result>(
        _ body: (any StoreReading) throws(StoreError) -> Result
    ) throws(StoreError) -> Result

    /// Brings a follower of the log on by so many entries at most, in a transaction of its own.
    ///
    /// - Returns: The offset up to which it has come.
    /// - Throws: `StoreError.full` and `StoreError.commitFailed`, as `transact`.
    func follow(_ follower: Follower, atMost count: UInt64) throws(StoreError) -> UInt64

    /// Begins a consistent copy of the store as a new file at a path.
    ///
    /// The copy is made in steps, on the thread that writes, so that the desk goes on between them.
    func beginBackup(to path: String) throws(StoreError) -> any StoreBackup

    /// Looks for contradictions in what the store holds, and names them; none in a sound store.
    func check() throws(StoreError) -> [String]

    /// Makes everything durable and lets go of the files.
    func close() throws(StoreError)
}

/// A copy of the store in the making.
///
/// It is used by one thread at a time.
package protocol StoreBackup: Sendable {
    /// Copies some more, on the thread that writes, and gives whether all is copied.
    func step() throws(StoreError) -> Bool
    /// Verifies what was copied, makes it durable and puts it in its place.
    ///
    /// It takes as long as the store is large and needs nothing of it, so that any thread may do
    /// it.
    func finish() throws(StoreError)
    /// Gives up and removes what was copied.
    ///
    /// Before all is copied, on the thread that writes.
    func cancel()
}
