import Foundation

/// A directory that goes with the last reference to it.
package final class TemporaryDirectory: Sendable {
    /// Where it is.
    package let path: String

    /// The folder of files that are kept in memory, where there is one, and of temporary files
    /// otherwise.
    package static let inMemory: String = {
        let folder = "/dev/shm/"
        return FileManager.default.isWritableFile(atPath: folder)
            ? folder : NSTemporaryDirectory()
    }()

    private let folder: String

    /// Makes it, among the temporary files unless another folder is given.
    package init(in folder: String = NSTemporaryDirectory()) throws {
        self.folder = folder
        path = folder + "docket-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true
        )
    }

    /// Makes a directory with copies of its files, as they are now.
    package func copy() throws -> TemporaryDirectory {
        let copy = try TemporaryDirectory(in: folder)
        for name in try FileManager.default.contentsOfDirectory(atPath: path) {
            try FileManager.default.copyItem(
                atPath: "\(path)/\(name)",
                toPath: "\(copy.path)/\(name)"
            )
        }
        return copy
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
