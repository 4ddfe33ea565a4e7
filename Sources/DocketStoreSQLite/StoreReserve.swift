internal import Glibc

/// Room on the disk that is kept back in a file, for what may not wait until somebody makes room.
///
/// It is given to the disk for one transaction and taken again behind it. Where the disk has no
/// room to take it again, it stays gone until a later transaction finds some.
struct StoreReserve: Sendable {
    let path: String
    let bytes: Int

    /// Keeps the room back, where there is some.
    func keep() {
        guard bytes > 0 else { return }
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        if posix_fallocate(descriptor, 0, off_t(bytes)) != 0 { release() }
    }

    /// Gives the room to the disk.
    func release() {
        guard bytes > 0 else { return }
        FileOperations.remove(path)
    }
}
