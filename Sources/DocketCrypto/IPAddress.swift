private import Glibc

/// An IPv4 or IPv6 address.
package struct IPAddress: Hashable, Sendable {
    /// The address in network order: 4 bytes or 16.
    package let bytes: [UInt8]

    /// Reads an address in its usual text form, without brackets or zone; nil for all else.
    package init?(_ text: String) {
        // A zero byte would end the text for the C function, and whatever follows would pass.
        guard !text.utf8.contains(0) else { return nil }
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if unsafe inet_pton(family, text, &bytes) == 1 {
                self.bytes = bytes
                return
            }
        }
        return nil
    }

    /// Takes the bytes of an address; nil unless there are 4 or 16.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }
}

extension IPAddress: CustomStringConvertible {
    /// The address in its canonical text form.
    package var description: String {
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        let characters = unsafe [CChar](unsafeUninitializedCapacity: Int(INET6_ADDRSTRLEN)) {
            buffer,
            initialized in
            let start = unsafe inet_ntop(
                family,
                bytes,
                buffer.baseAddress,
                socklen_t(INET6_ADDRSTRLEN)
            )
            initialized = unsafe start.map { unsafe strlen($0) } ?? 0
        }
        return String(decoding: characters.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
