internal import DocketCommandLine
internal import DocketTerminal
internal import Glibc

/// The file that gets the refused rows as they were, to be mended and pushed again.
///
/// It gets its name when it is complete: until then, and where the program is killed, the name has
/// `.part` behind it, and the next run writes the file anew. It replaces no other file.
final class RejectsFile {
    /// Its name.
    let path: String
    private let descriptor: Int32
    private let writer: OutputWriter
    private var isEmpty = true
    private var isAtLineStart = true

    private var partPath: String { path + ".part" }

    /// Begins a file.
    ///
    /// - Parameter path: Its name, which nothing may have yet.
    /// - Throws: `CommandFailure` where it is there or cannot be made.
    init(_ path: String) throws(CommandFailure) {
        guard unsafe access(path, F_OK) != 0 else { throw Self.exists(path) }
        self.path = path
        let mode = S_IRUSR | S_IWUSR
        descriptor = unsafe open(path + ".part", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw Self.failure(path, errno) }
        writer = OutputWriter(descriptor: descriptor)
    }

    deinit { close(descriptor) }

    /// Adds a row, or ends one of which pieces were added.
    ///
    /// - Parameters:
    ///   - bytes: The row, or what is left of it; one without a line end gets one.
    ///   - header: What stands before the first row.
    /// - Throws: `CommandFailure` where it cannot be written.
    func add(_ bytes: [UInt8], after header: [UInt8]) throws(CommandFailure) {
        try addPiece(bytes, after: header)
        guard !isAtLineStart else { return }
        try write([UInt8(ascii: "\n")])
    }

    /// Adds some bytes of a row that is too long to be kept.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - header: What stands before the first row.
    /// - Throws: `CommandFailure` where they cannot be written.
    func addPiece(_ bytes: [UInt8], after header: [UInt8]) throws(CommandFailure) {
        guard !bytes.isEmpty else { return }
        if isEmpty {
            isEmpty = false
            try write(Self.ended(header))
        }
        try write(bytes)
    }

    private func write(_ bytes: [UInt8]) throws(CommandFailure) {
        guard let last = bytes.last else { return }
        isAtLineStart = last == UInt8(ascii: "\n")
        do throws(OutputError) {
            try writer.write(bytes)
        } catch .failed(let code) {
            throw Self.failure(path, code)
        } catch {
            throw Self.failure(path, EPIPE)
        }
    }

    /// Ends the file, which is there from now on; one without rows is none.
    ///
    /// - Returns: Whether there is a file.
    /// - Throws: `CommandFailure` where it cannot be kept.
    func finish() throws(CommandFailure) -> Bool {
        guard !isEmpty else {
            _ = unsafe unlink(partPath)
            return false
        }
        guard fsync(descriptor) == 0 else { throw Self.failure(path, errno) }
        guard unsafe link(partPath, path) == 0 else {
            throw errno == EEXIST ? Self.exists(path) : Self.failure(path, errno)
        }
        _ = unsafe unlink(partPath)
        return true
    }

    private static func ended(_ bytes: [UInt8]) -> [UInt8] {
        let end = UInt8(ascii: "\n")
        return bytes.isEmpty || bytes.last == end ? bytes : bytes + [end]
    }

    private static func exists(_ path: String) -> CommandFailure {
        CommandFailure(
            "\(path) is there already",
            advice: "It may hold rows that are not pushed yet. Name another: --rejects FILE",
            status: .localFile
        )
    }

    private static func failure(_ path: String, _ code: Int32) -> CommandFailure {
        CommandFailure(
            "cannot write \(path): \(CommandFailure.words(for: code))",
            advice: "Make room, or name another place. Then push the same again: what is there "
                + "already is not opened twice.",
            status: .localFile
        )
    }
}
