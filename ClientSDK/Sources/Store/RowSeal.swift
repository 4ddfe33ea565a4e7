internal import DocketCrypto

/// A digest over the columns of a row, in their order.
///
/// It finds what a bad disk does to a row. It is no signature: whoever can write the file can also
/// write a seal.
struct RowSeal {
    private var content: [UInt8]

    /// Begins the seal of a row of a table.
    init(_ table: String) {
        content = []
        add(Array(table.utf8))
    }

    /// Adds a number.
    mutating func add(_ number: Int64) {
        for shift in stride(from: 56, through: 0, by: -8) {
            content.append(UInt8(truncatingIfNeeded: number >> Int64(shift)))
        }
    }

    /// Adds bytes; none at all is not the same as an empty sequence.
    mutating func add(_ bytes: [UInt8]?) {
        add(Int64(bytes?.count ?? -1))
        content += bytes ?? []
    }

    /// The seal.
    var digest: [UInt8] { SHA256Digest(of: content).bytes }
}

extension SHA256Digest {
    /// The digest of some bytes.
    init(of bytes: [UInt8]) {
        self = unsafe SHA256.digest(of: bytes.span.bytes)
    }

    /// Takes a digest from its bytes; nil unless there are 32.
    init?(_ bytes: [UInt8]) {
        unsafe self.init(bytes: bytes.span.bytes)
    }
}
