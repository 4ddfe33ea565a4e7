internal import GRDB
internal import Glibc

extension LocalStoreError {
    /// Says in the store's words what SQLite has refused.
    init(_ error: any Error) {
        if let error = error as? LocalStoreError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            self = .failed("the local store cannot be read or written")
            return
        }
        let text = error.message ?? "\(error.extendedResultCode)"
        switch error.extendedResultCode {
        // The index of the log cannot grow on a full disk, and SQLite has no better word for it.
        case .SQLITE_FULL, .SQLITE_IOERR_SHMSIZE:
            self = .full
        // A page that the disk no longer gives is as lost as one that was written over.
        case .SQLITE_IOERR_READ, .SQLITE_IOERR_SHORT_READ, .SQLITE_IOERR_CORRUPTFS:
            self = .damaged(text)
        default:
            switch error.resultCode {
            case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .damaged(text)
            default: self = .failed("\(text) (\(error.extendedResultCode.rawValue))")
            }
        }
    }

    /// What an error means for whoever reads a file that may be damaged: SQLite has many words for
    /// what it does not understand, and few for what has other causes.
    init(reading error: any Error) {
        guard let error = error as? DatabaseError else {
            self.init(error)
            return
        }
        switch error.resultCode {
        case .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_BUSY, .SQLITE_LOCKED,
            .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_READONLY, .SQLITE_NOMEM:
            self.init(error as any Error)
        default: self = .damaged(error.message ?? "\(error.resultCode)")
        }
    }

    /// Whether it says that a file is damaged.
    var isDamage: Bool {
        guard case .damaged = self else { return false }
        return true
    }

    /// Says what the system refused to do with a file, as `errno` has it.
    static func system(_ path: String) -> LocalStoreError {
        guard errno != ENOSPC, errno != EDQUOT else { return .full }
        return .failed("\(path): \(unsafe String(cString: strerror(errno)))")
    }
}

/// Runs what may fail in SQLite's words, and says it in the store's.
func storing<Result>(_ body: () throws -> Result) throws(LocalStoreError) -> Result {
    do {
        return try body()
    } catch {
        throw LocalStoreError(error)
    }
}

/// Reads a file that may be damaged.
func examining<Result>(_ body: () throws -> Result) throws(LocalStoreError) -> Result {
    do {
        return try body()
    } catch {
        throw LocalStoreError(reading: error)
    }
}
