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

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
