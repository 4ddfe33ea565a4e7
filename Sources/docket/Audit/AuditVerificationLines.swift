internal import DocketConsole
internal import DocketMessages

/// Something that a verification found, as a line of JSON.
struct AuditFindingLine: Encodable {
    /// The fields of the finding.
    struct Fields: Encodable {
        let kind: String
        let from: UInt64
        let through: UInt64
    }

    let v = JSONLine.version
    let type = "audit_finding"
    let finding: Fields

    init(_ finding: Docket_V1_AuditFinding) {
        let kind =
            switch finding.kind {
            case .findingContentChanged: "content_changed"
            case .findingDigestsAltered: "digests_altered"
            case .findingEntriesMissing: "entries_missing"
            case .findingEntriesUnchained: "entries_unchained"
            case .findingCheckpointMissing: "checkpoint_missing"
            case .unspecified, .UNRECOGNIZED: "unknown"
            }
        self.finding = Fields(
            kind: kind,
            from: finding.fromOffset,
            through: finding.throughOffset
        )
    }
}

/// The end of a verification, as a line of JSON.
struct AuditConclusionLine: Encodable {
    /// The fields of the conclusion.
    struct Fields: Encodable {
        let entries: UInt64
        let erased: UInt64
        let findings: UInt64
        let head: UInt64
        let value: String
    }

    let v = JSONLine.version
    let type = "audit_conclusion"
    let conclusion: Fields

    init(_ conclusion: Docket_V1_AuditConclusion) {
        let digits = conclusion.headValue.map { byte in
            let text = String(byte, radix: 16)
            return text.count < 2 ? "0" + text : text
        }
        self.conclusion = Fields(
            entries: conclusion.entries,
            erased: conclusion.erased,
            findings: conclusion.findings,
            head: conclusion.headOffset,
            value: digits.joined()
        )
    }
}
