/// The server that takes the bridge's mails.
struct SMTPServer: Hashable, Sendable {
    /// How the connection is protected.
    enum Security: String, Hashable, Sendable, CaseIterable {
        /// Not at all: for a server of this machine.
        case plain
        /// TLS from STARTTLS on, and nothing is said without it.
        case starttls
        /// TLS from the first byte.
        case tls
    }

    /// As whom the bridge signs in.
    struct Login: Hashable, Sendable {
        /// The user's name.
        var user: String
        /// The password.
        var password: String
    }

    /// How long the server may take.
    struct Limits: Hashable, Sendable {
        /// For the connection, with TLS.
        var connection = Duration.seconds(30)
        /// For one reply: what RFC 5321, section 4.5.3.2 asks clients to wait.
        var reply = Duration.seconds(300)
        /// For everything: a mail of the largest size over a poor line.
        var everything = Duration.seconds(1_800)
    }

    /// Where it is, as HOST:PORT.
    var place: String
    /// How the connection is protected.
    var security = Security.starttls
    /// A file with the certificates (PEM) that are trusted; nil for the system's.
    var authorities: String?
    /// As whom the bridge signs in; nil for a server that asks nobody.
    var login: Login?
    /// How long the server may take.
    var limits = Limits()
}
