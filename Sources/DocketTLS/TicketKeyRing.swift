internal import COpenSSL
package import DocketCrypto
internal import Synchronization

/// The keys of session tickets: one that new tickets are made with, and the one before it.
///
/// Tickets under the older key are accepted and replaced by new ones, so a client that returns
/// within `period` resumes although the key has changed. Contexts, processes and machines that
/// share a ring's `export()` honour each other's tickets. Safe to use from any thread.
package final class TicketKeyRing: Sendable {
    /// How long a key makes new tickets, and how long a ticket lives.
    ///
    /// A key opens tickets for twice as long, which bounds what its theft would disclose.
    package static let period: Duration = .seconds(12 * 3600)

    /// Why the exported form of a ring was refused.
    package enum ImportError: Error, Equatable, Sendable {
        /// The bytes are not what `export()` of this version makes.
        case malformed
    }

    struct State: Equatable {
        var current: TicketKey
        var previous: TicketKey?
    }

    private let state: Mutex<State>

    /// Makes a ring with a first key.
    package init(at now: UnixTime, using generator: inout some RandomNumberGenerator) {
        state = Mutex(State(current: TicketKey(created: now, using: &generator)))
    }

    /// Makes a ring of what another one exported.
    package init(importing exported: Secret) throws(ImportError) {
        state = Mutex(try Self.state(importing: exported))
    }

    /// The keys, for the callback and for tests.
    var keys: State {
        state.withLock { $0 }
    }

    /// Makes a new key if the current one is older than `period`; to be called now and then.
    ///
    /// After more than two periods without a call the older key is not kept either: it would
    /// outlive its time.
    ///
    /// - Returns: whether there is a new key, which other holders of the ring should be told.
    @discardableResult
    package func rotateIfDue(
        at now: UnixTime,
        using generator: inout some RandomNumberGenerator
    ) -> Bool {
        let current = keys.current
        guard now >= current.created + Self.period else { return false }
        let successor = TicketKey(created: now, using: &generator)
        let isStale = now >= current.created + Self.period * 2
        return state.withLock { state in
            // Another thread may have been faster.
            guard state.current == current else { return false }
            state = State(current: successor, previous: isStale ? nil : current)
            return true
        }
    }
}

// MARK: - Sharing

extension TicketKeyRing {
    /// The first byte of the exported form.
    private static let formatVersion: UInt8 = 1

    /// The bytes of one key in the exported form: when it was made, then its secrets.
    private static let recordLength = 8 + TicketKey.length

    /// The ring as bytes, for a file that only the server may read.
    package func export() -> Secret {
        let keys = keys
        return Secret(
            [Self.formatVersion] + Self.record(of: keys.current)
                + (keys.previous.map(Self.record) ?? [])
        )
    }

    private static func state(importing exported: Secret) throws(ImportError) -> State {
        let bytes = exported.withBytes(Array.init(copying:))
        let count = bytes.count - 1
        guard bytes.first == formatVersion, count == recordLength || count == 2 * recordLength
        else { throw .malformed }
        return State(
            current: key(of: bytes[1..<(1 + recordLength)]),
            previous: count == recordLength ? nil : key(of: bytes[(1 + recordLength)...])
        )
    }

    private static func record(of key: TicketKey) -> [UInt8] {
        let created = UInt64(bitPattern: key.created.seconds)
        return (0..<8).map { UInt8(truncatingIfNeeded: created >> (56 - 8 * $0)) } + key.bytes
    }

    private static func key(of record: ArraySlice<UInt8>) -> TicketKey {
        let created = record.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return TicketKey(
            bytes: Array(record.dropFirst(8)),
            created: UnixTime(secondsSinceEpoch: Int64(bitPattern: created))
        )
    }
}
