internal import Glibc
internal import NIOPosix

/// An open file of the application's, which is read and written on threads that may wait.
///
/// The descriptor is closed with the last reference. The class is Sendable because nothing of it
/// changes, and the system lets any thread read and write at a place.
final class LocalFile: Sendable {
    private let descriptor: CInt
    let path: String

    /// Opens a file in a mode such as `O_RDONLY`; what is made is its owner's alone.
    ///
    /// - Throws: `invalidInput` where that is not possible.
    init(_ path: String, _ mode: CInt) throws(DocketClientError) {
        let opened = unsafe open(path, mode | O_CLOEXEC, 0o600)
        guard opened >= 0 else { throw Self.failure(path) }
        descriptor = opened
        self.path = path
    }

    deinit { _ = close(descriptor) }

    /// How many bytes the file has.
    ///
    /// - Throws: `invalidInput` where it is no file with a size, such as a folder.
    var size: UInt64 {
        get throws(DocketClientError) {
            var information = stat()
            guard unsafe fstat(descriptor, &information) == 0 else { throw failure }
            guard information.st_mode & S_IFMT == S_IFREG else {
                throw DocketClientError(.invalidInput, "\(path) is no file")
            }
            return UInt64(clamping: information.st_size)
        }
    }

    /// Reads at a place, less only at the end of the file.
    func read(_ count: Int, at offset: UInt64) throws(DocketClientError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var length = 0
        while length < count {
            let place = off_t(clamping: offset) + off_t(length)
            let result = unsafe bytes.withUnsafeMutableBytes { buffer in
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[length...])
                return unsafe pread(descriptor, rest.baseAddress, rest.count, place)
            }
            if result < 0, errno == EINTR { continue }
            guard result >= 0 else { throw failure }
            guard result > 0 else { break }
            length += result
        }
        return Array(bytes.prefix(length))
    }

    /// Writes all bytes at a place.
    func write(_ bytes: [UInt8], at offset: UInt64) throws(DocketClientError) {
        var rest = bytes[...]
        var place = off_t(clamping: offset)
        while !rest.isEmpty {
            let result = unsafe rest.withUnsafeBytes { buffer in
                unsafe pwrite(descriptor, buffer.baseAddress, buffer.count, place)
            }
            if result < 0, errno == EINTR { continue }
            guard result > 0 else { throw failure }
            rest = rest.dropFirst(result)
            place += off_t(result)
        }
    }

    /// Takes the file for this process as long as it is open; gives false where another has it.
    func claim() -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 }

    /// Makes the file empty.
    func truncate() throws(DocketClientError) {
        guard ftruncate(descriptor, 0) == 0 else { throw failure }
    }

    /// Makes the file durable.
    func synchronize() throws(DocketClientError) {
        guard fsync(descriptor) == 0 else { throw failure }
    }

    private var failure: DocketClientError { Self.failure(path) }

    /// What the system refused to do with a file.
    static func failure(_ path: String) -> DocketClientError {
        let words = unsafe String(cString: strerror(errno))
        return DocketClientError(.invalidInput, "\(path): \(words)")
    }

    /// Does something that may wait for a disk on a thread that may.
    static func onDisk<Result: Sendable>(
        _ body: @escaping @Sendable () throws(DocketClientError) -> Result
    ) async throws(DocketClientError) -> Result {
        do {
            return try await NIOThreadPool.singleton.runIfActive(body)
        } catch let error as DocketClientError {
            throw error
        } catch {
            throw DocketClientError(.closed, "the process is ending")
        }
    }
}
