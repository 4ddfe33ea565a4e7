internal import DocketStore
internal import DocketStoreSQLite

extension ServerConfiguration {
    /// Bytes of a page of the store.
    private static let pageBytes = 4_096

    /// Opens the store in the data folder, and makes it where there is none.
    ///
    /// - Throws: A `Fault` that says in a sentence why the store cannot be opened.
    func openStore(newEpoch: Epoch) throws -> SQLiteStore {
        try explained(data) {
            try SQLiteStore(
                directory: data,
                newEpoch: newEpoch,
                maximumPages: maximumStoreBytes.map { $0 / Self.pageBytes }
            )
        }
    }

    /// Runs what uses the data folder alone; says in a sentence what goes wrong with `subject`.
    func explained<Result>(_ subject: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as StoreError {
            throw Fault(description: "\(subject): \(Self.explanation(of: error))")
        }
    }

    private static func explanation(of error: StoreError) -> String {
        switch error {
        case .locked: "another server runs on this folder"
        case .superseded: "a newer version of docketd wrote the store; run that version"
        case .full: "the disk is full"
        case .corrupted(let text): "the store is damaged: \(text)"
        case .ioFailure(let text), .commitFailed(let text): "the disk fails: \(text)"
        case .unsafeSettings(let text): "the store would not be durable: \(text)"
        case .unsupported: "this store cannot do that"
        }
    }
}
