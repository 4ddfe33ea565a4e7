internal import Glibc

/// Reads small files whole, and never more of a file than its limit.
package enum BoundedFile {
    /// Reads a file, which may also be a pipe.
    ///
    /// - Parameters:
    ///   - path: Where the file is.
    ///   - limit: The longest file that is taken, in bytes; of a longer one just a byte more is
    ///     read.
    /// - Returns: Everything in the file.
    /// - Throws: `FileFault` if the file cannot be read or is longer.
    package static func read(_ path: String, atMost limit: Int) throws(FileFault) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .failed(path: path, code: errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: limit + 1)
        while bytes.count <= limit {
            let count = unsafe Glibc.read(descriptor, &chunk, limit + 1 - bytes.count)
            if count == 0 { return bytes }
            if count > 0 {
                bytes += chunk.prefix(count)
            } else if errno != EINTR {
                throw .failed(path: path, code: errno)
            }
        }
        throw .tooLong(path: path, limit: limit)
    }
}

/// Why a file cannot be read.
package enum FileFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// The system refused, with its `errno`.
    case failed(path: String, code: Int32)
    /// The file is longer than the limit, in bytes.
    case tooLong(path: String, limit: Int)

    package var description: String {
        switch self {
        case .failed(let path, let code):
            "cannot read \(path): \(unsafe String(cString: strerror(code)))"
        case .tooLong(let path, let limit): "\(path) is longer than \(limit) bytes"
        }
    }
}
