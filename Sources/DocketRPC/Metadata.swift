/// One entry of a call's metadata or of its trailers.
package struct Metadatum: Equatable, Sendable {
    /// Lower-case ASCII letters, digits, '-', '_' and '.'; 1 to 64 bytes.
    package var key: String
    /// Any bytes; at most 4,096.
    package var value: [UInt8]

    /// Makes an entry of its parts.
    package init(key: String, value: [UInt8]) {
        self.key = key
        self.value = value
    }
}

/// What goes with a call beside its messages, in order; at most 32 entries.
package typealias Metadata = [Metadatum]

extension [Metadatum] {
    /// The value of the first entry with this key.
    package subscript(key: String) -> [UInt8]? {
        first { $0.key == key }?.value
    }
}
