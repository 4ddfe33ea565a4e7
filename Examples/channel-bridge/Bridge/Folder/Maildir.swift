internal import DocketCommandLine
internal import Glibc

/// The folder into which a mail server delivers, and where mails go that have been dealt with.
struct Maildir: Sendable {
    /// Its path.
    let path: String

    /// Where mails wait, where they go, and the bridge's own folder with what it keeps.
    private static let (new, done, own) = ("new", "cur", "docket")
    private static let refused = "refused"
    private static let reasonEnding = ".reason"

    /// Uses a Maildir, which is there.
    ///
    /// - Parameter path: Its path.
    /// - Throws: `CommandFailure` where it is none, or cannot be written.
    init(_ path: String) throws(CommandFailure) {
        self.path = path
        for folder in [Self.new, Self.done] {
            guard unsafe access("\(path)/\(folder)", R_OK | W_OK | X_OK) == 0 else {
                throw CommandFailure(
                    "\(path)/\(folder): \(CommandFailure.words(for: errno))",
                    advice: "Name a Maildir that the mail server delivers into, or make one:\n"
                        + "mkdir -p '\(path)'/cur '\(path)'/new '\(path)'/tmp",
                    status: .localFile
                )
            }
        }
        do throws(FolderFault) {
            try DurableFile.makeFolder(ownFolder)
            try DurableFile.makeFolder(refusedFolder)
        } catch {
            throw error.failure
        }
    }

    /// Keeps other bridges from working with the Maildir for as long as the lock lasts.
    ///
    /// - Returns: The lock.
    /// - Throws: `CommandFailure` that names the process that has it.
    func lock() throws(CommandFailure) -> MaildirLock {
        try MaildirLock(path: "\(ownFolder)/bridge.lock", of: path)
    }

    /// The bridge's own folder.
    var ownFolder: String { "\(path)/\(Self.own)" }
    /// Where mails go that are not taken in.
    var refusedFolder: String { "\(ownFolder)/\(Self.refused)" }

    private func waitingPath(_ name: MaildirName) -> String { "\(path)/\(Self.new)/\(name.text)" }

    /// The mails that wait, in the order of their delivery.
    func waiting() throws(FolderFault) -> [MaildirName] {
        try DurableFile.names(in: "\(path)/\(Self.new)").map(MaildirName.init).sorted()
    }

    /// Reads a mail that waits; nil where somebody else has moved it.
    ///
    /// - Throws: `tooLarge` and `unreadable`.
    func read(_ name: MaildirName, atMost limit: Int) throws(MailFault) -> [UInt8]? {
        do throws(FolderFault) {
            return try DurableFile.read(waitingPath(name), atMost: limit)
        } catch {
            throw error.code == EFBIG
                ? .tooLarge(size(of: name) ?? limit, limit: limit)
                : .unreadable(CommandFailure.words(for: error.code))
        }
    }

    private func size(of name: MaildirName) -> Int? {
        var status = stat()
        return unsafe stat(waitingPath(name), &status) == 0 ? status.st_size : nil
    }

    /// Moves a mail that was taken in to those that somebody has seen.
    func finish(_ name: MaildirName) throws(FolderFault) {
        try DurableFile.move(waitingPath(name), to: "\(path)/\(Self.done)/\(name.seen)")
    }

    /// Sets a mail aside, with the reason in a file beside it.
    ///
    /// The reason is written first: a mail that is set aside always has one.
    func refuse(_ name: MaildirName, because fault: MailFault) throws(FolderFault) {
        try DurableFile.write(
            Array("\(fault.code)\n\(fault)\n".utf8),
            to: name.text + Self.reasonEnding,
            in: refusedFolder
        )
        try DurableFile.move(waitingPath(name), to: "\(refusedFolder)/\(name.text)")
        try DurableFile.sync(refusedFolder)
    }
}
