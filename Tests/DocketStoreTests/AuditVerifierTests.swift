import DeskSupport
import DocketStore
import Foundation
import Testing

@Suite("What was altered in a log is found where it is")
struct AuditVerifierTests {
    /// A log with its chain, as a store would give them.
    private struct Log {
        var entries: [AuditEntry] = []
        var checkpoints: [AuditChain] = []
        var head = AuditChain.start

        /// A log of so many entries.
        init(_ count: UInt64) {
            for offset in 1...count {
                let event = Data("event \(offset)".utf8)
                let digest = DeskFixture.digest(event)
                entries.append(AuditEntry(offset: offset, digest: digest, event: event))
                head.append(digest, with: DeskFixture.auditHash)
                if head.isCheckpoint { checkpoints.append(head) }
            }
        }

        /// Puts something in the place of an entry.
        mutating func replace(_ offset: UInt64, digest: Digest? = nil, event: Data?) {
            guard let index = entries.firstIndex(where: { $0.offset == offset }) else { return }
            entries[index] = AuditEntry(
                offset: offset,
                digest: digest ?? entries[index].digest,
                event: event
            )
        }

        func entry(_ offset: UInt64) -> AuditEntry { entries[Int(offset) - 1] }

        /// What a verification finds that is given pages of so many entries.
        func findings(pages size: Int = 1_000, last: UInt64? = nil) -> [AuditFinding] {
            var verifier = AuditVerifier(
                upTo: head,
                last: last ?? head.offset,
                hash: DeskFixture.auditHash
            )
            var findings: [AuditFinding] = []
            var rest = entries[...]
            while let end = rest.prefix(size).last?.offset {
                let start = verifier.offset
                let kept = checkpoints.filter { $0.offset > start && $0.offset <= end }
                findings += verifier.check(Array(rest.prefix(size)), kept)
                rest = rest.dropFirst(size)
            }
            return findings + verifier.finish()
        }
    }

    private static let interval = AuditChain.checkpointInterval

    @Test(
        "An untouched log has no findings, whatever its length",
        arguments: [1, 4_095, 4_096, 4_097, 8_192]
    )
    func sound(count: UInt64) {
        let log = Log(count)
        #expect(log.checkpoints.count == Int(count / Self.interval))
        for size in [1, 1_000, 4_096, 10_000] { #expect(log.findings(pages: size) == []) }
    }

    @Test("An empty log has no findings")
    func empty() {
        let verifier = AuditVerifier(upTo: .start, last: 0, hash: DeskFixture.auditHash)
        #expect(verifier.finish() == [])
    }

    @Test("A content that was changed is found at its entry", arguments: [1, 4_096, 4_097, 5_000])
    func content(offset: UInt64) {
        var log = Log(5_000)
        var event = log.entry(offset).event ?? Data()
        event[0] ^= 1
        log.replace(offset, event: event)
        #expect(log.findings() == [.contentChanged(offset: offset)])
    }

    @Test("A digest that was altered with its content is found between two kept values")
    func digest() {
        for (offset, stretch) in [
            (7, 1...4_096), (4_096, 1...4_096), (4_097, 4_097...8_192), (8_193, 8_193...9_000),
        ] as [(UInt64, ClosedRange<UInt64>)] {
            var log = Log(9_000)
            let event = Data("forged".utf8)
            let digest = DeskFixture.digest(event)
            log.replace(offset, digest: digest, event: event)
            #expect(log.findings() == [.digestsAltered(stretch)], "\(offset)")
        }
    }

    @Test("A digest that was altered without its content is found with the content")
    func digestAlone() {
        var log = Log(100)
        log.replace(50, digest: .zero, event: log.entry(50).event)
        #expect(log.findings() == [.contentChanged(offset: 50), .digestsAltered(1...100)])
    }

    @Test("A digest that is gone breaks the chain")
    func missingDigest() {
        var log = Log(100)
        let entry = log.entry(50)
        log.entries[49] = AuditEntry(offset: 50, digest: nil, event: entry.event)
        #expect(log.findings() == [.digestsAltered(1...100)])
    }

    @Test("Entries that changed places are found")
    func swapped() {
        var log = Log(9_000)
        let (first, second) = (log.entry(10), log.entry(20))
        log.replace(10, digest: second.digest, event: second.event)
        log.replace(20, digest: first.digest, event: first.event)
        #expect(log.findings() == [.digestsAltered(1...4_096)])
        log = Log(9_000)
        let far = log.entry(5_000)
        log.replace(10, digest: far.digest, event: far.event)
        log.replace(5_000, digest: first.digest, event: first.event)
        #expect(log.findings() == [.digestsAltered(1...4_096), .digestsAltered(4_097...8_192)])
        log = Log(9_000)
        log.replace(10, event: second.event)
        log.replace(20, event: first.event)
        #expect(log.findings() == [.contentChanged(offset: 10), .contentChanged(offset: 20)])
    }

    @Test("Entries that are missing are found, and hide nothing of the next stretch")
    func missing() {
        for (offsets, expected) in [
            (1...1, 1...1), (100...200, 100...200), (4_096...4_096, 4_096...4_096),
            (4_000...4_200, 4_000...4_200), (8_990...9_000, 8_990...9_000),
        ] as [(ClosedRange<UInt64>, ClosedRange<UInt64>)] {
            var log = Log(9_000)
            log.entries.removeAll { offsets.contains($0.offset) }
            #expect(log.findings() == [.entriesMissing(expected)], "\(offsets)")
            log = Log(9_000)
            log.replace(8_500, event: Data())
            log.entries.removeAll { offsets.contains($0.offset) }
            #expect(log.findings().contains(.contentChanged(offset: 8_500)), "\(offsets)")
        }
        var log = Log(5)
        log.entries = []
        #expect(log.findings() == [.entriesMissing(1...5)])
    }

    @Test("Entries behind the chain's end are found")
    func unchained() {
        var log = Log(10)
        log.entries.append(AuditEntry(offset: 11, digest: .zero, event: Data()))
        #expect(log.findings(last: 11) == [.entriesUnchained(11...11)])
    }

    @Test("A kept value that is gone or altered is found")
    func checkpoints() {
        var log = Log(9_000)
        log.checkpoints.removeFirst()
        #expect(log.findings() == [.checkpointMissing(offset: 4_096)])
        log = Log(9_000)
        log.checkpoints[0] = AuditChain(offset: 4_096, value: .zero)
        #expect(log.findings() == [.digestsAltered(1...4_096), .digestsAltered(4_097...8_192)])
        log = Log(100)
        log.head = AuditChain(offset: 100, value: .zero)
        #expect(log.findings() == [.digestsAltered(1...100)])
    }

    @Test("A content that was erased is no finding, as its digest is kept")
    func erased() {
        var log = Log(5_000)
        for offset: UInt64 in [1, 4_096, 5_000] { log.replace(offset, event: nil) }
        #expect(log.findings() == [])
        var verifier = AuditVerifier(
            upTo: log.head,
            last: log.head.offset,
            hash: DeskFixture.auditHash
        )
        _ = verifier.check(log.entries, log.checkpoints)
        #expect(verifier.entries == 5_000 && verifier.erased == 3)
    }
}
