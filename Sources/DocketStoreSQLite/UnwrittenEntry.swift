internal import DocketDomain
internal import DocketStore
internal import Foundation

/// An entry of the log that a transaction has not written yet.
struct UnwrittenEntry {
    let offset: UInt64
    /// The key of its conversation; 0 where it concerns the desk as a whole.
    let conversation: Int64
    let audience: Audience
    let event: Data
    let digest: Digest
    /// The command that created what the entry tells of.
    var creation: (command: CommandID, record: CommandRecord)?
    /// The value of the chain with this entry, where it is a commit's last.
    var chain: Digest?

    /// The values for its row.
    var values: [9 of SQLValue] {
        [
            .number(offset), .integer(conversation), .number(audience.rawValue), .blob(event),
            .digest(digest), .id(creation?.command),
            creation.map { .digest($0.record.digest) } ?? .null, .id(creation?.record.principal),
            chain.map { .digest($0) } ?? .null,
        ]
    }
}
