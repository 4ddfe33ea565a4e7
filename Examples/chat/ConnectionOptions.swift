internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole

/// Where the server is, and who chats.
struct ConnectionOptions: ParsableArguments {
    @Option(help: "A credentials file with the server's address and certificate authority.")
    var credentials: String?

    @Option(help: "The server, as HOST:PORT.")
    var server: String?

    @Option(help: "A file with the certificates (PEM) of the authority that you trust.")
    var authority: String?

    @Option(help: "Your name, as the company sees it. Used the first time only.")
    var name: String?

    @Option(help: "The file that remembers who you are. Created if it does not exist.")
    var identity: String?

    @Option(help: "The channel, by key.")
    var channel = "chat"

    func validate() throws {
        guard credentials != nil || server != nil else {
            throw ValidationError("Name the server: --server HOST:PORT or --credentials FILE")
        }
    }

    /// The server that the options name.
    func namedServer() throws(CommandFailure) -> Server {
        var server = try credentials.map(Self.server(in:))
        if let address = self.server {
            guard let named = Server(address: address, trust: server?.trust ?? .system) else {
                throw CommandFailure("'\(address)' is not HOST:PORT", status: .usage)
            }
            server = named
        }
        guard var server else {
            throw CommandFailure("no server is named", status: .usage)
        }
        if let authority {
            server.trust = .authorities(pem: try LocalFile.certificates(of: authority))
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

    /// The file that keeps who the person is for this server.
    func identityFile(for server: Server) -> IdentityFile {
        IdentityFile(path: identity ?? IdentityFile.defaultPath(for: server))
    }
}
