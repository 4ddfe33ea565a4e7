internal import Foundation

/// A server that the demo starts, kills and starts again.
final class ServerProcess {
    /// The server did not come up.
    struct NotReady: Error, CustomStringConvertible {
        let log: String
        var description: String { "the server did not come up; its log is \(log)" }
    }

    /// How long a start may take.
    private static let patience = Duration.seconds(30)

    private let program: String
    private let folder: String
    private var process: Process?

    /// A server of `program` that keeps everything in `folder`.
    init(program: String, folder: String) {
        self.program = program
        self.folder = folder
    }

    /// What clients connect with.
    var credentialsPath: String { folder + "/data/dev-credentials.json" }

    private var readyPath: String { folder + "/ready" }
    private var logPath: String { folder + "/server.log" }

    /// Starts the server and waits until it serves.
    func start(listen: String) async throws {
        try? FileManager.default.removeItem(atPath: readyPath)
        _ = FileManager.default.createFile(atPath: logPath, contents: nil)
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = [
            "serve", "--dev", "--data", folder + "/data", "--listen", listen,
            "--ready-file", readyPath,
        ]
        process.standardError = try FileHandle(forWritingTo: URL(filePath: logPath))
        try process.run()
        self.process = process
        let end = ContinuousClock.now + Self.patience
        while !FileManager.default.fileExists(atPath: readyPath) {
            guard process.isRunning, ContinuousClock.now < end else {
                throw NotReady(log: logPath)
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Where the server serves.
    func address() throws -> String {
        try String(contentsOfFile: readyPath, encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Ends the server as a power cut would.
    func kill() {
        end(with: SIGKILL)
    }

    /// Ends the server in good order.
    func stop() {
        end(with: SIGTERM)
    }

    private func end(with signal: Int32) {
        guard let process, process.isRunning else { return }
        Foundation.kill(process.processIdentifier, signal)
        process.waitUntilExit()
    }
}
