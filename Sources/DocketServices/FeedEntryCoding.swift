internal import DocketDesk
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

/// Writes `docket.v1.FeedEntry` without building one.
///
/// The bytes of an event are the same for everybody and only `prev` and `offset` are a
/// subscription's own, so an entry is those two numbers around bytes that exist already: one
/// allocation for each delivery. A test holds this against the generated encoder.
enum FeedEntryCoding {
    /// Protobuf's keys: field number and wire type.
    private enum Key {
        static let prev: UInt8 = 1 << 3 | 0
        static let offset: UInt8 = 2 << 3 | 0
        static let event: UInt8 = 3 << 3 | 2
    }

    /// Three keys and three lengths of at most ten bytes.
    private static let overhead = 33

    /// Writes an entry of at most so many bytes, which are at least 1,024.
    ///
    /// An event that is longer goes without its fact, so that a feed gets past it: whoever takes
    /// short messages only still learns that something happened, and to what.
    static func encode(
        _ entry: FeedEntry,
        epoch: Data,
        atMost longest: Int
    ) throws(RPCError) -> [UInt8] {
        switch entry.content {
        case .event(let bytes) where bytes.count > longest - overhead:
            event(entry, try withoutFact(bytes))
        case .event(let bytes): event(entry, bytes)
        case .started: try mark(entry, .feedStarted, epoch: epoch)
        case .caughtUp: try mark(entry, .feedCaughtUp, epoch: epoch)
        case .heartbeat: try mark(entry, .feedHeartbeat, epoch: epoch)
        }
    }

    static func ephemeral(_ event: Data) throws(RPCError) -> [UInt8] {
        var entry = Docket_V1_FeedEntry()
        entry.ephemeral = event
        return try encoded(entry)
    }

    private static func mark(
        _ entry: FeedEntry,
        _ marker: Docket_V1_FeedMarker,
        epoch: Data
    ) throws(RPCError) -> [UInt8] {
        var message = Docket_V1_FeedEntry()
        message.prev = entry.previous
        message.offset = entry.offset
        message.marker = marker
        message.epoch = epoch
        return try encoded(message)
    }

    private static func withoutFact(_ bytes: Data) throws(RPCError) -> Data {
        do {
            var event = try Docket_V1_Event(serializedBytes: bytes)
            event.fact = nil
            return try event.serializedBytes()
        } catch {
            throw RPCError(.serverError, "an event cannot be decoded: \(error)")
        }
    }

    private static func event(_ entry: FeedEntry, _ event: Data) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(event.count + overhead)
        append(entry.previous, key: Key.prev, to: &bytes)
        append(entry.offset, key: Key.offset, to: &bytes)
        guard !event.isEmpty else { return bytes }
        bytes.append(Key.event)
        appendVariableLength(UInt64(event.count), to: &bytes)
        bytes.append(contentsOf: event)
        return bytes
    }

    /// Protobuf leaves out what is zero.
    private static func append(_ number: UInt64, key: UInt8, to bytes: inout [UInt8]) {
        guard number > 0 else { return }
        bytes.append(key)
        appendVariableLength(number, to: &bytes)
    }

    private static func appendVariableLength(_ number: UInt64, to bytes: inout [UInt8]) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest & 0x7f) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }
}
