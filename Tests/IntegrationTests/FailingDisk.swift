import Foundation
import Testing

/// A folder with the library that makes writes fail, or kills who writes.
struct FailingDisk {
    let folder: TestFolder

    init() async throws {
        folder = try TestFolder()
        let source = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Faults/failing_disk.c").path
        // The toolchain's compiler, or the system's where that one is not in the path.
        let command = "$(command -v clang || command -v cc) -shared -fPIC -o $0 $1 -ldl"
        let compiler = try Program(
            "/bin/sh",
            ["-c", command, folder("disk.so"), source],
            in: folder
        )
        let status = try await compiler.ended()
        #expect(status == 0, "\(compiler.log)")
    }

    /// Starts a server for development whose writes fail while the file `fault` says so.
    func start() async throws -> TestServer {
        try await TestServer.start(
            in: folder,
            environment: ["LD_PRELOAD": folder("disk.so"), "FAULT_FILE": folder("fault")]
        )
    }

    /// Starts a server for development that is killed before a step, counted from 1, by which it
    /// makes something last; gives whether it came to that before it served.
    func isKilled(atStep step: Int) async throws -> Bool {
        folder.remove("ready")
        let program = try Program(
            TestServer.executable,
            ["serve", "--dev", "--data", folder("data"), "--listen", "127.0.0.1:0"]
                + ["--ready-file", folder("ready")],
            environment: ["LD_PRELOAD": folder("disk.so"), "FAULT_KILL": "\(step)"],
            in: folder
        )
        try await eventually("the server serves or is killed") {
            !program.isRunning || folder.has("ready")
        }
        guard program.isRunning else {
            let status = try await program.ended()
            #expect(status == 128 + SIGKILL, "\(program.log)")
            return true
        }
        program.send(SIGKILL)
        _ = try await program.ended()
        return false
    }
}
