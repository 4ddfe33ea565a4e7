internal import FoundationEssentials

extension Profile {
    /// The damaged files that were set aside in a profile's folder, the oldest first.
    ///
    /// They hold what could not be saved of them, if anything. Nothing deletes them by itself; what
    /// SQLite kept beside one has its name with `-wal`, `-shm` or `-journal` behind it.
    ///
    /// - Parameter folder: The profile's folder.
    /// - Returns: Their paths; none where the folder cannot be read.
    public static func damagedFiles(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { name in
            guard name.hasPrefix(LocalRescue.asidePrefix(of: fileName)) else { return false }
            return name.dropFirst(LocalRescue.asidePrefix(of: fileName).count)
                .allSatisfy(\.isNumber)
        }
        .sorted().map { "\(folder)/\($0)" }
    }
}
