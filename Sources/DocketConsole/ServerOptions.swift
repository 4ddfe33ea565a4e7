public import ArgumentParser
public import DocketClient
public import DocketCommandLine

/// Where the server is.
public struct ServerOptions: ParsableArguments {
    /// The profile, which may know it.
    @OptionGroup public var profile: ProfileOptions

    /// A credentials file, if the command line names one.
    @Option(help: "A credentials file with the server's address and certificate authority.")
    public var credentials: String?

    /// The server's address, if the command line has one.
    @Option(help: "The server, as HOST:PORT. Default: the profile's.")
    public var server: String?

    /// A file with certificates, if the command line names one.
    @Option(help: "A file with the certificates (PEM) of the authority that you trust.")
    public var authority: String?

    /// Options that name nothing.
    public init() {}

    /// The server that the command line names; nil where it names none.
    public func named() throws(CommandFailure) -> Server? {
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
