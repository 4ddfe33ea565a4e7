internal import Glibc

/// The socket at which the holder of a profile listens.
///
/// The system takes 107 bytes for the path of a socket, and folders may have longer ones. So the
/// path leads through the open folder, which is short wherever that lies.
final class HolderSocket: Sendable {
    /// The name of the socket in the profile's folder.
    static let name = "engine.sock"

    private let descriptor: CInt
    /// A path to the socket, as long as this object is there.
    let path: String

    /// The socket in a folder, which need not be there yet.
    ///
    /// - Throws: `ProfileError.failed` where the folder cannot be opened.
    init(in folder: String) throws(ProfileError) {
        descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(folder) }
        path = "/proc/self/fd/\(descriptor)/\(Self.name)"
    }

    deinit { close(descriptor) }

    /// Sees to it that nobody but the user reaches the folder, before there is a socket in it.
    func shut() throws(ProfileError) {
        let folder = "/proc/self/fd/\(descriptor)"
        guard unsafe chmod(folder, 0o700) == 0 else { throw .system(folder) }
    }

    /// Makes the socket the user's alone.
    func own() throws(ProfileError) {
        guard unsafe chmod(path, 0o600) == 0 else { throw .system(path) }
    }

    /// Takes the socket away, so that whoever comes next finds nobody instead of a closed door.
    func remove() {
        _ = unsafe unlinkat(descriptor, Self.name, 0)
    }
}
