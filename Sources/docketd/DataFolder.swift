internal import DocketServices
internal import Foundation

/// The folder that holds everything the server keeps.
enum DataFolder {
    /// Makes the folder where it is not there, readable by its owner alone.
    ///
    /// What the process makes from then on is its owner's alone too, also in a folder that others
    /// may enter: the store holds what people said and the digests of their secrets.
    static func make(_ path: String) throws {
        _ = umask(0o077)
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    }

    /// Whether a store is in the folder.
    static func hasStore(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path + "/docket.sqlite")
    }

    /// The folder with the contents of attachments.
    static func attachments(in path: String) -> String { path + "/attachments" }

    /// Removes the copies that a server was sending when it ended.
    static func removeCopies(_ path: String) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        for name in names where name.hasPrefix(BackupFile.prefix) {
            try? FileManager.default.removeItem(atPath: path + "/" + name)
        }
    }

    /// Writes a file that its owner alone may read, in the place of an earlier one: after a crash
    /// there is the one or the other.
    static func writePrivate(_ text: String, to path: String) throws {
        let partial = path + ".partial"
        _ = unsafe unlink(partial)
        let file = unsafe open(partial, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        guard file >= 0 else { throw CocoaError(.fileWriteUnknown) }
        let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
        try handle.write(contentsOf: Data(text.utf8))
        try handle.synchronize()
        try handle.close()
        guard unsafe rename(partial, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
        let folder = URL(filePath: path).deletingLastPathComponent()
        let names = try FileHandle(forReadingFrom: folder)
        try names.synchronize()
        try names.close()
    }
}
