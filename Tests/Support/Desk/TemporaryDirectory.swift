import Foundation

/// A directory that goes with the last reference to it.
package final class TemporaryDirectory: Sendable {
    /// Where it is.
    package let path: String

    /// Makes it.
    package init() throws {
        path = NSTemporaryDirectory() + "docket-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true
        )
    }

    /// Makes a directory with copies of its files, as they are now.
    package func copy() throws -> TemporaryDirectory {
        let copy = try TemporaryDirectory()
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
