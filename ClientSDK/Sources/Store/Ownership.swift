internal import Glibc

/// What makes a file or folder the user's own, and nobody else's.
enum Ownership {
    /// Refuses what belongs to another user, what others can change, and what is not of its kind;
    /// takes from others the right to read it.
    ///
    /// - Parameters:
    ///   - descriptor: The open file or folder.
    ///   - path: Its path, for the error.
    ///   - kind: `S_IFREG` or `S_IFDIR`.
    /// - Throws: `ProfileError.notOwned`, `.wrongKind` or `.hasOtherNames`.
    static func check(
        _ descriptor: CInt,
        path: String,
        is kind: mode_t
    ) throws(ProfileError) {
        var information = stat()
        guard unsafe fstat(descriptor, &information) == 0 else { throw .system(path) }
        guard let mode = try narrowerMode(information, path: path, is: kind) else { return }
        guard fchmod(descriptor, mode) == 0 else { throw .system(path) }
    }

    /// Refuses a file that is not the user's own, or is a link; one that does not exist passes.
    static func checkFile(_ path: String) throws(ProfileError) {
        var information = stat()
        guard unsafe lstat(path, &information) == 0 else {
            guard errno == ENOENT else { throw .system(path) }
            return
        }
        guard let mode = try narrowerMode(information, path: path, is: S_IFREG) else { return }
        guard unsafe chmod(path, mode) == 0 else { throw .system(path) }
    }

    /// The mode without what others may do; nil where they may do nothing.
    private static func narrowerMode(
        _ information: stat,
        path: String,
        is kind: mode_t
    ) throws(ProfileError) -> mode_t? {
        guard information.st_mode & S_IFMT == kind else { throw .wrongKind(path) }
        guard information.st_uid == geteuid(), information.st_mode & (S_IWGRP | S_IWOTH) == 0
        else { throw .notOwned(path) }
        // By another name another process could work with the file, past the lock on the profile.
        guard kind == S_IFDIR || information.st_nlink == 1 else { throw .hasOtherNames(path) }
        let others = S_IRWXG | S_IRWXO
        return information.st_mode & others == 0 ? nil : information.st_mode & 0o7777 & ~others
    }
}
