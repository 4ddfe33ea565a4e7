internal import ArgumentParser
internal import DocketCommandLine

/// Where mails come in, and where answers go out.
struct MailOptions: ParsableArguments {
    @Option(help: "The Maildir that the mail server delivers into.")
    var maildir: String

    @Option(help: "The desk's own address: the one that customers write to.")
    var address: String

    @Option(help: "The desk's name, as customers see it.")
    var name = ""

    @Option(help: "The mail server that takes the answers, as HOST:PORT.")
    var smtp = "localhost:25"

    @Option(help: "Its protection: starttls, tls, or plain for a server of this machine.")
    var smtpSecurity: SMTPServer.Security?

    @Option(help: "A file with the certificates (PEM) that you trust for it.")
    var smtpAuthority: String?

    @Option(help: "The user to sign in with there.")
    var smtpUser: String?

    @Option(help: "The file with that user's password in its first line.")
    var smtpPasswordFile: String?

    @Option(help: "Seconds that the mail server may take for a reply.")
    var smtpTimeout = 300

    @Option(help: "Seconds between two looks for mails.")
    var every = 5

    @Option(help: "Seconds to wait after the first failed attempt; twice as long each time.")
    var retryAfter = 30

    func validate() throws {
        for (option, value, limit) in [
            ("--every", every, 3_600), ("--retry-after", retryAfter, 3_600),
            ("--smtp-timeout", smtpTimeout, 3_600),
        ] where !(1...limit).contains(value) {
            throw ValidationError("\(option) takes 1 to \(limit)")
        }
        guard (smtpUser == nil) == (smtpPasswordFile == nil) else {
            throw ValidationError("--smtp-user and --smtp-password-file go together")
        }
    }

    /// What the options say.
    func settings() throws(CommandFailure) -> Bridge.Settings {
        guard let own = Mailbox(reading: name, address) else {
            throw CommandFailure(
                "'\(address)' is no mail address",
                advice: "Write it as in --address support@example.org",
                status: .usage
            )
        }
        var settings = Bridge.Settings(
            own: own,
            maildir: try Maildir(maildir),
            server: try server(),
            pause: .seconds(every)
        )
        settings.patience.firstWait = .seconds(retryAfter)
        return settings
    }

    private func server() throws(CommandFailure) -> SMTPServer {
        guard let place = MailServerPlace(smtp) else {
            throw CommandFailure("--smtp takes HOST:PORT, not '\(smtp)'", status: .usage)
        }
        let security = smtpSecurity ?? (place.isOfThisMachine ? .plain : .starttls)
        guard security != .plain || place.isOfThisMachine else {
            throw CommandFailure(
                "\(place.text) is another machine: mails to it must be protected",
                advice: "Add --smtp-security starttls, or tls",
                status: .usage
            )
        }
        if let smtpAuthority { _ = try LocalFile.certificates(of: smtpAuthority) }
        var server = SMTPServer(place: place.text, security: security, authorities: smtpAuthority)
        server.limits.reply = .seconds(smtpTimeout)
        if let smtpUser, let smtpPasswordFile {
            server.login = SMTPServer.Login(
                user: smtpUser,
                password: try Self.password(in: smtpPasswordFile)
            )
        }
        return server
    }

    private static func password(in path: String) throws(CommandFailure) -> String {
        let text = try LocalFile.text(of: path, atMost: LocalFile.longestPassword)
        let line = text.prefix { !$0.isNewline }
        guard !line.isEmpty else {
            throw CommandFailure("\(path) has no password on its first line", status: .localFile)
        }
        return String(line)
    }
}

extension SMTPServer.Security: ExpressibleByArgument {}
