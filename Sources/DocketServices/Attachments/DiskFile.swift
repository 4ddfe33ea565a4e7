internal import Foundation

/// Writes bytes at a place of a file and says how many, like `pwrite`; tests put one in its place
/// that fails.
typealias DiskWrite = @Sendable (CInt, Data, off_t) -> Int

/// An open file; it is closed when the value goes.
///
/// Symbolic links are not followed: nobody but the server has any business in its folders.
struct DiskFile: ~Copyable {
    private let descriptor: CInt
    private let path: String

    /// Opens a file for its owner alone, in a mode such as `O_RDWR | O_CREAT`.
    init(_ path: String, _ mode: CInt) throws(AttachmentFault) {
        let opened = unsafe open(path, mode | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard opened >= 0 else { throw AttachmentFault(errno: errno, path) }
        descriptor = opened
        self.path = path
    }

    deinit { _ = close(descriptor) }

    /// How many bytes the file has.
    var size: UInt64 {
        get throws(AttachmentFault) {
            var information = stat()
            guard unsafe fstat(descriptor, &information) == 0 else { throw failure }
            return UInt64(clamping: information.st_size)
        }
    }

    /// Reads at a place, less only at the end of the file.
    func read(_ count: Int, at offset: UInt64) throws(AttachmentFault) -> Data {
        var bytes = Data(count: count)
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
        return bytes.prefix(length)
    }

    /// Writes all bytes at a place.
    func write(
        _ bytes: Data,
        at offset: UInt64,
        by write: DiskWrite
    ) throws(AttachmentFault) {
        var rest = bytes[...]
        var place = off_t(clamping: offset)
        while !rest.isEmpty {
            let result = write(descriptor, rest, place)
            if result < 0, errno == EINTR { continue }
            guard result > 0 else { throw failure }
            rest = rest.dropFirst(result)
            place += off_t(result)
        }
    }

    /// Makes the file durable; of a folder, the names in it.
    func synchronize() throws(AttachmentFault) {
        guard fsync(descriptor) == 0 else { throw failure }
    }

    private var failure: AttachmentFault { AttachmentFault(errno: errno, path) }
}
