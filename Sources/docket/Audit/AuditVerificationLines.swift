internal import DocketClient
internal import DocketConsole

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

    init(_ finding: AuditFinding) {
        self.finding = Fields(
            kind: finding.kind.rawValue,
            from: finding.from,
            through: finding.through
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

    init(_ conclusion: AuditConclusion) {
        let digits = conclusion.value.map { byte in
            let text = String(byte, radix: 16)
            return text.count < 2 ? "0" + text : text
        }
        self.conclusion = Fields(
            entries: conclusion.entries,
            erased: conclusion.erased,
            findings: conclusion.findings,
            head: conclusion.head,
            value: digits.joined()
        )
    }
}
