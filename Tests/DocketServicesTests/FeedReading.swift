import DocketMessages
import DocketRPC
import Foundation
import SwiftProtobuf

/// A feed as a client reads it, which checks the chain with every entry.
final class FeedReading {
    /// The feed did not keep its promise.
    struct BrokenChain: Error {
        let entry: Docket_V1_FeedEntry
        let cursor: Docket_V1_Cursor
    }

    /// One event of a feed.
    struct Told: Equatable {
        let offset: UInt64
        let event: Docket_V1_Event
    }

    /// Where the feed stands.
    private(set) var cursor = Docket_V1_Cursor()
    private let stream: MessageStream<Docket_V1_FeedEntry>

    init(_ stream: MessageStream<Docket_V1_FeedEntry>) {
        self.stream = stream
    }

    deinit { stream.abandon() }

    /// The next entry, applied.
    func next() async throws -> Docket_V1_FeedEntry {
        guard let entry = try await stream.next() else { throw CancellationError() }
        if !entry.ephemeral.isEmpty { return entry }
        if entry.marker == .feedStarted {
            cursor.epoch = entry.epoch
            cursor.offset = entry.prev
        }
        let kinds = [!entry.event.isEmpty, entry.marker != .none].count { $0 }
        guard entry.prev == cursor.offset, entry.offset >= entry.prev, kinds == 1 else {
            throw BrokenChain(entry: entry, cursor: cursor)
        }
        cursor.offset = entry.offset
        return entry
    }

    /// The events up to and with the one at an offset.
    func events(through offset: UInt64) async throws -> [Told] {
        var told: [Told] = []
        while cursor.offset < offset {
            let entry = try await next()
            guard !entry.event.isEmpty else { continue }
            told.append(
                Told(offset: entry.offset, event: try Docket_V1_Event(serializedBytes: entry.event))
            )
        }
        return told
    }

    /// The events up to the marker that everything has been sent.
    func eventsUntilCaughtUp() async throws -> [Told] {
        var told: [Told] = []
        while true {
            let entry = try await next()
            if entry.marker == .feedCaughtUp { return told }
            guard !entry.event.isEmpty else { continue }
            told.append(
                Told(offset: entry.offset, event: try Docket_V1_Event(serializedBytes: entry.event))
            )
        }
    }

    /// Gives the feed up.
    func abandon() { stream.abandon() }
}
