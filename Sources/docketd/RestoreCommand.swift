internal import ArgumentParser
internal import DocketCommandLine
internal import DocketCrypto
internal import DocketDomain
internal import DocketStore
internal import DocketStoreSQLite
internal import DocketTerminal
internal import Foundation

/// Puts a copy in the place of a store.
struct RestoreCommand: AsyncParsableCommand, ServerAction {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Replace a store with a backup, while no server runs on it.",
        discussion: """
            Every session ends; clients sign in again and read everything again.

            Keys that the replaced store knows as revoked stay revoked. If that store is
            lost, list them in a file, one key id per line: the middle part of
            docket_KEYID_SECRET.
            """
    )

    @OptionGroup var settings: SettingOptions

    @Option(help: "A file with the ids of keys to revoke, one per line.")
    var revokedKeys: String?

    @Argument(help: "The file that docketd backup wrote.")
    var file: String

    func perform() async throws -> ExitStatus {
        guard FileManager.default.isReadableFile(atPath: file) else {
            throw CommandFailure("there is no file \(file) that can be read", status: .localFile)
        }
        guard Self.isStore(file) else {
            throw CommandFailure("\(file) is not a backup", status: .localFile)
        }
        let revoked = try revokedKeys.map { try RevokedKeys(file: $0).ids } ?? []
        let configuration = try settings.configuration()
        try DataFolder.make(configuration.data)
        var random = try SecureRandom()
        let epoch = Epoch(random.next())
        let restored = try configuration.explained(
            "\(file) cannot be put into \(configuration.data)"
        ) {
            try SQLiteStore.restore(
                from: file,
                to: configuration.data,
                epoch: epoch,
                revokedKeys: revoked,
                at: SystemClock().now()
            )
        }
        let output = OutputWriter.standard
        try output.writeLine("\(configuration.data) now holds the store of \(file)")
        for line in RestorationReport(restored).lines { try output.writeLine("\(line)") }
        return .done
    }
}

extension RestoreCommand {
    /// How the file of a store begins: https://www.sqlite.org/fileformat.html, section 1.3.
    private static let beginning = Data("SQLite format 3\0".utf8)

    /// Whether a file begins as the file of a store does.
    static func isStore(_ path: String) -> Bool {
        guard let file = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? file.close() }
        return (try? file.read(upToCount: beginning.count)) == beginning
    }
}

/// The key ids that an operator keeps outside of the store.
struct RevokedKeys: Equatable {
    /// The longest list, in bytes: room for tens of thousands of keys.
    private static let longestFile = 1 << 20

    /// The ids.
    let ids: Set<String>

    /// Reads a file.
    init(file: String) throws {
        try self.init(try LocalFile.text(of: file, atMost: Self.longestFile), file: file)
    }

    /// Takes the ids from a text: one a line, beside blank lines and comments behind `#`.
    init(_ text: String, file: String) throws(ServerConfiguration.Fault) {
        var ids: Set<String> = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            let id = line.prefix { $0 != "#" }.filter { !$0.isWhitespace }.lowercased()
            guard !id.isEmpty else { continue }
            guard Self.isKeyID(id) else {
                throw ServerConfiguration.Fault(
                    description: """
                        \(file), line \(index + 1): this is not a key id. A key id has 16 \
                        hexadecimal digits; it is the middle part of docket_KEYID_SECRET.
                        """
                )
            }
            ids.insert(id)
        }
        self.ids = ids
    }

    private static func isKeyID(_ text: String) -> Bool {
        text.utf8.count == 16 && text.allSatisfy(\.isHexDigit)
    }
}

/// What an operator is told about access after a restore.
struct RestorationReport {
    /// The lines to print.
    let lines: [String]

    init(_ restored: SQLiteRestoration) {
        var lines = [
            "sessions ended: \(restored.endedSessions); everybody signs in again"
        ]
        switch restored.replaced {
        case .read: break
        case .nothing, .unreadable:
            let state =
                restored.replaced == .nothing
                ? "there was no store to replace" : "the store that was replaced cannot be read"
            lines.append(
                """
                warning: \(state), so it is not known which keys were revoked and which agents \
                were locked after the copy was made; keys that --revoked-keys does not name and \
                those agents can come in again
                """
            )
        }
        if !restored.revokedKeys.isEmpty {
            lines.append("keys that worked in the copy and are revoked now:")
            lines += restored.revokedKeys.map(Self.line)
        }
        if !restored.workingKeys.isEmpty {
            lines.append(
                "keys that work; end those that should not with docket key revoke ID:"
            )
            lines += restored.workingKeys.map(Self.line)
        }
        if !restored.lockedAgents.isEmpty {
            lines.append("agents who are locked as before: \(Self.list(restored.lockedAgents))")
        }
        if !restored.unlockedAdministrators.isEmpty {
            lines.append(
                """
                warning: these administrators were locked and can sign in again, since nobody \
                else could administer the desk; create another, then docket agent lock them: \
                \(Self.list(restored.unlockedAdministrators))
                """
            )
        }
        if !restored.otherPasswords.isEmpty {
            lines.append(
                """
                agents who have the password of the copy again; change it with docket agent \
                password: \(Self.list(restored.otherPasswords))
                """
            )
        }
        self.lines = lines
    }

    private static func list(_ logins: [String]) -> String {
        logins.map(Self.printable).joined(separator: ", ")
    }

    private static func printable(_ text: String) -> String {
        text.filter { $0.unicodeScalars.allSatisfy { !$0.isControl } }
    }

    private static func line(_ key: SQLiteRestoration.Key) -> String {
        let use = key.channel.map { "channel \($0)" } ?? "partner"
        return "  \(key.keyID)  ID \(key.owner)  \(use)  \(printable(key.name))"
    }
}

extension Unicode.Scalar {
    /// Whether a terminal may take it for an order.
    fileprivate var isControl: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
