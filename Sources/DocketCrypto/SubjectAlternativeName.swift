/// A name that a certificate vouches for (RFC 5280, section 4.2.1.6).
///
/// Docket identifies peers by these names alone, never by the common name of the subject.
package enum SubjectAlternativeName: Hashable, Sendable {
    /// A host name, perhaps with a wildcard as its first label.
    case dns(String)
    /// An IPv4 or IPv6 address.
    case address(IPAddress)
    /// A URI, by which a partner's client certificate names the partner.
    case uri(String)
}
