/// Whom bounds by address count as one: an address of IPv4, or a network of IPv6.
///
/// Whoever has one address of IPv6 commonly has all that share its first 64 bits (RFC 4291, section
/// 2.5.4, and RFC 6177), and would otherwise have as many budgets as there are.
package struct RemoteNetwork: Hashable, Sendable {
    /// The address or network as a key: that of this machine itself stays as it is.
    package let name: String

    /// The network of an address; a text that is not an address stands for itself.
    package init(address text: String) {
        guard let address = IPAddress(text), address.bytes.count == 16 else {
            name = text
            return
        }
        let bytes = address.bytes
        if let mapped = Self.mapped(bytes) {
            name = mapped.description
        } else if bytes == Self.loopback {
            name = text
        } else {
            let network = IPAddress(bytes: bytes.prefix(8) + [UInt8](repeating: 0, count: 8))
            name = network.map { "\($0)/64" } ?? text
        }
    }

    /// The address of IPv4 that an address of IPv6 stands for (RFC 4291, section 2.5.5.2).
    private static func mapped(_ bytes: [UInt8]) -> IPAddress? {
        let prefix = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
        return bytes.starts(with: prefix) ? IPAddress(bytes: Array(bytes.dropFirst(12))) : nil
    }

    private static let loopback = [UInt8](repeating: 0, count: 15) + [1]
}
