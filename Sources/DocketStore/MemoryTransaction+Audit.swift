internal import DocketDomain

extension MemoryTransaction {
    func auditChain() -> AuditChain { state.chain }

    func auditCheckpoints(after offset: UInt64, through last: UInt64) -> [AuditChain] {
        state.checkpoints.filter { $0.offset > offset && $0.offset <= last }
    }

    func auditEntries(after offset: UInt64, limit: Int) -> [AuditEntry] {
        state.log.dropFirst(Int(clamping: offset)).prefix(limit).map { item in
            AuditEntry(
                offset: item.entry.offset,
                digest: item.digest,
                event: item.entry.event
            )
        }
    }

    func keep(_ chain: AuditChain) { state.chain = chain }

    func keep(checkpoint chain: AuditChain) { state.checkpoints.append(chain) }

    /// Every entry of this store was written with its digest.
    func setDigest(_ digest: Digest, at offset: UInt64) {}
}
