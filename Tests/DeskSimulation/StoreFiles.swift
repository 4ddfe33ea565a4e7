import DeskSupport
import Foundation

/// The files of a store, as a disk has them.
struct StoreFiles: Sendable {
    /// A file cannot be read or written.
    struct Failure: Error {
        let path: String
        let code: Int32
    }

    private static let database = "docket.sqlite"
    private static let log = "docket.sqlite-wal"
    /// How many bytes a disk writes together or not at all.
    private static let blockBytes = 512

    private let folder: TemporaryDirectory

    /// Copies those of a store on which no process runs, into memory where that is possible.
    init(copying folder: String) throws {
        try self.init()
        try transfer(Self.database, from: folder, to: self)
        try transfer(Self.log, from: folder, to: self)
    }

    /// Makes an empty folder, in memory where that is possible.
    init() throws { folder = try TemporaryDirectory(in: TemporaryDirectory.inMemory) }

    /// Where they are.
    var path: String { folder.path }

    /// How long the write-ahead log is.
    var logLength: Int {
        var status = stat()
        return stat("\(path)/\(Self.log)", &status) == 0 ? Int(status.st_size) : 0
    }

    /// Copies the files as a disk has them that came to some byte of what the write-ahead log was
    /// to be given.
    func copy(cutting log: Range<Int>, at place: Int, _ tear: Kill.Tear) throws -> StoreFiles {
        let copy = try StoreFiles()
        try transfer(Self.database, from: folder.path, to: copy)
        try transfer(
            Self.log,
            from: folder.path,
            to: copy,
            length: tear == .hole ? log.upperBound : place
        )
        guard place < log.upperBound else { return copy }
        let path = "\(copy.path)/\(Self.log)"
        let descriptor = open(path, O_WRONLY | O_CREAT, 0o600)
        guard descriptor >= 0 else { throw Failure(path: path, code: errno) }
        defer { close(descriptor) }
        switch tear {
        case .end: break
        case .zeros: ftruncate(descriptor, log.upperBound)
        case .hole:
            let start = max(place / Self.blockBytes * Self.blockBytes, log.lowerBound)
            let end = min(start + Self.blockBytes, log.upperBound)
            let zeros = [UInt8](repeating: 0, count: end - start)
            pwrite(descriptor, zeros, zeros.count, start)
        }
        return copy
    }

    /// Copies a file, or so many bytes of it; nothing where there is none.
    private func transfer(
        _ name: String,
        from folder: String,
        to other: StoreFiles,
        length: Int = .max
    ) throws {
        let source = open("\(folder)/\(name)", O_RDONLY)
        guard source >= 0 else { return }
        defer { close(source) }
        let path = "\(other.path)/\(name)"
        let target = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        guard target >= 0 else { throw Failure(path: path, code: errno) }
        defer { close(target) }
        var rest = length
        while rest > 0 {
            let count = sendfile(target, source, nil, min(rest, 1 << 30))
            guard count >= 0 else { throw Failure(path: path, code: errno) }
            guard count > 0 else { return }
            rest -= count
        }
    }
}
