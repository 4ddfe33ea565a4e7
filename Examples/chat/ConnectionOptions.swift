internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole

/// Where the server is, and who chats.
struct ConnectionOptions: ParsableArguments {
    /// The program whose profiles are used.
    static let application = "docket-chat"

    @OptionGroup var profile: ProfileOptions

    @Option(help: "A credentials file with the server's address and certificate authority.")
    var credentials: String?

    @Option(help: "The server, as HOST:PORT. Default: the profile's.")
    var server: String?

    @Option(help: "A file with the certificates (PEM) of the authority that you trust.")
    var authority: String?

    @Option(help: "Your name, as the company sees it. Used the first time only.")
    var name: String?

    @Option(help: "The channel, by key.")
    var channel = "chat"

    /// What the options and the profile say of the server.
    ///
    /// - Returns: The account, and whether the profile has it yet.
    /// - Throws: `CommandFailure` where no server is named, or another than the profile's.
    func account() throws(CommandFailure) -> (account: ProfileAccount, isKept: Bool) {
        let kept = try profile.account(of: Self.application)
        guard let named = try namedServer() else {
            guard let kept else {
                throw CommandFailure(
                    "no server is named",
                    advice: "Name it once: docket-chat login --server HOST:PORT",
                    status: .usage
                )
            }
            return (kept, true)
        }
        guard var kept else { return (ProfileAccount(server: named), false) }
        guard "\(kept.server)" == "\(named)" else {
            throw CommandFailure(
                "the profile \(profile.name) belongs to \(kept.server), not to \(named)",
                advice: "Use another: --profile NAME, or give it up: docket-chat logout",
                status: .usage
            )
        }
        // Whom to trust may have changed, as a desk for development makes a new certificate.
        let isSame = kept.server == named
        kept.server = named
        return (kept, isSame)
    }

    /// The profile's folder.
    func folder() throws(CommandFailure) -> String {
        try profile.folder(of: Self.application)
    }

    /// The server that the options name; nil where they name none.
    private func namedServer() throws(CommandFailure) -> Server? {
        var server = try credentials.map(Self.server(in:))
        if let address = self.server {
            guard let named = Server(address: address, trust: server?.trust ?? .system) else {
                throw CommandFailure("'\(address)' is not HOST:PORT", status: .usage)
            }
            server = named
        }
        if let authority {
            server?.trust = .authorities(pem: try LocalFile.certificates(of: authority))
        }
        return server
    }

    private static func server(in credentials: String) throws(CommandFailure) -> Server {
        do throws(DocketClientError) {
            return try SavedCredentials(contentsOf: credentials).server
        } catch {
            let words = LocalFile.credentialsFault(error.message, path: credentials)
            throw CommandFailure(words, status: .localFile)
        }
    }
}
