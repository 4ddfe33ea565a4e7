internal import DocketCommandLine
internal import Glibc

/// A bridge's right to work with a Maildir: two of them would send every answer twice.
///
/// It ends with the last reference to it, and with the process however that ends. The file holds
/// the process's id, for whoever wants to know who is at work.
final class MaildirLock: Sendable {
    private let descriptor: CInt

    /// Takes the lock.
    ///
    /// - Parameters:
    ///   - path: Its file, made where there is none.
    ///   - maildir: What it is on, for the error.
    /// - Throws: `CommandFailure` where another process has it.
    init(path: String, of maildir: String) throws(CommandFailure) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw FolderFault(action: "open \(path)", code: errno).failure
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            let holder = Self.holder(descriptor)
            _ = close(descriptor)
            guard code == EWOULDBLOCK else {
                throw FolderFault(action: "lock \(path)", code: code).failure
            }
            throw CommandFailure(
                "\(maildir) is in use by \(holder.map { "process \($0)" } ?? "another bridge")",
                advice: "End that one: two bridges on one Maildir would send every answer twice.",
                status: .tryAgainLater
            )
        }
        let text = Array("\(getpid())\n".utf8)
        _ = ftruncate(descriptor, 0)
        // Without the number the next one is told of another bridge, and not of which.
        _ = unsafe pwrite(descriptor, text, text.count, 0)
        self.descriptor = descriptor
    }

    deinit {
        // Whoever finds the lock taken is not to be told of a process that has let go.
        _ = ftruncate(descriptor, 0)
        _ = close(descriptor)
    }

    /// The process whose id is in the file.
    private static func holder(_ descriptor: CInt) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = unsafe pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        let digits = bytes.prefix(count).prefix { $0 != UInt8(ascii: "\n") }
        return Int32(String(decoding: digits, as: UTF8.self))
    }
}
