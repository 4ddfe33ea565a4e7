internal import DocketStore
internal import Glibc
internal import Synchronization

/// Keeps a second server from opening the same store, by a lock on a file beside it.
///
/// The lock belongs to the open file, so that it ends with the process however that ends.
final class StoreLock: Sendable {
    private let descriptor: Mutex<Int32?>

    /// Takes the lock.
    ///
    /// - Throws: `StoreError.locked` when another process has it.
    init(path: String) throws(StoreError) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .ioFailure("\(path): error \(errno)") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            _ = Glibc.close(descriptor)
            throw .locked
        }
        self.descriptor = Mutex(descriptor)
    }

    /// Gives the lock back.
    func release() {
        descriptor.withLock { descriptor in
            if let open = descriptor { _ = Glibc.close(open) }
            descriptor = nil
        }
    }

    deinit { release() }
}
