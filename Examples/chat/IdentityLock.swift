internal import DocketCommandLine
internal import Glibc

/// A lock beside an identity file, which the system releases with the process at the latest.
final class IdentityLock: Sendable {
    /// How long to wait for another program that is making a guest.
    private static let patience = Duration.seconds(60)
    /// The time between two attempts.
    private static let interval = Duration.milliseconds(50)

    private let descriptor: CInt

    /// Waits until nobody else has the lock.
    init(besides path: String) async throws(CommandFailure) {
        let place = "\(path).lock"
        descriptor = unsafe open(place, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            let words = unsafe String(cString: strerror(errno))
            throw CommandFailure("cannot lock \(place): \(words)", status: .localFile)
        }
        let end = ContinuousClock.now + Self.patience
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR, ContinuousClock.now < end else {
                throw CommandFailure(
                    "another docket-chat is still starting with \(path)",
                    advice: "Try again in a moment, or use another file: --identity FILE",
                    status: .localFile
                )
            }
            try? await Task.sleep(for: Self.interval)
        }
    }

    deinit { close(descriptor) }
}
