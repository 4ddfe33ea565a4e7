/// Names a session to everybody but its holder.
///
/// It is the first half of the SHA-256 of the session's token: nobody gets in with it, and nobody
/// finds a token that has it. So it may stand in the log, where neither a secret nor the digest of
/// one ever does.
package struct SessionID: Hashable, Sendable {
    /// The first eight bytes, big-endian.
    package let high: UInt64
    /// The last eight bytes, big-endian.
    package let low: UInt64

    /// How many bytes an id has in the log.
    package static let byteCount = 16

    /// Takes the two halves of an id.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Takes the id from its 16 bytes; `nil` for any other length.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        high = bytes.prefix(Self.byteCount / 2).reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes.suffix(Self.byteCount / 2).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The id's 16 bytes.
    package var bytes: [UInt8] {
        [high, low].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) }
        }
    }
}

/// The end of a session before its time.
package struct SessionEnd: Hashable, Sendable {
    /// Which session.
    package let session: SessionID
    /// When it ends, where it would go on longer; `nil` for at once.
    package let moment: Timestamp?

    /// Describes the end of a session.
    package init(_ session: SessionID, at moment: Timestamp? = nil) {
        self.session = session
        self.moment = moment
    }
}
