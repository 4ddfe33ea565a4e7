import Foundation
import Testing

/// A program at a terminal of its own, of which the test sees what a person would see.
///
/// The terminal is tmux on a socket in the test's folder, so that it has nothing to do with one
/// that somebody uses, and it ends with the test.
final class TerminalWindow {
    /// The rows of every window.
    private static let rows = 24
    private static let environment = "/usr/bin/env"

    /// Runs the program, shows its exit status, and keeps the terminal open.
    private static let wrapper = #"unset TMUX; "$0" "$@"; echo "[exit $?]"; read -r _"#

    private let folder: TestFolder
    private let socket: String
    /// tmux itself, which ends with the test, and takes the program with it.
    private let server: Program

    /// Starts a program at a terminal.
    ///
    /// - Parameters:
    ///   - executable: The path of the program.
    ///   - arguments: What it is told.
    ///   - columns: How wide the terminal is.
    ///   - environment: What the program is told beside its path and its home.
    ///   - folder: The home of the program, and where the terminal's socket is.
    /// - Throws: Where tmux cannot be started.
    init(
        _ executable: String,
        _ arguments: [String],
        columns: Int,
        environment: [String: String] = [:],
        in folder: TestFolder
    ) async throws {
        self.folder = folder
        let name = "terminal-\(UUID().uuidString.prefix(8))"
        socket = folder(name)
        server = try Program(
            Self.environment,
            // Whoever starts processes here blocks signals by which tmux learns of its own.
            ["--default-signal", "tmux", "-S", socket, "-f", "/dev/null", "-u", "-D"],
            in: folder
        )
        let server = server
        try await eventually("tmux is there") {
            guard server.isRunning else { throw Program.Fault(description: server.log) }
            return folder.has(name)
        }
        let variables = Self.variables(in: folder).merging(environment) { $1 }
            .sorted { $0.key < $1.key }
            .flatMap { ["-e", "\($0.key)=\($0.value)"] }
        try await tell(
            ["set-option", "-g", "status", "off", ";"]
                + ["set-option", "-g", "history-limit", "0", ";"]
                + ["new-session", "-d", "-x", "\(columns)", "-y", "\(Self.rows)"] + variables
                + ["/bin/sh", "-c", Self.wrapper, executable] + arguments
        )
    }

    /// What a program at a terminal finds in its environment: a time of day at which no test runs
    /// into the next day, a language, and nothing of the one who runs the tests.
    private static func variables(in folder: TestFolder) -> [String: String] {
        let hour = Int(Date.now.timeIntervalSince1970) / 3_600 % 24
        // POSIX counts to the west.
        let west = hour - 12
        return ["HOME": folder.path, "LANG": "C.UTF-8", "TZ": "DAY\(west < 0 ? "" : "+")\(west)"]
    }

    // MARK: Doing

    /// Types a text as it is.
    func type(_ text: String) async throws {
        try await tell(["send-keys", "-l", "--", text])
    }

    /// Presses keys by their names, such as `Enter` and `C-d`.
    func press(_ keys: String...) async throws {
        try await tell(["send-keys"] + keys)
    }

    /// Types a line and sends it.
    func enter(_ line: String) async throws {
        try await type(line)
        try await press("Enter")
    }

    /// Makes the terminal wider or narrower.
    func resize(columns: Int) async throws {
        try await tell(["resize-window", "-x", "\(columns)", "-y", "\(Self.rows)"])
    }

    // MARK: Seeing

    /// What the terminal shows: rows without the spaces at their ends.
    ///
    /// - Parameter hasStyles: Whether the sequences for styles and colours are in it.
    /// - Returns: The rows, without the empty ones at the end.
    /// - Throws: Where tmux does not answer.
    func screen(styles hasStyles: Bool = false) async throws -> String {
        let shown = try await tell(["capture-pane", "-p"] + (hasStyles ? ["-e"] : []))
        let rows = shown.split(separator: "\n", omittingEmptySubsequences: false)
        let last = rows.lastIndex { !$0.isEmpty } ?? 0
        return rows.prefix(last + 1).joined(separator: "\n") + "\n"
    }

    /// Waits until the terminal shows what a pattern finds, and gives all that it shows.
    @discardableResult
    func screen(
        showing pattern: some RegexComponent,
        styles hasStyles: Bool = false
    ) async throws -> String {
        try await screen(styles: hasStyles) { $0.contains(pattern) }
    }

    /// Waits until the terminal shows what is wanted, and gives all that it shows.
    func screen(
        styles hasStyles: Bool = false,
        where isWanted: (String) -> Bool
    ) async throws -> String {
        var shown = ""
        do {
            try await eventually("the terminal shows it") {
                shown = try await screen()
                return isWanted(shown)
            }
        } catch {
            throw Program.Fault(description: "\(error); it shows:\n\(shown)")
        }
        return hasStyles ? try await screen(styles: true) : shown
    }

    /// Waits until the program has ended, and gives its exit status.
    func ended() async throws -> Int32 {
        let shown = try await screen(showing: /\[exit [0-9]+\]/)
        let status = shown.firstMatch(of: /\[exit ([0-9]+)\]/)?.output.1
        return try #require(status.flatMap { Int32($0) })
    }

    /// Ends the program by a signal.
    func send(_ signal: Int32) async throws {
        let shell = try await tell(["display-message", "-p", "#{pane_pid}"]).filter(\.isNumber)
        let children = try String(
            contentsOfFile: "/proc/\(shell)/task/\(shell)/children",
            encoding: .utf8
        )
        let words = children.split(separator: " ")
        kill(try #require(words.first.flatMap { Int32($0) }), signal)
    }

    // MARK: Talking to tmux

    @discardableResult
    private func tell(_ order: [String]) async throws -> String {
        let program = try Program(
            Self.environment,
            ["tmux", "-S", socket, "-u"] + order,
            in: folder
        )
        guard try await program.ended() == 0 else {
            throw Program.Fault(description: "tmux: \(program.log)")
        }
        return program.output
    }

    /// Takes the terminal away with whatever runs at it.
    func close() async throws {
        try await tell(["kill-server"])
        try await server.ended()
    }
}
