internal import Foundation

/// A new file that its owner alone may read, and that says in words why it cannot be written.
///
/// It is closed with its last reference.
final class PrivateFile {
    private let path: String
    private let descriptor: Int32

    /// Makes a file that must not exist.
    init(_ path: String) throws(ServerConfiguration.Fault) {
        self.path = path
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.fault(path) }
    }

    deinit { _ = close(descriptor) }

    /// Adds bytes.
    func write(_ data: Data) throws(ServerConfiguration.Fault) {
        var rest = data[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { bytes in
                unsafe Foundation.write(descriptor, bytes.baseAddress, bytes.count)
            }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                throw Self.fault(path)
            }
        }
    }

    /// Makes the content durable and gives the file its name, in the place of an earlier one.
    func finish(as name: String) throws(ServerConfiguration.Fault) {
        guard fsync(descriptor) == 0, unsafe rename(path, name) == 0 else {
            throw Self.fault(name)
        }
        let folder = URL(filePath: name).deletingLastPathComponent().path
        let names = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard names >= 0 else { throw Self.fault(folder) }
        defer { _ = close(names) }
        guard fsync(names) == 0 else { throw Self.fault(folder) }
    }

    /// Why the system has just refused something with a file.
    private static func fault(_ path: String) -> ServerConfiguration.Fault {
        let code = errno
        guard code != ENOSPC, code != EDQUOT else {
            return ServerConfiguration.Fault(
                description: "the disk is full: there is no room to write \(path)"
            )
        }
        let reason = unsafe String(cString: strerror(code))
        return ServerConfiguration.Fault(description: "cannot write \(path): \(reason)")
    }
}
