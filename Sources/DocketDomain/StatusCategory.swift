/// The meaning of a status.
///
/// Behaviour depends on the category, never on a status' name.
package enum StatusCategory: UInt8, Sendable, CaseIterable {
    /// Exists, not yet accepted.
    case new = 1
    /// The desk has to act.
    case open = 2
    /// Somebody else has to act, or the request sleeps.
    case waiting = 3
    /// A solution was delivered.
    case resolved = 4
    /// Final.
    case closed = 5
    /// Its content lives in another request.
    case merged = 6
    /// Removed, restorable until it is purged.
    case deleted = 7

    /// Whether somebody still works on a request of this category or waits for it.
    package var isActive: Bool {
        switch self {
        case .new, .open, .waiting: true
        case .resolved, .closed, .merged, .deleted: false
        }
    }
}
