package import DocketCrypto

/// Certificates for tests, all of one authority unless a test asks for others.
///
/// Their dates are fixed and far apart, so that no test depends on the day it runs on.
package struct TestCertificates: Sendable {
    /// From 2001 to 2121: valid whenever a test runs.
    package static let valid =
        UnixTime(secondsSinceEpoch: 978_307_200)...UnixTime(secondsSinceEpoch: 4_765_132_800)
    /// From 2001 to 2002: expired whenever a test runs.
    package static let expired =
        UnixTime(secondsSinceEpoch: 978_307_200)...UnixTime(secondsSinceEpoch: 1_009_843_200)
    /// From 2111 to 2121: not yet valid whenever a test runs.
    package static let future =
        UnixTime(secondsSinceEpoch: 4_449_600_000)...UnixTime(secondsSinceEpoch: 4_765_132_800)
    /// A moment in `expired` and in `valid`.
    package static let past = UnixTime(secondsSinceEpoch: 990_000_000)
    /// A moment in `valid` alone.
    package static let now = UnixTime(secondsSinceEpoch: 1_900_000_000)

    /// The authority that tests trust.
    package let authority: CertificateAuthority

    /// Makes an authority of its own for a test.
    package init(authorityName: String = "Docket Test Authority") throws {
        authority = try CertificateAuthority(name: authorityName, validity: Self.valid)
    }

    /// A server's certificate, for `desk.example` and the loopback addresses if nothing is said.
    package func server(
        names: [SubjectAlternativeName] = [.dns("desk.example")] + loopback,
        validity: CertificateAuthority.Validity = valid
    ) throws -> CertificateAuthority.Issued {
        try authority.issue(name: "desk", for: names, validity: validity, usage: .server)
    }

    /// A client's certificate, which names a partner by a URI.
    package func client(
        names: [SubjectAlternativeName] = [.uri("urn:docket:partner:acme")],
        validity: CertificateAuthority.Validity = valid
    ) throws -> CertificateAuthority.Issued {
        try authority.issue(name: "partner", for: names, validity: validity, usage: .client)
    }

    /// 127.0.0.1 and ::1.
    package static let loopback: [SubjectAlternativeName] =
        ["127.0.0.1", "::1"].compactMap { IPAddress($0).map(SubjectAlternativeName.address) }
}
