package import DocketDomain
package import Foundation

/// One entry of the log.
package struct LogEntry: Hashable, Sendable {
    /// The entry's place in the order of everything.
    package let offset: UInt64
    /// Who may see it.
    package let audience: Audience
    /// The encoded `docket.v1.Event`, as it is sent to the staff where a feed tells it.
    package let event: Data

    /// Describes an entry.
    package init(offset: UInt64, audience: Audience, event: Data) {
        self.offset = offset
        self.audience = audience
        self.event = event
    }
}

extension LogEntry {
    /// The entry as contacts may see it; `nil` where they see nothing of it, or this version cannot
    /// tell what they may see.
    package func seenByContact(under policy: Policy) -> LogEntry? {
        guard audience == .conversation, let event = Event(encoded: event),
            let view = ContactView(event, under: policy)
        else { return nil }
        return LogEntry(offset: offset, audience: audience, event: view.encoded)
    }
}

/// Tells one life of a desk's log from another; a new one begins when a backup is restored.
package struct Epoch: Hashable, Sendable {
    /// The epoch's 8 bytes as a number.
    package let value: UInt64

    /// Takes an epoch.
    package init(_ value: UInt64) { self.value = value }

    /// Takes an epoch from its 8 bytes; `nil` for any other length.
    package init?(bytes: Data) {
        guard bytes.count == 8 else { return nil }
        value = bytes.reduce(0) { ($0 << 8) | UInt64($1) }
    }

    /// The 8 bytes, as cursors carry them.
    package var bytes: Data {
        Data((0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(56 - 8 * $0)) })
    }
}

/// Where the log stands.
package struct LogPosition: Hashable, Sendable {
    /// The log's life.
    package let epoch: Epoch
    /// The offset below and at which entries may be gone; 0 while all are there.
    package let floor: UInt64
    /// The offset of the last entry; 0 in an empty log.
    package let head: UInt64

    /// Describes where the log stands.
    package init(epoch: Epoch, floor: UInt64, head: UInt64) {
        self.epoch = epoch
        self.floor = floor
        self.head = head
    }
}

/// Which part of a conversation to read.
package enum LogPlace: Hashable, Sendable {
    /// The oldest entries above this offset.
    case after(UInt64)
    /// The newest entries below this offset.
    case before(UInt64)
}
