internal import Glibc

/// Makes the folder of a profile, or sees to it that the one that is there can be used.
enum ProfileFolder {
    /// Prepares a folder.
    ///
    /// - Parameters:
    ///   - folder: Its path.
    ///   - fileSystem: The kind of file system to take it to be on; nil to ask the system.
    /// - Returns: Its path without links, which leads there from every working directory.
    /// - Throws: `ProfileError` where it cannot be a profile's.
    static func prepare(
        _ folder: String,
        fileSystem: FileSystemType?
    ) throws(ProfileError) -> String {
        guard !folder.isEmpty, !folder.utf8.contains(0) else {
            throw .failed("\"\(folder)\" is not the path of a folder")
        }
        try create(folder)
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(folder) }
        defer { _ = close(descriptor) }
        try Ownership.check(descriptor, path: folder, is: S_IFDIR)
        let type = fileSystem ?? FileSystemType(of: descriptor)
        if let name = type.networkName { throw .networkFileSystem(name) }
        guard let resolved = unsafe realpath(folder, nil) else { throw .system(folder) }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    /// Makes a folder durably, with those above it that are missing.
    private static func create(_ folder: String) throws(ProfileError) {
        let parent = DurableFiles.folder(of: withoutEnd(folder))
        if unsafe mkdir(folder, 0o700) != 0 {
            switch errno {
            case EEXIST: return
            case ENOENT where parent != withoutEnd(folder):
                try create(parent)
                guard unsafe mkdir(folder, 0o700) == 0 || errno == EEXIST else {
                    throw .system(folder)
                }
            default: throw .system(folder)
            }
        }
        do throws(LocalStoreError) {
            try DurableFiles.synchronize(parent)
        } catch {
            throw ProfileError(error)
        }
    }

    /// A path without the slashes at its end.
    private static func withoutEnd(_ path: String) -> String {
        var path = path[...]
        while path.count > 1, path.last == "/" { path.removeLast() }
        return String(path)
    }
}
