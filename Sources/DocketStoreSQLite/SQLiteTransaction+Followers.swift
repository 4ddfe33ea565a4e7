internal import DocketDomain
internal import DocketStore
internal import Foundation

/// What is made of the log behind its commits.
extension SQLiteTransaction {
    /// Brings a follower on by so many entries at most, and gives how far it has come then.
    func follow(_ follower: Follower, atMost count: UInt64) throws(StoreError) -> UInt64 {
        let head = try logHead()
        let first = try followed(follower)
        guard first <= head else { throw .corrupted("\(follower.rawValue) are ahead of the log") }
        guard first < head, count > 0 else { return first }
        let last = first + min(count, head - first)
        switch follower {
        case .rows: try writeRows(after: first, through: last)
        case .search: try index(after: first, through: last)
        }
        try execute(Statements.keepFollowed, [.number(last), .text(follower.rawValue)])
        return last
    }

    private func writeRows(after first: UInt64, through last: UInt64) throws(StoreError) {
        if memory.hasReadBacklog {
            try writeRequests(lackingUpTo: last)
        } else {
            try readBacklog(after: first, through: last)
            try writeRequests()
        }
        let range: [2 of SQLValue] = [.number(first), .number(last)]
        try execute(Statements.followEntries, range)
        try execute(Statements.followCreations, range)
        indexed = last
        try execute(Statements.followChain, [])
    }

    /// How many entries are in memory at once while the backlog is read.
    static var entriesInMemory: Int { 1_024 }

    /// A request that is brought from its row to what the log says.
    private struct Recovery {
        /// The offset of the last entry that is in the request.
        var through: UInt64
        /// The request as its row has it, once an entry is found that the row lacks; `nil` where it
        /// cannot be read.
        var before: SupportRequest?
        /// The request with those entries.
        var after: SupportRequest?
        /// Whether the row has been read.
        var isRead = false
    }

    /// Reads from the log what requests have become by entries that their rows lack, as a store has
    /// to that ended before it wrote them.
    private func readBacklog(after first: UInt64, through last: UInt64) throws(StoreError) {
        var recoveries: [UInt64: Recovery] = [:]
        var place = first
        while place < last {
            let limit = min(Int(clamping: last - place), Self.entriesInMemory)
            let entries = try entries(after: place, limit: limit)
            guard let end = entries.last?.offset else { break }
            for entry in entries { try read(entry, into: &recoveries) }
            place = end
        }
        for recovery in recoveries.values {
            guard let before = recovery.before, let after = recovery.after else { continue }
            try update(after, from: before, through: recovery.through)
        }
    }

    private func read(
        _ entry: LogEntry,
        into recoveries: inout [UInt64: Recovery]
    ) throws(StoreError) {
        guard let event = Event(encoded: entry.event) else {
            throw .corrupted("the entry \(entry.offset) of the log cannot be read")
        }
        guard let number = event.request?.number else { return }
        var recovery =
            if let known = recoveries[number] { known } else { try recovery(of: number) }
        defer { recoveries[number] = recovery }
        guard entry.offset > recovery.through else { return }
        if !recovery.isRead {
            recovery.isRead = true
            recovery.before = try readable(number)
        }
        guard let request = recovery.after ?? recovery.before else { return }
        var situation = Situation(request: request)
        situation.apply(event)
        recovery.after = situation.request
        recovery.through = entry.offset
    }

    private func recovery(of number: UInt64) throws(StoreError) -> Recovery {
        let through = try row(Statements.requestThrough, [.number(number)]) { $0.unsigned(0) }
        return Recovery(through: through ?? .max)
    }

    /// A request that entries change; `nil` where its row cannot be read, so that it is left as it
    /// is for everybody who needs it to learn of that.
    private func readable(_ number: UInt64) throws(StoreError) -> SupportRequest? {
        do throws(StoreError) {
            return try request(number: number)
        } catch {
            guard case .damaged = error else { throw error }
            return nil
        }
    }

    private func index(after first: UInt64, through last: UInt64) throws(StoreError) {
        for entry in try entries(after: first, limit: Int(clamping: last - first)) {
            guard let text = entry.searchableText else { continue }
            let words = SearchWords.folded(text)
            try execute(Statements.addToIndex, [.number(entry.offset), .text(words)])
        }
    }

    func removeFromIndex(_ offset: UInt64, text: String) throws(StoreError) {
        // To take out what was never put in would spoil the index.
        guard offset <= (try followed(.search)) else { return }
        let words = SearchWords.folded(text)
        try execute(Statements.removeFromIndex, [.number(offset), .text(words)])
    }
}

extension SQLiteReading {
    func followed(_ follower: Follower) throws(StoreError) -> UInt64 {
        try row(Statements.followed, [.text(follower.rawValue)]) { $0.unsigned(0) } ?? 0
    }
}
