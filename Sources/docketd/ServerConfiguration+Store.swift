internal import DocketStore
internal import DocketStoreSQLite

extension ServerConfiguration {
    /// Bytes of a page of the store.
    private static let pageBytes = 4_096
    /// Bytes of the disk kept back for taking access away: some hundred commands.
    private static let reserveBytes = 4 << 20

    /// Opens the store in the data folder, and makes it where there is none.
    ///
    /// - Throws: A `Fault` that says in a sentence why the store cannot be opened.
    func openStore(newEpoch: Epoch) throws -> SQLiteStore {
        try explained(data) {
            try SQLiteStore(
                directory: data,
                newEpoch: newEpoch,
                maximumPages: maximumStoreBytes.map { $0 / Self.pageBytes },
                reserveBytes: Self.reserveBytes
            )
        }
    }

    /// Runs what uses the data folder alone; says in a sentence what goes wrong with `subject`.
    func explained<Result>(_ subject: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as StoreError {
            guard error != .locked else {
                throw Fault(description: "A server is using \(data); stop it first.")
            }
            throw Fault(description: "\(subject): \(error)")
        }
    }
}
