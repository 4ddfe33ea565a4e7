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
    ///
    /// - Throws: A `Fault` that says in a sentence why the file cannot be written; the earlier one
    ///   is there then.
    static func writePrivate(
        _ text: String,
        to path: String
    ) throws(ServerConfiguration.Fault) {
        let partial = path + ".partial"
        _ = unsafe unlink(partial)
        do throws(ServerConfiguration.Fault) {
            let file = try PrivateFile(partial)
            try file.write(Data(text.utf8))
            try file.finish(as: path)
        } catch {
            _ = unsafe unlink(partial)
            throw error
        }
    }
}
