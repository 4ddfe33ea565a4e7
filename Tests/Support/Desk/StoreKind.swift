package import DocketStore
import DocketStoreSQLite

/// The stores that keep the one contract.
package enum StoreKind: String, CaseIterable, Sendable {
    /// In memory.
    case memory
    /// In an SQLite file.
    case sqlite

    /// Opens an empty store, in a directory where it needs one.
    package func open(in directory: TemporaryDirectory) throws -> any Store {
        switch self {
        case .memory: MemoryStore(epoch: Epoch(7))
        case .sqlite: try SQLiteStore(directory: directory.path, newEpoch: Epoch(7))
        }
    }
}
