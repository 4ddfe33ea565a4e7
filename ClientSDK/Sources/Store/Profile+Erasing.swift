extension Profile {
    /// Removes what a profile holds, also what signs its principal in again.
    ///
    /// Once it has begun it is carried through: where the process ends in the middle, whoever opens
    /// the profile next finds it empty.
    ///
    /// - Parameters:
    ///   - folder: The profile's folder, which stays.
    ///   - discardingUnsent: Whether messages that are not delivered are given up: those that
    ///     wait to be sent, and both ways of what the profile's relays keep.
    /// - Throws: `unsent` where there are such messages and they are not given up, `damaged` where
    ///   nobody can tell whether there are, `busy` where a process has the profile.
    public static func erase(
        at folder: String,
        discardingUnsent: Bool = false
    ) throws(ProfileError) {
        try erase(at: folder, discardingUnsent: discardingUnsent) { _ in }
    }

    /// Removes what a profile holds, and tells a test of each step.
    ///
    /// - Parameters:
    ///   - folder: The profile's folder, which stays.
    ///   - discardingUnsent: Whether messages that are not delivered are given up.
    ///   - reached: Told of each step that is durable.
    /// - Throws: As the other one does.
    package static func erase(
        at folder: String,
        discardingUnsent: Bool,
        reaching reached: (ErasingFailpoint) -> Void
    ) throws(ProfileError) {
        guard DurableFiles.exists(folder) else { return }
        let folder = try ProfileFolder.prepare(folder, fileSystem: nil)
        let lock = try ProfileLock(path: "\(folder)/\(ProfileLock.name)")
        defer { lock.release() }
        let erasure = ProfileErasure(in: folder)
        if !erasure.isPending, !discardingUnsent {
            let count = try undelivered(in: folder)
            guard count == 0 else { throw .unsent(count) }
        }
        do throws(LocalStoreError) {
            try erasure.run(reaching: reached)
        } catch {
            throw ProfileError(error)
        }
    }

    private static func undelivered(in folder: String) throws(ProfileError) -> Int {
        do throws(LocalStoreError) {
            let store = try LocalStore(path: "\(folder)/\(fileName)")
            defer { store.close() }
            return try store.undeliveredCount()
        } catch {
            throw ProfileError(error)
        }
    }
}
