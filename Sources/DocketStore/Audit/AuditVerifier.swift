internal import Foundation

/// Compares a log with its chain, a page at a time.
///
/// It is fed the entries in their order with the kept values of the chain that lie among them, and
/// tells what was altered. What is found in one stretch between two kept values does not hide what
/// lies in the next, which begins with the value that was kept.
package struct AuditVerifier: Sendable {
    /// To where the chain goes.
    package let head: AuditChain
    /// The offset of the log's last entry.
    private let last: UInt64
    /// How many entries were looked at.
    package private(set) var entries: UInt64 = 0
    /// How many of them were erased.
    package private(set) var erased: UInt64 = 0

    private let hash: AuditHash
    private var chain = AuditChain.start
    /// The kept value with which the stretch begins that is being looked at.
    private var stretch: UInt64 = 0
    /// Whether entries of the stretch are missing, so that its digests cannot lead to its end.
    private var isBroken = false

    /// Prepares to verify.
    ///
    /// - Parameters:
    ///   - head: The chain's end, as it was kept.
    ///   - last: The offset of the log's last entry at that moment.
    ///   - hash: SHA-256.
    package init(upTo head: AuditChain, last: UInt64, hash: @escaping AuditHash) {
        self.head = head
        self.last = last
        self.hash = hash
    }

    /// The offset up to which everything was looked at.
    package var offset: UInt64 { chain.offset }

    /// Looks at the next entries.
    ///
    /// - Parameters:
    ///   - page: Entries by ascending offset, above those looked at before; those behind the
    ///     chain's end are passed over.
    ///   - checkpoints: The kept values from the last offset looked at up to the page's last.
    /// - Returns: What was altered.
    package mutating func check(
        _ page: [AuditEntry],
        _ checkpoints: [AuditChain]
    ) -> [AuditFinding] {
        let kept = Dictionary(checkpoints.map { ($0.offset, $0.value) }) { first, _ in first }
        var findings: [AuditFinding] = []
        for entry in page where entry.offset > offset && entry.offset <= head.offset {
            if entry.offset > offset + 1 {
                findings.append(.entriesMissing(offset + 1...entry.offset - 1))
                pass(upTo: entry.offset - 1, kept)
            }
            findings += check(entry, kept)
        }
        return findings
    }

    /// Ends the verification behind the last page.
    ///
    /// - Returns: What was altered.
    package func finish() -> [AuditFinding] {
        var findings: [AuditFinding] = []
        if offset < head.offset {
            findings.append(.entriesMissing(offset + 1...head.offset))
        } else if !isBroken, chain.value != head.value {
            findings.append(.digestsAltered(min(stretch + 1, offset)...offset))
        }
        if last > head.offset { findings.append(.entriesUnchained(head.offset + 1...last)) }
        return findings
    }

    private mutating func check(
        _ entry: AuditEntry,
        _ kept: [UInt64: Digest]
    ) -> [AuditFinding] {
        var findings: [AuditFinding] = []
        entries += 1
        if let event = entry.event {
            if let digest = entry.digest, unsafe hash(event.span.bytes) != digest {
                findings.append(.contentChanged(offset: entry.offset))
            }
        } else {
            erased += 1
        }
        chain.append(entry.digest ?? .zero, with: hash)
        guard chain.isCheckpoint else { return findings }
        if let value = kept[offset] {
            if !isBroken, value != chain.value {
                findings.append(.digestsAltered(stretch + 1...offset))
            }
            begin(at: AuditChain(offset: offset, value: value))
        } else {
            findings.append(.checkpointMissing(offset: offset))
        }
        return findings
    }

    /// Passes over entries that are missing: the newest value that was kept among them begins a
    /// sound stretch, and without one the rest of this stretch cannot be told.
    private mutating func pass(upTo last: UInt64, _ kept: [UInt64: Digest]) {
        let newest = kept.keys.filter { $0 > offset && $0 <= last }.max()
        if let newest, let value = kept[newest] {
            begin(at: AuditChain(offset: newest, value: value))
        }
        guard offset < last else { return }
        chain = AuditChain(offset: last, value: chain.value)
        isBroken = true
    }

    private mutating func begin(at chain: AuditChain) {
        self.chain = chain
        stretch = chain.offset
        isBroken = false
    }
}
