internal import DocketStore
internal import Foundation

/// Brings the entries of an older store into the chain.
///
/// This happens before the desk takes its first command, since every value of the chain follows
/// from the one before. It is done in batches, each a transaction, so that a start that is
/// interrupted goes on where it was; of a store that is complete it costs one look.
enum AuditCompletion {
    /// How many entries a transaction completes: as many as share one fsync without holding much of
    /// the log in memory.
    private static let batchEntries = 1_024

    /// Completes the chain up to the log's end.
    static func run(on store: any Store, hash: @escaping AuditHash) throws(StoreError) {
        let isComplete = try store.read { reading throws(StoreError) in
            let chained = try reading.auditChain().offset
            return try reading.auditEntries(after: chained, limit: 1).isEmpty
        }
        guard !isComplete else { return }
        while try store.transact({ transaction throws(StoreError) in
            try complete(in: transaction, hash)
        }) {}
    }

    /// Completes one batch, and gives whether there may be more.
    private static func complete(
        in transaction: any StoreTransaction,
        _ hash: AuditHash
    ) throws(StoreError) -> Bool {
        var chain = try transaction.auditChain()
        let entries = try transaction.auditEntries(after: chain.offset, limit: batchEntries)
        for entry in entries {
            // What has a digest keeps it: it was made when the entry was written.
            let digest = unsafe entry.digest ?? hash((entry.event ?? Data()).span.bytes)
            if entry.digest == nil { try transaction.setDigest(digest, at: entry.offset) }
            chain.append(digest, with: hash)
            if chain.isCheckpoint { try transaction.keep(checkpoint: chain) }
        }
        try transaction.keep(chain)
        return entries.count == batchEntries
    }
}
