internal import Glibc

/// Room on the disk that is kept back in a file, for what may not wait until somebody makes room.
///
/// It is given to the disk for one transaction and taken again behind it, as far as there is room
/// then: what is not taken again would be free for everybody.
struct StoreReserve: Sendable {
    let path: String
    let bytes: Int

    /// Keeps the room back, or what there is of it.
    func keep() {
        guard bytes > 0 else { return }
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        if posix_fallocate(descriptor, 0, off_t(bytes)) == 0 { return }
        let rest = min(bytes, Self.available(descriptor))
        if rest == 0 || posix_fallocate(descriptor, 0, off_t(rest)) != 0 { release() }
    }

    /// Gives the room to the disk.
    func release() {
        guard bytes > 0 else { return }
        FileOperations.remove(path)
    }

    /// How many bytes the file system of an open file still has.
    private static func available(_ descriptor: CInt) -> Int {
        var system = statvfs()
        guard unsafe fstatvfs(descriptor, &system) == 0 else { return 0 }
        let (bytes, isBeyond) = UInt(system.f_bavail)
            .multipliedReportingOverflow(by: UInt(system.f_frsize))
        return isBeyond ? .max : Int(clamping: bytes)
    }
}
