internal import DocketCrypto

/// A place in a feed: everything up to here has been seen.
///
/// Opaque to applications: keep it as its text and give it back as a whole. It is good for the
/// principal whose feed it is from, and until the server says `resync_required`.
public struct Cursor: Hashable, Sendable {
    /// How many bytes an epoch has.
    static let epochLength = 8

    /// Changes when the desk is restored from a backup.
    let epoch: [UInt8]
    /// The offset of the last thing seen.
    var offset: UInt64
}

extension Cursor: LosslessStringConvertible {
    /// The cursor as text without spaces, for files and command lines.
    public var description: String { "\(epoch.hexadecimal)-\(offset)" }

    /// Takes a cursor from its text; nil if it is not one.
    public init?(_ description: String) {
        let parts = description.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let offset = UInt64(parts[1]),
            let epoch = [UInt8](hexadecimal: parts[0]), epoch.count == Self.epochLength
        else { return nil }
        self.init(epoch: epoch, offset: offset)
    }
}
