/// The removal of everything that a profile holds, which nothing leaves half done.
///
/// A mark in the folder comes first, durably, and goes last. Whoever finds it takes nothing in the
/// folder for a profile any more, and goes on with the removal.
struct ProfileErasure {
    /// The name of the mark in the folder.
    static let markName = "erase.pending"
    /// The files with what signs in again.
    ///
    /// Beside each lie others whose names begin with its own: SQLite's logs, damaged files that
    /// were set aside, and what was being written.
    private static let secrets = [ProfileAccount.fileName, Profile.fileName]
    /// The folders, of which everything in them is the profile's.
    private static let folders = [ProfileDraft.folderName, Profile.spoolName]

    private let folder: String

    /// The erasing of the profile in a folder, whether it has begun or not.
    init(in folder: String) {
        self.folder = folder
    }

    private var mark: String { "\(folder)/\(Self.markName)" }

    /// Whether it has begun and is not done.
    var isPending: Bool { DurableFiles.exists(mark) }

    /// Removes everything but the lock, which the caller has taken.
    ///
    /// - Parameter reached: Told of each step that is durable.
    /// - Throws: `LocalStoreError` for the first file that cannot be removed: then the mark stays,
    ///   and what is left is removed the next time.
    func run(
        reaching reached: (ErasingFailpoint) -> Void = { _ in }
    ) throws(LocalStoreError) {
        try DurableFiles.create(mark)
        // The one that was there before a crash may not have been durable.
        try DurableFiles.synchronize(folder)
        reached(.marked)
        for name in try DurableFiles.names(in: folder) where Self.isSecret(name) {
            try DurableFiles.erase("\(folder)/\(name)")
        }
        try DurableFiles.synchronize(folder)
        reached(.secretsRemoved)
        for name in Self.folders { try empty("\(folder)/\(name)") }
        try DurableFiles.erase("\(folder)/\(HolderSocket.name)")
        try DurableFiles.synchronize(folder)
        reached(.emptied)
        try DurableFiles.erase(mark)
        try DurableFiles.synchronize(folder)
    }

    /// Goes on with an erasing that was broken off; the caller has taken the lock.
    func finish() throws(ProfileError) {
        guard isPending else { return }
        do throws(LocalStoreError) {
            try run()
        } catch {
            throw ProfileError(error)
        }
    }

    /// Goes on with an erasing that was broken off, before something new comes into the folder.
    ///
    /// - Throws: `ProfileError.busy` where another process is about it.
    func finishAlone() throws(ProfileError) {
        guard isPending else { return }
        let lock = try ProfileLock(path: "\(folder)/\(ProfileLock.name)")
        defer { lock.release() }
        try finish()
    }

    private static func isSecret(_ name: String) -> Bool {
        secrets.contains { name == $0 || name.hasPrefix($0 + ".") || name.hasPrefix($0 + "-") }
    }

    /// Removes the files in a folder, and the folder unless there are others in it.
    private func empty(_ path: String) throws(LocalStoreError) {
        // What a link leads to is not the profile's.
        guard DurableFiles.isFolder(path) else { return try DurableFiles.erase(path) }
        for name in try DurableFiles.names(in: path) {
            let entry = "\(path)/\(name)"
            if !DurableFiles.isFolder(entry) { try DurableFiles.erase(entry) }
        }
        try DurableFiles.synchronize(path)
        DurableFiles.removeFolder(path)
    }
}
