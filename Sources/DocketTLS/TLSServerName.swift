package import DocketCrypto

/// The name by which a client knows a server, and which the server's certificate must bear.
package enum TLSServerName: Hashable, Sendable {
    /// A host name; it is sent to the server in clear text (SNI, RFC 6066, section 3).
    case host(String)
    /// An address; SNI has no place for those.
    case address(IPAddress)

    /// The longest host name in bytes (RFC 1035, section 2.3.4).
    package static let longestHostName = 253

    /// Reads a host name (ASCII; a name of another script in its `xn--` form) or an address.
    ///
    /// Case and a final dot do not matter in host names, so they are normalized away.
    package init(_ text: String) throws(TLSConfigurationError) {
        if let address = IPAddress(text) {
            self = .address(address)
            return
        }
        let name = text.hasSuffix(".") ? String(text.dropLast()) : text
        guard Self.isHostName(name) else { throw .invalidServerName(text) }
        self = .host(name.lowercased())
    }

    private static func isHostName(_ name: String) -> Bool {
        guard name.utf8.count <= longestHostName else { return false }
        return name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.utf8.allSatisfy(isHostNameByte)
        }
    }

    private static func isHostNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default:
            false
        }
    }
}

extension TLSServerName: CustomStringConvertible {
    /// The name as it is written in an address bar, without brackets.
    package var description: String {
        switch self {
        case .host(let name): name
        case .address(let address): address.description
        }
    }
}
