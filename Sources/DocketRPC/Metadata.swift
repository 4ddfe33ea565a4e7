/// One entry of a call's metadata or of its trailers.
package struct Metadatum: Equatable, Sendable {
    /// The longest key, in bytes.
    package static let maximumKey = 64
    /// The longest value, in bytes.
    package static let maximumValue = 4_096

    /// Lower-case ASCII letters, digits, '-', '_' and '.'; 1 to 64 bytes.
    package var key: String
    /// Any bytes; at most 4,096.
    package var value: [UInt8]

    /// Makes an entry of its parts.
    package init(key: String, value: [UInt8]) {
        self.key = key
        self.value = value
    }

    /// Whether key and value keep to their limits.
    package var isAllowed: Bool {
        (1...Self.maximumKey).contains(key.utf8.count) && key.utf8.allSatisfy(Self.isAllowed)
            && value.count <= Self.maximumValue
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}

/// What goes with a call beside its messages, in order; at most 32 entries.
package typealias Metadata = [Metadatum]

extension [Metadatum] {
    /// The most entries.
    package static var maximumCount: Int { 32 }
    /// The most bytes of all keys and values together.
    ///
    /// With what else a Head or a Status holds they still fit the one frame in which it travels.
    package static var maximumBytes: Int { 7_680 }

    /// The value of the first entry with this key.
    package subscript(key: String) -> [UInt8]? {
        first { $0.key == key }?.value
    }

    /// Throws `invalid_metadata` unless it may go with a call.
    package func validate() throws(RPCError) {
        guard !isEmpty else { return }
        guard withinLimits.count == count else {
            throw RPCError(
                .invalidMetadata,
                "the metadata breaks its limits",
                isNotProcessed: true
            )
        }
    }

    /// The entries that may travel: those that are allowed, up to the limits of all together.
    var withinLimits: Metadata {
        var room = Self.maximumBytes
        var allowed: Metadata = []
        for entry in self where entry.isAllowed && allowed.count < Self.maximumCount {
            let size = entry.key.utf8.count + entry.value.count
            guard size <= room else { break }
            room -= size
            allowed.append(entry)
        }
        return allowed
    }
}
