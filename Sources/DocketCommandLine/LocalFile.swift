internal import DocketTransport
internal import Glibc

/// Reads the files that a command line names, with failures that tell a person what is wrong.
public enum LocalFile {
    /// The longest file with certificates, in bytes: several times what systems ship as theirs.
    public static let longestCertificates = 1 << 20
    /// The longest file with a password, in bytes.
    public static let longestPassword = 4_096

    private static let byteOrderMark: Unicode.Scalar = "\u{FEFF}"

    /// Reads a file with certificates; one that has none is refused by its name.
    public static func certificates(of path: String) throws(CommandFailure) -> String {
        let text = try text(of: path, atMost: longestCertificates)
        guard text.contains("-----BEGIN") else {
            throw CommandFailure("\(path) has no certificates (PEM)", status: .localFile)
        }
        return text
    }

    /// What is wrong with a credentials file, in the words of a library about its path.
    ///
    /// Where the file is something else altogether, the library's details help nobody.
    public static func credentialsFault(_ words: String, path: String) -> String {
        words.contains("not valid JSON")
            ? "\(path) is not a credentials file"
            : words.replacing(" is no credentials file", with: " is not a credentials file")
    }

    /// Checks that a file can be read, before anything is done with it.
    public static func check(_ path: String) throws(CommandFailure) {
        guard unsafe access(path, R_OK) != 0 else { return }
        throw CommandFailure(
            "cannot read \(path): \(CommandFailure.words(for: errno))",
            status: .localFile
        )
    }

    /// Reads a file that is not longer than `limit` bytes.
    public static func bytes(
        of path: String,
        atMost limit: Int
    ) throws(CommandFailure) -> [UInt8] {
        do throws(FileFault) {
            return try BoundedFile.read(path, atMost: limit)
        } catch {
            throw CommandFailure("\(error)", status: .localFile)
        }
    }

    /// Reads a text, in UTF-8, that is not longer than `limit` bytes.
    ///
    /// A byte order mark before it, which some editors write, is no part of it.
    public static func text(of path: String, atMost limit: Int) throws(CommandFailure) -> String {
        let bytes = try bytes(of: path, atMost: limit)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure(
                "\(path) is not UTF-8 text",
                advice: "Convert it first, for instance: iconv -f latin1 -t utf-8 '\(path)'",
                status: .localFile
            )
        }
        guard text.unicodeScalars.first == byteOrderMark else { return text }
        return String(text.unicodeScalars.dropFirst())
    }
}
