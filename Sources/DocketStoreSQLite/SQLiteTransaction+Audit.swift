internal import DocketStore

extension SQLiteTransaction {
    func auditChain() throws(StoreError) -> AuditChain {
        if let known = chain ?? memory.chain { return known }
        let found = try storedAuditChain()
        chain = found
        return found
    }

    func keep(_ chain: AuditChain) throws(StoreError) {
        self.chain = chain
        guard !carry(chain) else { return }
        try execute(Statements.keepChain, [.number(chain.offset), .digest(chain.value)])
    }

    func keep(checkpoint chain: AuditChain) throws(StoreError) {
        try execute(Statements.keepCheckpoint, [.number(chain.offset), .digest(chain.value)])
    }

    func setDigest(_ digest: Digest, at offset: UInt64) throws(StoreError) {
        try execute(Statements.setDigest, [.digest(digest), .number(offset)])
    }
}
