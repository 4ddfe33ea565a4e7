internal import DocketStore
internal import GRDB

extension StoreError {
    /// Says in the store's words what SQLite has refused.
    init(_ error: any Error) {
        if let error = error as? StoreError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            // Something of the files beside the database: its own words are made for debugging.
            self = .ioFailure("a file of the store cannot be read or written")
            return
        }
        let text = error.message ?? "\(error.extendedResultCode)"
        switch error.resultCode {
        case .SQLITE_FULL: self = .full
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_CONSTRAINT, .SQLITE_MISMATCH:
            self = .corrupted(text)
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .locked
        default: self = .ioFailure("\(text) (\(error.extendedResultCode.rawValue))")
        }
    }
}

/// Runs what may fail in SQLite's words, and says it in the store's.
func storing<Result>(_ body: () throws -> Result) throws(StoreError) -> Result {
    do {
        return try body()
    } catch {
        throw StoreError(error)
    }
}
