import DeskSupport
import DocketDesk
import DocketStore

/// What a kill has left, beside what is known of the process that it has ended.
struct Recovery {
    /// The log as it was found.
    let log: [LogEntry]
    /// The play as it went on until the kill, and perhaps a little beyond.
    let ended: Play
    /// Whether its last answers came before the kill.
    let hasHeard: Bool
    /// Where the log may end: everything before was acknowledged, and nothing beyond was written.
    let ends: ClosedRange<UInt64>
    /// Whether the disk has everything up to there; `nil` where that is to be found out.
    var isDurable: Bool?
    /// The log's end as feeds were told of it.
    var announced: UInt64 = 0

    /// Where the log ends.
    var head: UInt64 { UInt64(log.count) }

    /// What is lost, and what nobody has written.
    func findings() -> [PlayFinding] {
        var findings: [PlayFinding] = []
        if !ended.model.entries.starts(with: log) {
            findings.append(PlayFinding("Recovery", "the log has what nobody has written"))
        }
        if !ends.contains(head) {
            let text = "the log ends with \(head), not with one of \(ends)"
            findings.append(PlayFinding("Recovery", text))
        }
        if announced > head {
            findings.append(PlayFinding("Feeds", "\(announced) was announced and is lost"))
        }
        for case let offset? in ended.newestReplies.map({ $0?.acceptance?.offset })
        where hasHeard && offset > head {
            findings.append(PlayFinding("Durability", "\(offset) was acknowledged and is lost"))
        }
        return findings
    }

    /// What is wrong with the answers to what was asked again, of which nobody knew what had become
    /// of it.
    func findings(inRepeated replies: [Reply]) -> [PlayFinding] {
        zip(ended.newestReplies, replies).compactMap { first, reply in
            guard let first else { return nil }
            let offset = first.acceptance?.offset ?? 0
            if hasHeard || isDurable == true || offset > ends.lowerBound && offset <= head {
                return first.isSame(as: reply)
                    ? nil
                    : PlayFinding(
                        "Repetition",
                        "it was answered \(first), and after the kill \(reply)"
                    )
            }
            let isWrong = offset > head && reply.acceptance?.isRepetition == true
            return isWrong
                ? PlayFinding("Repetition", "what is not in the log is taken for a repetition")
                : nil
        }
    }
}
