import Foundation

/// A file system of 16 MiB in memory as the `data` folder of a test; a server keeps 8 of them back.
///
/// It goes with the last reference to it.
final class SmallFileSystem: Sendable {
    /// How many bytes it has.
    static let bytes = 16 << 20

    /// Whether this process may mount one, which takes root as a rule.
    static let isPossible: Bool = {
        guard let folder = try? TestFolder() else { return false }
        return (try? SmallFileSystem(in: folder)) != nil
    }()

    private let folder: TestFolder

    /// Mounts it.
    init(in folder: TestFolder) throws {
        self.folder = folder
        let path = folder("data")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let arguments = ["-t", "tmpfs", "-o", "size=\(Self.bytes),mode=0700", "tmpfs", path]
        guard try Self.run("mount", arguments) else {
            throw Program.Fault(description: "no file system can be mounted")
        }
    }

    // Lazily, since a server that a failing test has left may still have files open.
    deinit { _ = try? Self.run("umount", ["-l", folder("data")]) }

    private static func run(_ name: String, _ arguments: [String]) throws -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [name] + arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
