public import DocketCommandLine

/// Where the key of an integration or a partner comes from, which never is the command line.
public enum KeyFile {
    /// Reads the key on the first line of a file; an empty one is refused.
    public static func key(in path: String) throws(CommandFailure) -> String {
        let text = try LocalFile.text(of: path, atMost: LocalFile.longestPassword)
        let line = text.prefix { !$0.isNewline }
        guard !line.isEmpty else {
            throw CommandFailure("\(path) has no key on its first line", status: .localFile)
        }
        return String(line)
    }
}
