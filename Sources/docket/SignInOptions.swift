internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole

/// Where the desk is, and who works: what every command needs that speaks with a server.
struct SignInOptions: ParsableArguments {
    @OptionGroup var desk: DeskOptions

    /// Connects and signs in.
    ///
    /// - Parameter usual: The account of a credentials file if the options name none.
    /// - Returns: The client, which the caller closes.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    func connect(as usual: DeskOptions.Account) async throws(CommandFailure) -> DocketClient {
        try await desk.connect(as: usual)
    }
}

/// Where the desk is, and who works, for a command that may do without.
struct DeskOptions: ParsableArguments {
    /// Which account of a credentials file.
    enum Account: String, ExpressibleByArgument, CaseIterable {
        case agent
        case administrator
    }

    @Option(help: "A credentials file: the server's address, its certificate and accounts.")
    var credentials: String?

    @Option(
        name: .customLong("as"),
        help: "Which account of the credentials file to use."
    )
    var account: Account?

    @Option(help: "The server's address, as HOST:PORT.")
    var server: String?

    @Option(help: "A file with the certificates (PEM) of the authority that you trust.")
    var authority: String?

    @Option(help: "Your login, if it is not in the credentials file.")
    var login: String?

    @Option(
        help: """
            The file with your password in its first line; '-' reads standard input. Without it \
            you are asked at the terminal.
            """
    )
    var passwordFile: String?

    @OptionGroup var profile: ProfileOptions

    /// The program whose profiles are used.
    static let application = "docket"

    /// Whether a server or a profile is named.
    var isGiven: Bool { credentials != nil || server != nil || profile.profile != nil }

    func validate() throws {
        guard login != nil || passwordFile == nil else {
            throw ValidationError("--password-file goes with --login NAME")
        }
    }

    /// Connects and signs in.
    ///
    /// - Parameter usual: The account of a credentials file if the options name none.
    /// - Returns: The client, which the caller closes.
    /// - Throws: `DocketClientError` if there is no answer in time, or it is a refusal.
    func connect(as usual: Account) async throws(CommandFailure) -> DocketClient {
        try await connect(with: try await credential(usual: usual))
    }

    /// Connects and signs in with a credential of these options.
    func connect(with credential: Credential) async throws(CommandFailure) -> DocketClient {
        var server = try namedServer()
        if server == nil { server = try profile.account(of: Self.application)?.server }
        guard let server else { throw .nobodySignedIn }
        return try await connect(to: server, with: credential)
    }

    /// Connects and signs in to a server.
    func connect(
        to server: Server,
        with credential: Credential
    ) async throws(CommandFailure) -> DocketClient {
        do throws(DocketClientError) {
            return try await DocketClient.connect(to: server, as: credential)
        } catch {
            throw failure(error, with: credential)
        }
    }

    /// Why signing in has failed; of a login it is not told which half is wrong.
    func failure(_ error: DocketClientError, with credential: Credential) -> CommandFailure {
        if case .session = credential, error.code == .needsLogin {
            return CommandFailure(
                "The session has ended.",
                advice: "Sign in again: docket login --login NAME",
                status: .notSignedIn
            )
        }
        guard case .login = credential, error.refusal?.reason == "credentials_invalid" else {
            return CommandFailure(error)
        }
        let file = login == nil ? credentials : nil
        return CommandFailure(
            "Wrong login or password.",
            advice: file.map {
                "If the password was changed, the one in \($0) is no longer valid. "
                    + "Add: --login NAME --password-file FILE"
            } ?? "",
            status: .notSignedIn,
            reason: "credentials_invalid"
        )
    }

    private static func read(_ path: String) throws(CommandFailure) -> SavedCredentials {
        do throws(DocketClientError) {
            return try SavedCredentials(contentsOf: path)
        } catch {
            throw CommandFailure(
                LocalFile.credentialsFault(error.message, path: path),
                advice: "To make one: docketd serve --dev",
                status: .localFile
            )
        }
    }

    /// The server that the options name; nil where they name none.
    func namedServer() throws(CommandFailure) -> Server? {
        var server = try credentials.map(Self.read)?.server
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

    /// What the options or the profile say to sign in with.
    ///
    /// Where they name no account of a credentials file it is the usual one.
    func credential(usual: Account) async throws(CommandFailure) -> Credential {
        if let login {
            guard let passwordFile else {
                return .login(login, password: try PasswordPrompt.read(for: login))
            }
            return .login(login, password: try await PasswordFile.read(passwordFile))
        }
        guard let credentials else { return try keptSession() }
        let saved = try Self.read(credentials)
        let account = account ?? usual
        let credential = account == .agent ? saved.agent : saved.administrator
        guard let credential else {
            throw CommandFailure(
                "the credentials file has no \(account.rawValue)",
                advice: "Say who you are with --login NAME --password-file FILE",
                status: .usage
            )
        }
        return credential
    }

    /// The session that the profile keeps, which is for its own server alone.
    private func keptSession() throws(CommandFailure) -> Credential {
        guard let account = try profile.account(of: Self.application),
            let session = account.session
        else { throw .nobodySignedIn }
        if let named = try namedServer(), "\(named)" != "\(account.server)" {
            throw CommandFailure(
                "the profile \(profile.name) is signed in at \(account.server), not at \(named)",
                advice: "Say who you are there: --login NAME, or use another: --profile NAME",
                status: .usage
            )
        }
        return .session(session)
    }
}

extension CommandFailure {
    /// Describes a command that nobody has signed in for.
    static var nobodySignedIn: CommandFailure {
        CommandFailure(
            "Nobody is signed in.",
            advice: "Sign in: docket login --server HOST:PORT --login NAME",
            status: .notSignedIn
        )
    }
}
