/// A number of bytes, as people say it.
struct ByteCount {
    private let bytes: UInt64

    /// So many bytes.
    init(_ bytes: UInt64) {
        self.bytes = bytes
    }

    /// The number in the unit in which it has few digits.
    var words: String {
        switch bytes {
        case 1: "1 byte"
        case ..<1_024: "\(bytes) bytes"
        case ..<(1 << 20): "\(tenths(of: 1_024)) KiB"
        default: "\(tenths(of: 1 << 20)) MiB"
        }
    }

    /// How often a unit goes into the bytes, with one digit behind the point.
    private func tenths(of unit: UInt64) -> String {
        let fraction = (bytes % unit) * 10 / unit
        return "\(bytes / unit).\(fraction)"
    }
}
