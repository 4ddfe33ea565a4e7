internal import DocketCommandLine
internal import DocketConsole

/// Where a password comes from, which never is the command line: others can read that.
enum PasswordFile {
    /// The first line of a file, or the next of standard input for `-`; an empty one is refused.
    static func read(
        _ path: String,
        from input: StandardInput = PasswordFile.input
    ) async throws(CommandFailure) -> String {
        let line = path == "-" ? try await typedLine(input) : try firstLine(of: path)
        guard let line = line.map(Self.withoutMark), !line.isEmpty else {
            throw CommandFailure("\(path) has no password on its first line", status: .localFile)
        }
        return line
    }

    /// A line without the byte order mark that some editors write before a text.
    private static func withoutMark(_ line: String) -> String {
        guard line.unicodeScalars.first == "\u{FEFF}" else { return line }
        return String(line.unicodeScalars.dropFirst())
    }

    /// One for all passwords of a command line: what one reader has taken is lost to the next.
    static let input = StandardInput()

    private static func firstLine(of path: String) throws(CommandFailure) -> String {
        let text = try LocalFile.text(of: path, atMost: LocalFile.longestPassword)
        let line = StandardInput.firstLine(of: Array(text.utf8)[...])
        return String(decoding: line, as: UTF8.self)
    }

    private static func typedLine(
        _ input: StandardInput
    ) async throws(CommandFailure) -> String? {
        do throws(StandardInput.Fault) {
            return try await input.line()
        } catch {
            throw error.failure
        }
    }
}
