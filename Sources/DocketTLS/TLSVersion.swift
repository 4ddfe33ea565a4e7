/// The versions of TLS that Docket speaks.
package enum TLSVersion: Int32, Comparable, Sendable, CaseIterable {
    /// TLS 1.2 (RFC 5246), with authenticated encryption and ephemeral keys only (RFC 9325).
    case tls12 = 0x0303
    /// TLS 1.3 (RFC 8446).
    case tls13 = 0x0304

    /// Orders versions from older to newer.
    package static func < (left: TLSVersion, right: TLSVersion) -> Bool {
        left.rawValue < right.rawValue
    }
}
