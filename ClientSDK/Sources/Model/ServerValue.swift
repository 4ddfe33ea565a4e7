/// One of a server's counters, or a part of its state.
public struct ServerValue: Hashable, Sendable {
    /// A lower_snake_case name with its unit last.
    public let name: String
    /// The value.
    public let value: Double
}

/// A copy of a server's store that was written to a file.
public struct BackupCopy: Hashable, Sendable {
    /// How many bytes it has.
    public let size: UInt64
    /// SHA-256 of the whole copy, 32 bytes.
    public let sha256: [UInt8]
}
