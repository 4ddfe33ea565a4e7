internal import DocketStore
internal import Glibc

/// What the store does with files beside SQLite.
enum FileOperations {
    /// Makes a file's content durable.
    static func synchronize(_ path: String) throws(StoreError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { _ = Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(path) }
    }

    /// Puts a file in another's place, durably: after a crash there is the one or the other.
    static func replace(_ path: String, with source: String) throws(StoreError) {
        try synchronize(source)
        guard unsafe rename(source, path) == 0 else { throw failure(path) }
        try synchronize(directory(of: path))
    }

    /// Whether there is a file.
    static func exists(_ path: String) -> Bool {
        unsafe access(path, F_OK) == 0
    }

    /// Removes a file, where it exists.
    static func remove(_ path: String) {
        _ = unsafe unlink(path)
    }

    private static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func failure(_ path: String) -> StoreError {
        errno == ENOSPC ? .full : .ioFailure("\(path): error \(errno)")
    }
}
