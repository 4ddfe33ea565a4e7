import Foundation
import Synchronization

/// A program that a test runs, ended at the latest with the test.
///
/// What it prints goes to files, so that nobody has to read while it runs. The state is touched
/// under a lock; the process itself is only signalled by its id, and never after it has ended.
final class Program: @unchecked Sendable {
    /// The program did not do what the test waits for.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    private struct State {
        var status: Int32?
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let process = Process()
    private let folder: TestFolder
    private let name: String
    private let state = Mutex(State())
    private let lines: Pipe?

    /// Starts a program.
    ///
    /// Its environment is empty but for the path and what is given: settings of the one who runs
    /// the tests must not change them.
    ///
    /// - Parameters:
    ///   - executable: The program.
    ///   - arguments: Its arguments.
    ///   - environment: What is added to its environment.
    ///   - input: All of its standard input; nil where `write(_:)` gives it bit by bit.
    ///   - folder: Where what it prints is kept.
    /// - Throws: Why it cannot be started.
    init(
        _ executable: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        input: String? = "",
        in folder: TestFolder
    ) throws {
        lines = input == nil ? Pipe() : nil
        self.folder = folder
        name = UUID().uuidString
        for kind in ["out", "log"] { try folder.write("", to: "\(name).\(kind)") }
        process.executableURL = URL(filePath: executable)
        process.arguments = arguments
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        process.environment = ["PATH": path, "HOME": folder.path].merging(environment) { $1 }
        try folder.write(input ?? "", to: "\(name).in")
        process.standardInput =
            try lines?.fileHandleForReading
            ?? FileHandle(forReadingFrom: URL(filePath: folder("\(name).in")))
        process.standardOutput = try FileHandle(
            forWritingTo: URL(filePath: folder("\(name).out"))
        )
        process.standardError = try FileHandle(
            forWritingTo: URL(filePath: folder("\(name).log"))
        )
        process.terminationHandler = { [weak self] process in self?.noteEnd(of: process) }
        try process.run()
        // The program has its own; a test that starts thousands must not keep three of each.
        for handle in [process.standardInput, process.standardOutput, process.standardError] {
            try (handle as? FileHandle)?.close()
        }
    }

    deinit {
        if isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// The folder beside which everything is built: the test's own program lies in it.
    static func built(_ name: String) throws -> String {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(filePath: own).deletingLastPathComponent().appending(path: name).path
    }

    private func noteEnd(of process: Process) {
        // Foundation gives the signal's number alone; shells add 128, and so does this.
        let isSignal = process.terminationReason == .uncaughtSignal
        let status = process.terminationStatus + (isSignal ? 128 : 0)
        let waiters = state.withLock { state in
            state.status = status
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    var processID: Int32 { process.processIdentifier }
    var isRunning: Bool { state.withLock { $0.status == nil } }

    /// What it has printed.
    var output: String { text(of: "out") }
    /// What it has printed as errors.
    var log: String { text(of: "log") }

    private func text(of kind: String) -> String {
        let data = FileManager.default.contents(atPath: folder("\(name).\(kind)")) ?? Data()
        return String(decoding: data, as: UTF8.self)
    }

    /// Writes a line to its standard input; one that has ended reads it no more.
    func write(_ line: String) {
        // Whoever writes to a program that was killed must not be killed by it.
        signal(SIGPIPE, SIG_IGN)
        try? lines?.fileHandleForWriting.write(contentsOf: Data("\(line)\n".utf8))
    }

    /// Ends its standard input.
    func endInput() throws { try lines?.fileHandleForWriting.close() }

    /// Sends a signal.
    func send(_ signal: Int32) {
        if isRunning { kill(process.processIdentifier, signal) }
    }

    /// Waits until it has ended, and gives its status; 128 and the number after a signal.
    ///
    /// One that does not end in time is killed.
    @discardableResult
    func ended(within limit: Duration = .seconds(60)) async throws -> Int32 {
        let watch = Task {
            try await Task.sleep(for: limit)
            self.send(SIGKILL)
            return true
        }
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.status == nil { state.waiters.append(continuation) }
                return state.status != nil
            }
            if isOver { continuation.resume() }
        }
        watch.cancel()
        if (try? await watch.value) == true {
            throw Fault(description: "it did not end within \(limit): \(log.suffix(2_000))")
        }
        return state.withLock { $0.status ?? 0 }
    }
}

/// Waits until something is so; throws what it was about when that takes too long.
func eventually(
    _ what: String,
    within limit: Duration = .seconds(30),
    _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < end else {
            throw Program.Fault(description: "it never came true that \(what)")
        }
        try await Task.sleep(for: .milliseconds(5))
    }
}
