import DocketCalls
import DocketMessages
import DocketRPC
import Foundation
import SwiftProtobuf
import Synchronization

/// A feed as a client reads it, which checks the chain with every entry.
final class ReadFeed: Sendable {
    /// The feed has broken its promise.
    struct BrokenChain: Error {
        let entry: Docket_V1_FeedEntry
        let cursor: Docket_V1_Cursor
    }

    private let stream: MessageStream<Docket_V1_FeedEntry>
    private let place = Mutex(Docket_V1_Cursor())

    init(_ stream: MessageStream<Docket_V1_FeedEntry>) {
        self.stream = stream
    }

    deinit { stream.abandon() }

    /// Where the feed stands.
    var cursor: Docket_V1_Cursor { place.withLock { $0 } }

    /// The next entry, applied.
    func next() async throws -> Docket_V1_FeedEntry {
        guard let entry = try await stream.next() else { throw CancellationError() }
        guard entry.ephemeral.isEmpty else { return entry }
        let isApplied = place.withLock { cursor in
            if entry.marker == .feedStarted {
                cursor.epoch = entry.epoch
                cursor.offset = entry.prev
            }
            let isMarker = entry.marker != .none && entry.epoch == cursor.epoch
            guard entry.prev == cursor.offset, entry.offset >= entry.prev,
                isMarker != !entry.event.isEmpty
            else { return false }
            cursor.offset = entry.offset
            return true
        }
        guard isApplied else { throw BrokenChain(entry: entry, cursor: cursor) }
        return entry
    }

    /// The events from here to the marker that everything has been sent.
    func past() async throws -> [Docket_V1_HistoryEntry] {
        var events: [Docket_V1_HistoryEntry] = []
        while true {
            let entry = try await next()
            if entry.marker == .feedCaughtUp { return events }
            if let event = try Self.event(in: entry) { events.append(event) }
        }
    }

    /// The next event.
    func nextEvent() async throws -> Docket_V1_HistoryEntry {
        while true {
            if let event = try Self.event(in: try await next()) { return event }
        }
    }

    /// The next marker, while time passes as `pass` lets it.
    func heartbeat(
        passing pass: @escaping @Sendable () -> Void
    ) async throws
        -> Docket_V1_FeedEntry
    {
        // A feed notes when it has sent something after that has arrived: so time passes more than
        // once, until the beat has come.
        let time = Task {
            while !Task.isCancelled {
                pass()
                await Task.yield()
            }
        }
        defer { time.cancel() }
        return try await next()
    }

    private static func event(
        in entry: Docket_V1_FeedEntry
    ) throws -> Docket_V1_HistoryEntry? {
        guard !entry.event.isEmpty else { return nil }
        let event = try Docket_V1_Event(serializedBytes: entry.event)
        return .with {
            $0.offset = entry.offset
            $0.event = event
        }
    }
}
