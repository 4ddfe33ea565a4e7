/// Something in the log that is not as it was written.
package enum AuditFinding: Hashable, Sendable {
    /// An entry's content is not the one that its digest was made of.
    case contentChanged(offset: UInt64)
    /// The digests of these entries do not lead from one kept value of the chain to the next: one
    /// was altered, or entries changed places.
    case digestsAltered(ClosedRange<UInt64>)
    /// These entries are gone.
    case entriesMissing(ClosedRange<UInt64>)
    /// These entries stand behind the chain's end, although no desk has written them.
    case entriesUnchained(ClosedRange<UInt64>)
    /// The chain's value at this offset is gone.
    case checkpointMissing(offset: UInt64)

    /// The offsets that it concerns.
    package var offsets: ClosedRange<UInt64> {
        switch self {
        case .contentChanged(let offset), .checkpointMissing(let offset): offset...offset
        case .digestsAltered(let offsets), .entriesMissing(let offsets),
            .entriesUnchained(let offsets):
            offsets
        }
    }
}

extension AuditFinding: CustomStringConvertible {
    /// The finding in a sentence.
    package var description: String {
        let place =
            offsets.count == 1
            ? "\(offsets.lowerBound)" : "\(offsets.lowerBound) to \(offsets.upperBound)"
        switch self {
        case .contentChanged: return "the content of entry \(place) was changed"
        case .digestsAltered: return "digests or the order of the entries \(place) were altered"
        case .entriesMissing: return "entries \(place) are missing"
        case .entriesUnchained: return "entries \(place) were added behind the end of the chain"
        case .checkpointMissing: return "the value of the chain at \(place) is missing"
        }
    }
}
