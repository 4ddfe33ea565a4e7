/// Commits that wait for a transaction, in their order.
struct CommitQueue {
    /// What became of a commit.
    typealias Outcome = Result<Void, LocalStoreError>

    /// How many changes a transaction carries out at most, unless one commit alone has more.
    static let groupChanges = 512
    /// How many bytes of calls a transaction carries out at most, unless one commit alone has more:
    /// what the write-ahead log takes at one go, and how long the first of a group waits for it.
    static let groupBytes = 4 << 20

    /// A commit, and whom to tell what became of it.
    struct Entry: Sendable {
        let changes: [LocalChange]
        let decide: @Sendable (Outcome) -> Void

        init(_ changes: [LocalChange], decide: @escaping @Sendable (Outcome) -> Void) {
            self.changes = changes
            self.decide = decide
        }

        fileprivate var bytes: Int { changes.reduce(0) { $0 + $1.bytes } }
    }

    private var entries: [Entry] = []

    /// Puts a commit behind all others.
    mutating func append(_ entry: Entry) {
        entries.append(entry)
    }

    /// Takes the commits of the next transaction, which is all that wait as long as they keep
    /// within the bounds; none where none wait.
    mutating func next() -> [Entry] {
        var (changes, bytes) = (0, 0)
        let group = entries.prefix { entry in
            changes += entry.changes.count
            bytes += entry.bytes
            return changes <= Self.groupChanges && bytes <= Self.groupBytes
        }
        let size = max(group.count, min(entries.count, 1))
        defer { entries.removeFirst(size) }
        return Array(entries.prefix(size))
    }
}

extension LocalChange {
    /// How many bytes of calls it writes.
    fileprivate var bytes: Int {
        switch self {
        case .queue(_, let call): call.count
        case .renew(_, let call): call?.count ?? 0
        case .relay(.incoming(let incoming)): incoming.size
        case .relay(.outgoing(let outgoing)): outgoing.size
        case .mark, .forgetMark, .queueFile, .renewFile, .maySend, .stop, .remove, .replica,
            .relay, .owner:
            0
        }
    }
}
