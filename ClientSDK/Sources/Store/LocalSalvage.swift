internal import FoundationEssentials
internal import GRDB

/// What was saved of a damaged file.
struct LocalSalvage: Hashable, Sendable {
    /// Where the damaged file is now, beside the new one; nothing of it was deleted.
    let setAside: String
    /// How many queued commands were saved.
    var commands: Int
    /// Whether that is all there was; otherwise commands, or whose they are, may be missing.
    var isComplete: Bool

    /// The salvage by which a file was made, unless the store was closed in order since: so the
    /// opening after a crash tells of it once more.
    ///
    /// - Parameters:
    ///   - database: The new file.
    ///   - folder: The folder it lies in, which may have another path than when it was made.
    /// - Returns: The report, or nil.
    /// - Throws: What SQLite says where it cannot be read.
    static func fetch(_ database: Database, in folder: String) throws -> LocalSalvage? {
        let row = try Row.fetchOne(
            database,
            sql: "SELECT set_aside, commands, is_complete FROM salvage"
        )
        guard let row else { return nil }
        let reading = RowReading(row, of: "the report of a salvage")
        return LocalSalvage(
            setAside: folder + "/" + (try reading.string(0)),
            commands: Int(clamping: try reading.integer(1)),
            isComplete: try reading.integer(2) != 0
        )
    }

    /// Writes the report into the file that the salvage makes.
    func insert(into database: Database) throws {
        let name = setAside.split(separator: "/").last.map(String.init) ?? setAside
        try database.execute(
            sql: "INSERT INTO salvage(id, set_aside, commands, is_complete) VALUES (1, ?, ?, ?)",
            arguments: [name.data, commands, isComplete]
        )
    }

    /// Forgets the report.
    static func forget(_ database: Database) throws {
        guard try Row.fetchOne(database, sql: "SELECT id FROM salvage") != nil else { return }
        try database.execute(sql: "DELETE FROM salvage")
    }
}
