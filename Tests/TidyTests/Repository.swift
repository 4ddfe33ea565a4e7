import Foundation

/// The files that the repository keeps.
struct Repository: Sendable {
    /// The repository that these tests belong to.
    static let current = Result { try Repository(root: rootOfThisFile()) }

    /// The paths of all files, relative to the root.
    let paths: Set<String>
    /// The files that hold text, by path.
    let files: [TextFile]

    /// Reads what Git tracks below a folder.
    init(root: URL) throws {
        let tracked = try Self.trackedPaths(root).filter {
            FileManager.default.fileExists(atPath: root.appending(path: $0).path)
        }
        paths = Set(tracked)
        files = try tracked.compactMap { path in
            let data = try Data(contentsOf: root.appending(path: path))
            return String(data: data, encoding: .utf8).map { TextFile(path: path, text: $0) }
        }
    }

    /// A repository of these files.
    init(files: [TextFile]) {
        paths = Set(files.map(\.path))
        self.files = files
    }

    /// The file at a path.
    func file(_ path: String) -> TextFile? {
        files.first { $0.path == path }
    }

    /// This file lies in `Tests/TidyTests`, two folders below the root.
    private static func rootOfThisFile(_ path: String = #filePath) -> URL {
        URL(filePath: path).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
    }

    private static func trackedPaths(_ root: URL) throws -> [String] {
        let git = Process()
        let output = Pipe()
        git.executableURL = URL(filePath: "/usr/bin/env")
        // A clone that belongs to another user is read all the same: nothing in it is run.
        git.arguments = ["git", "-c", "safe.directory=*", "-C", root.path, "ls-files", "-z"]
        git.standardOutput = output
        try git.run()
        let list = try output.fileHandleForReading.readToEnd() ?? Data()
        git.waitUntilExit()
        guard git.terminationStatus == 0, !list.isEmpty else { throw NoRepository(root: root.path) }
        return String(decoding: list, as: UTF8.self).split(separator: "\0").map(String.init)
    }
}

/// There is nothing to check.
struct NoRepository: Error, CustomStringConvertible {
    let root: String

    var description: String { "git lists no files in \(root): run the tests in a clone" }
}
