internal import GRDB

/// Sets a damaged file aside and puts a new one with what can be read of it in its place.
///
/// The new file is made under the name `….salvaging` and renamed to `….salvaged` once it is whole
/// and durable; only then is the damaged file set aside, with its log, and the new one takes its
/// name. A crash before that changes nothing but that the next opening begins anew; a crash after
/// it leaves a `….salvaged`, and the next opening goes on from there. So there is at every moment
/// either the damaged file under its own name or a durable copy of what was read of it.
struct LocalRescue {
    /// What SQLite may keep beside a file, and the file itself.
    private static let suffixes = ["", "-wal", "-shm", "-journal"]
    /// How many salvages may come in one millisecond: a guard against a folder that answers
    /// strangely.
    private static let attempts: UInt64 = 1_000

    /// The file's path.
    let path: String
    /// When this happens, for the name of the damaged file.
    let moment: Timestamp

    private var salvaging: String { path + ".salvaging" }
    private var salvaged: String { path + ".salvaged" }
    private var scratch: String { path + ".scratch" }
    private var folder: String { DurableFiles.folder(of: path) }

    /// What the names of files begin with that were set aside; the rest is a number.
    static func asidePrefix(of path: String) -> String { path + ".corrupt-" }

    /// Goes on with a salvage that a crash has broken off.
    func finish() throws(LocalStoreError) {
        for file in [salvaging, scratch] { remove(file) }
        guard DurableFiles.exists(salvaged) else { return }
        let report = try storing {
            let reader = try LocalFileOpening.reader(of: salvaged)
            defer { try? reader.close() }
            return try reader.read { try LocalSalvage.fetch($0, in: folder) }
        }
        guard let report else { throw .failed("\(salvaged) does not say what it is") }
        try putInPlace(report)
    }

    /// Salvages the file, and puts what was saved in its place.
    func run() throws(LocalStoreError) {
        try putInPlace(try salvage())
    }

    /// Makes a new file with what can be read of the damaged one, whole and durable.
    func salvage() throws(LocalStoreError) -> LocalSalvage {
        var report = LocalSalvage(setAside: try freeName(), commands: 0, isComplete: false)
        try DurableFiles.create(salvaging)
        let target = try LocalFileOpening.pool(at: salvaging)
        do {
            try fill(target, &report)
            try target.close()
        } catch {
            try? target.close()
            for file in [salvaging, scratch] { remove(file) }
            throw LocalStoreError(error)
        }
        remove(scratch)
        guard DurableFiles.size(of: salvaging + "-wal") == 0 else {
            throw .failed("\(salvaging) could not be written")
        }
        try DurableFiles.synchronize(salvaging)
        for suffix in Self.suffixes.dropFirst() { DurableFiles.remove(salvaging + suffix) }
        try DurableFiles.rename(salvaging, to: salvaged)
        try synchronizeFolder()
        return report
    }

    private func fill(_ target: DatabasePool, _ report: inout LocalSalvage) throws {
        let settings = report
        report = try target.writeWithoutTransaction { database in
            // What matters is made durable at the end, at one go.
            try database.execute(sql: "PRAGMA synchronous = OFF")
            var salvager = Salvager(target: database)
            // SQLite would remove the log of a file that is empty.
            if DurableFiles.size(of: path) > 0 { try salvager.read(path) }
            if !salvager.isComplete {
                _ = try database.checkpoint(.truncate)
                try graft()
                try salvager.read(scratch)
            }
            var report = settings
            report.commands = salvager.commandCount
            report.isComplete = salvager.isComplete
            try report.insert(into: database)
            _ = try database.checkpoint(.truncate)
            return report
        }
    }

    /// Makes a copy of the damaged file that has the new one's schema.
    ///
    /// The first page holds the header and, with a few others, where each table begins. Files of
    /// one version are made step by step alike, so that another's schema leads to the same places;
    /// what it leads to is checked row by row. That helps where only these pages are damaged.
    private func graft() throws(LocalStoreError) {
        for suffix in Self.suffixes.prefix(2) where DurableFiles.exists(path + suffix) {
            try DurableFiles.copy(path + suffix, to: scratch + suffix)
        }
        let size = UInt64(LocalSchema.pageSize)
        // Behind all that is there, of which nothing is to be written over.
        let next = (DurableFiles.size(of: scratch) + size - 1) / size + 1
        let pages = try SchemaPages(movedTo: UInt32(clamping: next)) {
            (number: UInt32) throws(LocalStoreError) -> [UInt8] in
            try DurableFiles.read(
                salvaging,
                upTo: LocalSchema.pageSize,
                from: UInt64(number - 1) * size
            )
        }
        guard let pages else { return }
        for (index, page) in pages.others.enumerated() {
            let start = (next - 1 + UInt64(index)) * size
            try DurableFiles.overwrite(scratch, with: page, from: start)
        }
        var first = pages.first
        // SQLite goes by the length of the file where these two counters differ.
        first[92...95] = [0, 0, 0, 0]
        first[24...27] = [0, 0, 0, 1]
        try DurableFiles.overwrite(scratch, with: first)
    }

    /// A name that no file has, for the damaged one.
    private func freeName() throws(LocalStoreError) -> String {
        for attempt in 0..<Self.attempts {
            let name = "\(Self.asidePrefix(of: path))\(moment.millisecondsSinceEpoch &+ attempt)"
            guard Self.suffixes.contains(where: { DurableFiles.exists(name + $0) }) else {
                return name
            }
        }
        throw .failed("\(path) cannot be set aside")
    }

    /// Sets the damaged file aside, as far as that has not been done, and gives its name to the new
    /// one.
    private func putInPlace(_ report: LocalSalvage) throws(LocalStoreError) {
        for suffix in Self.suffixes {
            try DurableFiles.rename(path + suffix, to: report.setAside + suffix)
        }
        // The new file must never have its name while the log of the damaged one has it too.
        try synchronizeFolder()
        for suffix in Self.suffixes.dropFirst() { DurableFiles.remove(salvaged + suffix) }
        try DurableFiles.rename(salvaged, to: path)
        try synchronizeFolder()
    }

    private func synchronizeFolder() throws(LocalStoreError) {
        try DurableFiles.synchronize(folder)
    }

    private func remove(_ file: String) {
        for suffix in Self.suffixes { DurableFiles.remove(file + suffix) }
    }
}
