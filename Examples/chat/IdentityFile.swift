internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import FoundationEssentials
internal import Glibc

/// The file that keeps who a person is for one server: the contact's id and secret.
///
/// Whoever can read it can write in the person's name, so only its owner may (0600).
struct IdentityFile {
    /// The longest file that is taken, in bytes: many times what is ever written.
    private static let longest = 4_096

    private struct Content: Codable {
        var server: String
        var contact: String
        var secret: Data
    }

    let path: String

    /// `$XDG_STATE_HOME/docket-chat/HOST_PORT.json`, by default below `~/.local/state`.
    static func defaultPath(for server: Server) -> String {
        let environment = ProcessInfo.processInfo.environment
        let home = environment["HOME"] ?? "."
        let stated = environment["XDG_STATE_HOME"] ?? ""
        let state = stated.hasPrefix("/") ? stated : "\(home)/.local/state"
        return "\(state)/docket-chat/\(fileName(for: server)).json"
    }

    /// Letters, digits, dots and dashes of the host, so that no host leads to another folder.
    private static func fileName(for server: Server) -> String {
        let host = server.host.map { character in
            character.isASCII
                && (character.isLetter || character.isNumber || character == "-"
                    || character == ".")
                ? character : "_"
        }
        return "\(String(host))_\(server.port)"
    }

    /// The key in the file; nil when there is no file.
    func read() throws(CommandFailure) -> GuestKey? {
        guard unsafe access(path, F_OK) == 0 else { return nil }
        let bytes = try LocalFile.bytes(of: path, atMost: Self.longest)
        guard let content = try? JSONDecoder().decode(Content.self, from: Data(bytes)),
            let contact = PartyID(content.contact),
            let key = GuestKey(contactID: contact, secret: Array(content.secret))
        else {
            throw CommandFailure(
                "\(path) holds no contact and secret",
                advice: "To begin as somebody new: rm '\(path)'",
                status: .localFile
            )
        }
        return key
    }

    /// Holds the file until the result is released, so that of several programs that begin at once
    /// one makes a guest and the others find it.
    ///
    /// - Throws: `CommandFailure` where another program holds it for longer than a minute.
    func lock() async throws(CommandFailure) -> IdentityLock {
        do throws(Errno) {
            try createFolder()
        } catch {
            throw CommandFailure(
                "cannot create the folder of \(path): \(error.words)",
                status: .localFile
            )
        }
        return try await IdentityLock(besides: path)
    }

    /// Writes the key, whole or not at all: to a file beside it first.
    func write(_ key: GuestKey, for server: Server) throws(CommandFailure) {
        let content = Content(
            server: "\(server)",
            contact: "\(key.contactID)",
            secret: Data(key.secret)
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Three texts have no way to fail.
        guard let data = try? encoder.encode(content) else { return }
        do throws(Errno) {
            try createFolder()
            try write(data)
        } catch {
            throw CommandFailure("cannot write \(path): \(error.words)", status: .localFile)
        }
    }

    /// Makes the folders above the file, for their owner alone, where there are none.
    private func createFolder() throws(Errno) {
        for index in path.indices.dropFirst() where path[index] == "/" {
            guard unsafe mkdir(String(path[..<index]), 0o700) != 0 else { continue }
            // Of a folder that is there the system says so, or that nobody may make one there.
            guard errno == EEXIST || errno == EROFS || errno == EACCES else { throw Errno.last }
        }
    }

    private func write(_ data: Data) throws(Errno) {
        let temporary = "\(path).\(getpid())"
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Errno.last }
        defer { close(descriptor) }
        let written = unsafe data.withUnsafeBytes { bytes in
            unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        }
        guard written == data.count, fsync(descriptor) == 0,
            unsafe rename(temporary, path) == 0
        else {
            let error = Errno.last
            unsafe unlink(temporary)
            throw error
        }
    }
}

/// What the system refused, by its number.
struct Errno: Error {
    let code: CInt

    /// What it refused last.
    static var last: Errno { Errno(code: errno) }

    /// The system's words for it.
    var words: String { unsafe String(cString: strerror(code)) }
}
