internal import Glibc
internal import Synchronization

/// Keeps a second client from working in the same folder, by a lock on a file in it.
///
/// The lock belongs to the open file, so that it ends with the process however that ends. The file
/// holds the process's id, for a person who wants to know who is at work.
final class ProfileLock: Sendable {
    /// The name of the file in the profile's folder.
    static let name = "engine.lock"

    private let descriptor: Mutex<CInt?>

    /// Takes the lock.
    ///
    /// - Throws: `ProfileError.busy` where somebody has it, or what `Ownership.check` throws.
    init(path: String) throws(ProfileError) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw errno == ELOOP ? .wrongKind(path) : .system(path) }
        do throws(ProfileError) {
            try Ownership.check(descriptor, path: path, is: S_IFREG)
            try Self.lock(descriptor, path: path)
        } catch {
            _ = close(descriptor)
            throw error
        }
        self.descriptor = Mutex(descriptor)
    }

    deinit { release() }

    private static func lock(_ descriptor: CInt, path: String) throws(ProfileError) {
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            switch errno {
            case EINTR: continue
            case EWOULDBLOCK: throw .busy(processID: holder(descriptor))
            default: throw .system(path)
            }
        }
        let text = Array("\(getpid())\n".utf8)
        guard ftruncate(descriptor, 0) == 0,
            unsafe pwrite(descriptor, text, text.count, 0) == text.count
        else { throw .system(path) }
    }

    /// The process that has the profile in a folder; nil where none does, or nobody can tell.
    static func holder(of folder: String) -> Int32? {
        let descriptor = unsafe open(folder + "/\(name)", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { _ = close(descriptor) }
        return holder(descriptor)
    }

    /// The process whose id is in the file.
    private static func holder(_ descriptor: CInt) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = unsafe pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        let digits = bytes.prefix(count).prefix { $0 != UInt8(ascii: "\n") }
        return Int32(String(decoding: digits, as: UTF8.self))
    }

    /// Gives the lock back.
    func release() {
        descriptor.withLock { descriptor in
            guard let open = descriptor else { return }
            // Whoever finds the lock taken is not to be told of a process that has let go.
            _ = ftruncate(open, 0)
            _ = close(open)
            descriptor = nil
        }
    }
}
