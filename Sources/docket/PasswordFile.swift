internal import DocketCommandLine
internal import DocketConsole

/// Where a password comes from, which never is the command line: others can read that.
enum PasswordFile {
    /// The first line of a file, or of standard input for `-`.
    static func read(_ path: String) async throws(CommandFailure) -> String {
        let line = path == "-" ? try await typedLine() : try firstLine(of: path)
        guard let line, !line.isEmpty else {
            throw CommandFailure("\(path) has no password on its first line", status: .localFile)
        }
        return line
    }

    /// One for all passwords of a command line: what one reader has taken is lost to the next.
    private static let input = StandardInput()

    private static func firstLine(of path: String) throws(CommandFailure) -> String? {
        let text = try LocalFile.text(of: path, atMost: LocalFile.longestPassword)
        return text.split(whereSeparator: \.isNewline).first.map(String.init)
    }

    private static func typedLine() async throws(CommandFailure) -> String? {
        do throws(StandardInput.Fault) {
            return try await input.line()
        } catch {
            throw error.failure
        }
    }
}
