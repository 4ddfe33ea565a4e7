internal import DocketTransport

/// Reads the files that a command line names, with failures that tell a person what is wrong.
public enum LocalFile {
    /// The longest file with certificates, in bytes: several times what systems ship as theirs.
    public static let longestCertificates = 1 << 20
    /// The longest file with a password, in bytes.
    public static let longestPassword = 4_096

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
    public static func text(of path: String, atMost limit: Int) throws(CommandFailure) -> String {
        let bytes = try bytes(of: path, atMost: limit)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure("\(path) is no text", status: .localFile)
        }
        return text
    }
}
