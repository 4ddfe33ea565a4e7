public import DocketClient
internal import Glibc

/// Where a file of a message is kept on this machine.
public struct FilePlace: Hashable, Sendable {
    /// The path of the file.
    public let path: String

    /// Finds the place.
    ///
    /// - Parameters:
    ///   - path: A new file, or a folder in which the file has its own name; empty for the folder
    ///     of the program.
    ///   - file: The file.
    public init(_ path: String, for file: Message.Attachment) {
        let name = SafeFileName.name(from: file.name)
        guard !path.isEmpty else {
            self.path = name
            return
        }
        let folder = path.hasSuffix("/") ? String(path.dropLast()) : path
        self.path = Self.isFolder(path) ? "\(folder)/\(name)" : path
    }

    private static func isFolder(_ path: String) -> Bool {
        var information = stat()
        guard unsafe stat(path, &information) == 0 else { return false }
        return information.st_mode & S_IFMT == S_IFDIR
    }
}
