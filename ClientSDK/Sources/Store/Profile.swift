internal import FoundationEssentials
internal import Glibc
internal import Synchronization

/// A folder with what one principal's client keeps on this machine: the messages that wait to be
/// sent, and what signs a guest in again.
///
/// One process works with a profile at a time, and one client with a `Profile`. It is given back
/// when it is closed, with the last reference to it, or when the process ends, however it ends.
public final class Profile: Sendable {
    /// The longest name of a profile, in bytes.
    static let nameLength = 64
    /// The name of the local store's file in the folder.
    static let fileName = "state.sqlite"
    /// The name of the folder with the files of queued messages, in the profile's.
    static let spoolName = "spool"

    /// What was saved of the profile's file if that was damaged; nil if it was not.
    ///
    /// It is reported again by the next opening unless the profile was closed since.
    public let salvage: ProfileSalvage?
    /// Where the profile is.
    public let folder: String
    /// What the client keeps.
    let store: LocalStore
    private let lock: ProfileLock
    private let isClaimed = Mutex(false)

    private init(
        folder: String,
        lock: ProfileLock,
        at moment: Timestamp,
        maximumPages: Int?
    ) throws(ProfileError) {
        self.folder = folder
        self.lock = lock
        do throws(LocalStoreError) {
            store = try LocalStore(
                path: folder + "/\(Self.fileName)",
                at: moment,
                maximumPages: maximumPages
            )
        } catch {
            throw ProfileError(error)
        }
        salvage = store.salvage.map {
            ProfileSalvage(setAside: $0.setAside, commands: $0.commands, isComplete: $0.isComplete)
        }
    }

    deinit { close() }

    /// Opens the profile in a folder, and makes the folder where there is none.
    ///
    /// A new folder, and each folder above it that is missing too, is its owner's alone.
    ///
    /// - Parameter folder: The folder; nothing but the profile should be in it.
    /// - Returns: The profile, for one client.
    /// - Throws: `ProfileError`, whose description says what to do.
    public static func open(at folder: String) throws(ProfileError) -> Profile {
        try open(at: folder, now: .now)
    }

    /// Opens the profile in a folder, of which a test may pretend something.
    ///
    /// - Parameters:
    ///   - folder: The folder.
    ///   - moment: When this happens.
    ///   - fileSystem: The kind of file system to take it to be on; nil to ask the system.
    ///   - maximumPages: How many pages of 4,096 bytes the file may have; nil for no bound.
    /// - Returns: The profile.
    /// - Throws: `ProfileError`, whose description says what to do.
    static func open(
        at folder: String,
        now moment: Timestamp,
        fileSystem: FileSystemType? = nil,
        maximumPages: Int? = nil
    ) throws(ProfileError) -> Profile {
        let folder = try ProfileFolder.prepare(folder, fileSystem: fileSystem)
        let lock = try ProfileLock(path: folder + "/\(ProfileLock.name)")
        try ProfileErasure(in: folder).finish()
        for suffix in ["", "-wal", "-shm"] {
            try Ownership.checkFile(folder + "/\(fileName)" + suffix)
        }
        return try Profile(folder: folder, lock: lock, at: moment, maximumPages: maximumPages)
    }

    /// The folder of a profile with a name: `$XDG_STATE_HOME/docket/profiles/<name>`, or below
    /// `$HOME/.local/state` where that variable is not set.
    ///
    /// - Parameters:
    ///   - name: At most 64 letters, digits, dots, hyphens and underscores of ASCII, of which the
    ///     first is no dot.
    ///   - application: The name of the program whose profiles they are, of the same characters.
    ///   - environment: The variables; nil for those of this process.
    /// - Returns: The path of the folder, which need not exist.
    /// - Throws: `ProfileError.invalidName` for another name, `.failed` where no variable says
    ///   where such folders belong.
    public static func folder(
        named name: String,
        application: String = "docket",
        environment: [String: String]? = nil
    ) throws(ProfileError) -> String {
        for part in [name, application] where !isName(part) { throw .invalidName(part) }
        let environment = environment ?? ProcessInfo.processInfo.environment
        return try stateFolder(environment) + "/\(application)/profiles/\(name)"
    }

    private static func stateFolder(_ environment: [String: String]) throws(ProfileError) -> String
    {
        // The specification of these variables has relative paths ignored.
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") { return state }
        guard let home = environment["HOME"], home.hasPrefix("/") else {
            throw .failed("neither XDG_STATE_HOME nor HOME says where profiles belong")
        }
        return home + "/.local/state"
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, first != UInt8(ascii: "."),
            text.utf8.count <= nameLength
        else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }

    /// The offset up to which the profile holds what has happened; 0 before the first snapshot.
    ///
    /// - Throws: `storage` if the profile cannot be read.
    package var readUpTo: UInt64 {
        get throws(DocketClientError) {
            do throws(LocalStoreError) {
                return try store.content().cursor?.offset ?? 0
            } catch {
                throw DocketClientError(error)
            }
        }
    }

    /// Takes the profile for a client; false where a client has taken it before.
    func claim() -> Bool {
        isClaimed.withLock { isClaimed in
            defer { isClaimed = true }
            return !isClaimed
        }
    }

    /// Gives the profile to another client.
    func release() {
        isClaimed.withLock { $0 = false }
    }

    /// Ends what is being written and gives the profile back, so that another process may open it.
    ///
    /// Close the client first. Nothing to do where the profile was closed before.
    public func close() {
        store.close()
        lock.release()
    }
}

/// What was saved of a damaged profile.
public struct ProfileSalvage: Hashable, Sendable {
    /// Where the damaged file is now; nothing of it was deleted.
    public let setAside: String
    /// How many messages that wait to be sent were saved.
    public let commands: Int
    /// Whether that is all there was; otherwise messages, or whose they are, may be missing.
    public let isComplete: Bool

    /// Describes a salvage.
    public init(setAside: String, commands: Int, isComplete: Bool) {
        self.setAside = setAside
        self.commands = commands
        self.isComplete = isComplete
    }
}

extension ProfileSalvage: CustomStringConvertible {
    /// What was saved and what may be missing, for a person.
    public var description: String {
        let saved = commands == 1 ? "1 waiting message was" : "\(commands) waiting messages were"
        return "the profile was damaged: \(saved) saved"
            + (isComplete ? "" : ", and others may be missing")
            + "; the damaged file is kept as \(setAside)"
    }
}
