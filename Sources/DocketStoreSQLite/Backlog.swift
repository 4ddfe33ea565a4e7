internal import DocketDomain
internal import DocketStore

/// What commits have put off: the rows of requests that have changed, and the creations that no
/// index knows yet.
///
/// It holds what the log says beyond the offset through which the rows are written. A store that
/// ends without writing it reads it from the log again when it is opened.
struct Backlog {
    /// A request whose row is behind.
    struct Change {
        /// The request as its row has it.
        let before: SupportRequest
        /// The request as it is.
        let after: SupportRequest
        /// The offset of the first entry that the row lacks.
        let since: UInt64
        /// The offset of the last entry that is in `after`.
        let through: UInt64
    }

    /// The requests whose rows are behind, by number.
    private(set) var requests: [UInt64: Change] = [:]
    /// The creations that stand in the log alone.
    private(set) var creations: [CommandID: CommandRecord] = [:]
    /// Their ids, those of one commit after those of another.
    private var order: ArraySlice<(offset: UInt64, command: CommandID)> = []

    /// How many changes wait.
    var size: Int { requests.count + creations.count }

    /// Notes that a request has changed, by entries from one offset to another.
    mutating func note(
        _ after: SupportRequest,
        over before: SupportRequest,
        from since: UInt64,
        through: UInt64
    ) {
        // Set anew and not in place: that would take memory for all of it each time.
        let waiting = requests[after.number]
        requests[after.number] = Change(
            before: waiting?.before ?? before,
            after: after,
            since: waiting?.since ?? since,
            through: through
        )
    }

    /// Notes a creation that the entry at an offset carries.
    mutating func note(_ record: CommandRecord, of command: CommandID, at offset: UInt64) {
        creations[command] = record
        order.append((offset, command))
    }

    /// Forgets a request whose row has been written.
    mutating func forget(request number: UInt64) {
        requests[number] = nil
    }

    /// Forgets the creations up to an offset, which have been written.
    mutating func forgetCreations(through offset: UInt64) {
        while let first = order.first, first.offset <= offset {
            creations[first.command] = nil
            order.removeFirst()
        }
    }

    /// The requests that lack an entry up to an offset, by number.
    func requests(since offset: UInt64) -> [Change] {
        requests.values.filter { $0.since <= offset }.sorted { $0.after.number < $1.after.number }
    }
}
