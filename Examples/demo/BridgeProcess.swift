internal import Foundation

/// The program of the mail channel, which the demo starts, kills and starts again.
final class BridgeProcess {
    private let process = Process()

    /// Starts it for a Maildir and a mail server.
    ///
    /// - Parameters:
    ///   - program: The program.
    ///   - folder: Where its profile, its key and its log are.
    ///   - credentials: What it finds the desk by.
    ///   - maildir: Where mails come in.
    ///   - smtp: Where answers go out, as HOST:PORT.
    /// - Throws: What the system has against it.
    init(
        _ program: String,
        in folder: String,
        credentials: String,
        maildir: String,
        smtp: String
    ) throws {
        let log = folder + "/bridge.log"
        if !FileManager.default.fileExists(atPath: log) {
            _ = FileManager.default.createFile(atPath: log, contents: nil)
        }
        process.executableURL = URL(filePath: program)
        process.arguments = [
            "run", "--credentials", credentials, "--key-file", folder + "/key",
            "--maildir", maildir, "--address", MailScene.desk, "--name", "Docket",
            "--smtp", smtp, "--every", "1", "--retry-after", "1",
        ]
        var environment = ProcessInfo.processInfo.environment
        environment["XDG_STATE_HOME"] = folder + "/state"
        process.environment = environment
        let file = try FileHandle(forWritingTo: URL(filePath: log))
        try file.seekToEnd()
        process.standardError = file
        try process.run()
    }

    deinit { kill() }

    /// Ends it as a power cut would.
    func kill() {
        end(with: SIGKILL)
    }

    /// Ends it in good order; gives whether that went well.
    func stop() -> Bool {
        end(with: SIGTERM)
        return process.terminationStatus == 0
    }

    private func end(with signal: Int32) {
        guard process.isRunning else { return }
        Foundation.kill(process.processIdentifier, signal)
        process.waitUntilExit()
    }
}
