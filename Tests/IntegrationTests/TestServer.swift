import DocketTransport
import Foundation

/// A server in a process of its own, on a folder that outlives it.
final class TestServer: Sendable {
    /// The process, whose log holds what the server says.
    let program: Program
    /// Where it serves, as HOST:PORT.
    let address: String
    /// What the clients need.
    let credentials: CredentialsFile?

    private init(program: Program, address: String, credentials: CredentialsFile?) {
        self.program = program
        self.address = address
        self.credentials = credentials
    }

    /// The path of the server's program.
    static var executable: String { get throws { try Program.built("docketd") } }

    /// Starts a server for development on the folder's `data` and waits until it serves.
    static func start(
        in folder: TestFolder,
        listen: String = "127.0.0.1:0",
        _ options: [String] = ["--dev"],
        environment: [String: String] = [:]
    ) async throws -> TestServer {
        folder.remove("ready")
        let program = try Program(
            executable,
            ["serve", "--data", folder("data"), "--listen", listen]
                + ["--ready-file", folder("ready")] + options,
            environment: environment,
            in: folder
        )
        try await eventually("the server serves") {
            guard program.isRunning else {
                throw Program.Fault(description: "the server ended: \(program.log)")
            }
            return folder.has("ready")
        }
        let address = try String(contentsOfFile: folder("ready"), encoding: .utf8)
        let file = folder("data/dev-credentials.json")
        let hasCredentials = FileManager.default.fileExists(atPath: file)
        return TestServer(
            program: program,
            address: String(address.dropLast()),
            credentials: hasCredentials ? try CredentialsFile.read(file) : nil
        )
    }

    /// Runs one of the server's commands to its end.
    static func run(
        _ arguments: String...,
        environment: [String: String] = [:],
        in folder: TestFolder
    ) async throws -> (status: Int32, output: String, log: String) {
        try await run(arguments, environment: environment, in: folder)
    }

    /// Runs one of the server's commands to its end.
    static func run(
        _ arguments: [String],
        environment: [String: String] = [:],
        in folder: TestFolder
    ) async throws -> (status: Int32, output: String, log: String) {
        let program = try Program(
            executable,
            arguments,
            environment: environment,
            in: folder
        )
        let status = try await program.ended()
        return (status, program.output, program.log)
    }

    /// Ends the server as an operator does, and gives its status.
    func stop() async throws -> Int32 {
        program.send(SIGTERM)
        return try await program.ended()
    }

    /// Ends the server as a failing machine does.
    func kill() async throws {
        program.send(SIGKILL)
        try await program.ended()
    }
}
