internal import DocketDomain
internal import DocketStore
internal import Synchronization

/// The newest entries of the log, kept in memory once for all who read them.
///
/// Whoever is further behind than the tail reaches reads the store. The head that the tail knows
/// is that of the last commit.
final class Tail: Sendable {
    /// The entries of one commit.
    final class Chunk: Sendable {
        let entries: [PublishedEntry]
        let last: UInt64
        let bytes: Int

        init?(_ entries: [PublishedEntry]) {
            guard let last = entries.last else { return nil }
            self.entries = entries
            self.last = last.entry.offset
            bytes = entries.reduce(0) { $0 + $1.entry.event.count }
        }
    }

    /// What the tail holds above an offset.
    struct Reach: Sendable {
        /// The offset of the log's last entry.
        let head: UInt64
        /// The commits with entries above the offset; `nil` where the tail does not reach back so
        /// far.
        let chunks: ArraySlice<Chunk>?
    }

    private struct State {
        var chunks: [Chunk] = []
        var first = 0
        var entries = 0
        var bytes = 0
        /// The offset above which the tail holds everything.
        var base: UInt64
        var head: UInt64
    }

    private let state: Mutex<State>
    private let entryLimit: Int
    private let byteLimit: Int

    init(head: UInt64, entries: Int, bytes: Int) {
        state = Mutex(State(base: head, head: head))
        entryLimit = entries
        byteLimit = bytes
    }

    /// The offset of the log's last entry.
    var head: UInt64 { state.withLock { $0.head } }

    /// Adds what a commit has added to the log.
    func add(_ entries: [PublishedEntry]) {
        guard let chunk = Chunk(entries) else { return }
        state.withLock { state in
            state.chunks.append(chunk)
            state.entries += chunk.entries.count
            state.bytes += chunk.bytes
            state.head = chunk.last
            shorten(&state)
        }
    }

    /// Drops the oldest commits beyond the limits, but never the newest.
    ///
    /// The array is moved up only when half of it is gone, so that a commit pays for no more than
    /// one chunk on average.
    private func shorten(_ state: inout State) {
        while state.entries > entryLimit || state.bytes > byteLimit,
            state.first < state.chunks.count - 1
        {
            let oldest = state.chunks[state.first]
            state.base = oldest.last
            state.entries -= oldest.entries.count
            state.bytes -= oldest.bytes
            state.first += 1
        }
        guard state.first > state.chunks.count / 2 else { return }
        state.chunks.removeFirst(state.first)
        state.first = 0
    }

    /// What the tail holds above an offset.
    func reach(after offset: UInt64) -> Reach {
        state.withLock { state in
            guard offset >= state.base else { return Reach(head: state.head, chunks: nil) }
            var start = state.chunks.count
            while start > state.first, state.chunks[start - 1].last > offset { start -= 1 }
            return Reach(head: state.head, chunks: state.chunks[start...])
        }
    }
}
