internal import DocketDomain
internal import DocketStore
internal import Foundation

/// Adds events to the log of one transaction, each with its digest, and binds them into the chain.
struct LogWriter {
    private let transaction: any StoreTransaction
    private let hash: AuditHash
    private var chain: AuditChain
    private var hasGrown = false
    private var encoder = EventEncoder()

    /// The offset of the log's last entry.
    var head: UInt64 { chain.offset }

    /// Goes on where the log ends.
    init(
        _ transaction: any StoreTransaction,
        hash: @escaping AuditHash
    ) throws(StoreError) {
        self.transaction = transaction
        self.hash = hash
        chain = try transaction.auditChain()
    }

    /// Adds an event and gives its entry.
    ///
    /// - Throws: A `StoreError` where the store takes no entry.
    mutating func append(_ event: Event) throws(StoreError) -> LogEntry {
        let encoded = encoder.encode(event)
        let digest = unsafe hash(encoded.span.bytes)
        let offset = try transaction.append(
            encoded,
            to: event.conversation,
            audience: event.audience,
            digest: digest
        )
        chain.append(digest, with: hash)
        hasGrown = true
        guard offset == head else { throw .corrupted("the log goes on behind its chain") }
        if chain.isCheckpoint { try transaction.keep(checkpoint: chain) }
        return LogEntry(offset: offset, audience: event.audience, event: encoded)
    }

    /// Keeps the chain's end, at the end of the transaction.
    func finish() throws(StoreError) {
        if hasGrown { try transaction.keep(chain) }
    }
}
