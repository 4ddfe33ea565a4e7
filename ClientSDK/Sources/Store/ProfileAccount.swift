internal import FoundationEssentials
internal import Glibc

/// What a profile knows of its server: where it is, whom to trust, and what signs in there.
///
/// It is a file of its own in the profile's folder, so that a program can read it while another
/// process has the profile. Nobody but its owner may read it (0600). It never holds a password.
public struct ProfileAccount: Hashable, Sendable {
    /// The name of the file in the folder.
    static let fileName = "account.json"
    /// The longest file, in bytes.
    private static let longest = 1 << 20
    /// The version of the file's format.
    private static let version = 1

    /// Where the server is, and whom to trust.
    public var server: Server
    /// What signs an agent in again; nil for a guest, whose key is in the local store.
    public var session: SessionToken?
    /// The conversations that were opened, by the key of their channel.
    public var conversations: [String: ConversationID] = [:]

    /// Describes an account.
    ///
    /// - Parameters:
    ///   - server: Where the server is, and whom to trust.
    ///   - session: What signs an agent in again.
    public init(server: Server, session: SessionToken? = nil) {
        self.server = server
        self.session = session
    }

    private struct Content: Codable {
        struct Session: Codable {
            var token: Data
            var expires: UInt64
        }

        var v: Int
        var server: String
        var authority: String?
        var session: Session?
        var conversations: [String: String]
    }

    /// Reads the account of the profile in a folder.
    ///
    /// - Parameter folder: The folder.
    /// - Returns: The account; nil where there is none.
    /// - Throws: `ProfileError` for a file that others can change, or is not one of this version.
    public static func read(at folder: String) throws(ProfileError) -> ProfileAccount? {
        let path = folder + "/\(fileName)"
        guard DurableFiles.exists(path), !ProfileErasure(in: folder).isPending else { return nil }
        try Ownership.checkFile(path)
        let bytes: [UInt8]
        do throws(LocalStoreError) {
            bytes = try DurableFiles.read(path, upTo: longest)
        } catch {
            throw ProfileError(error)
        }
        guard let content = try? JSONDecoder().decode(Content.self, from: Data(bytes)) else {
            throw .damaged("\(path) is not an account")
        }
        guard content.v == version else { throw .tooNew }
        guard let account = ProfileAccount(content) else {
            throw .damaged("\(path) is not an account")
        }
        return account
    }

    private init?(_ content: Content) {
        let trust = content.authority.map(Server.Trust.authorities(pem:)) ?? .system
        guard let server = Server(address: content.server, trust: trust) else { return nil }
        self.server = server
        session = content.session.flatMap {
            SessionToken(
                bytes: Array($0.token),
                expiresAt: Timestamp(millisecondsSinceEpoch: $0.expires)
            )
        }
        conversations = content.conversations.compactMapValues { ConversationID($0) }
    }

    /// Writes the account into the folder of a profile, whole or not at all, and makes the folder
    /// where there is none.
    ///
    /// - Parameter folder: The folder.
    /// - Throws: `ProfileError`, whose description says what to do.
    public func write(at folder: String) throws(ProfileError) {
        let folder = try ProfileFolder.prepare(folder, fileSystem: nil)
        try ProfileErasure(in: folder).finishAlone()
        var content = Content(v: Self.version, server: "\(server)", conversations: [:])
        if case .authorities(let pem) = server.trust { content.authority = pem }
        content.session = session.map {
            Content.Session(
                token: Data($0.bytes),
                expires: $0.expiresAt.millisecondsSinceEpoch
            )
        }
        content.conversations = conversations.mapValues { "\($0)" }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data: Data
        do {
            data = try encoder.encode(content)
        } catch {
            throw .failed("the account cannot be written: \(error)")
        }
        guard data.count < Self.longest else { throw .failed("the account is too long") }
        do throws(LocalStoreError) {
            try DurableFiles.replace(folder + "/\(Self.fileName)", with: Array(data))
        } catch {
            throw ProfileError(error)
        }
    }

    /// Forgets the account of the profile in a folder; nothing to do where there is none.
    ///
    /// - Parameter folder: The folder.
    /// - Throws: `ProfileError` where it is still there.
    public static func remove(at folder: String) throws(ProfileError) {
        guard DurableFiles.exists(folder) else { return }
        do throws(LocalStoreError) {
            for name in try DurableFiles.names(in: folder) where isOfAccount(name) {
                try DurableFiles.erase("\(folder)/\(name)")
            }
            try DurableFiles.synchronize(folder)
        } catch {
            throw ProfileError(error)
        }
    }

    /// Whether a file is an account, or one that was being written when a process ended.
    private static func isOfAccount(_ name: String) -> Bool {
        name == fileName || name.hasPrefix(fileName + ".")
    }
}
