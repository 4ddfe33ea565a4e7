extension Profile {
    /// Removes what a profile holds, also what signs its principal in again.
    ///
    /// - Parameters:
    ///   - folder: The profile's folder, which stays.
    ///   - discardingUnsent: Whether messages without a verdict are given up.
    /// - Throws: `unsent` where there are such messages and they are not given up, `busy` where a
    ///   process has the profile.
    public static func erase(
        at folder: String,
        discardingUnsent: Bool = false
    ) throws(ProfileError) {
        guard DurableFiles.exists(folder) else { return }
        let profile: Profile
        do throws(ProfileError) {
            profile = try open(at: folder)
        } catch .damaged where discardingUnsent {
            return removeFiles(in: folder)
        }
        defer { profile.close() }
        let unsent: Int
        do throws(LocalStoreError) {
            unsent = try profile.store.content().commands.count
        } catch {
            throw ProfileError(error)
        }
        guard unsent == 0 || discardingUnsent else { throw .unsent(unsent) }
        // Closing it empties the log beside the file.
        profile.store.close()
        removeFiles(in: folder)
    }

    private static func removeFiles(in folder: String) {
        ProfileAccount.remove(at: folder)
        ProfileDraft.removeAll(inProfileAt: folder)
        for suffix in ["-wal", "-shm", ""] { DurableFiles.remove("\(folder)/\(fileName)\(suffix)") }
    }
}
