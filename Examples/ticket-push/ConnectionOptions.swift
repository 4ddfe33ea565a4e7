internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole

/// Where the server is, and whose key signs in.
struct ConnectionOptions: ParsableArguments {
    /// The program whose profiles are used.
    static let application = "docket-ticket-push"

    @OptionGroup var desk: ServerOptions

    @Option(help: "The file with a partner's key in its first line.")
    var keyFile: String?

    /// The server that the options name, or else the profile's.
    func server() throws(CommandFailure) -> Server {
        if let server = try desk.named() { return server }
        if let account = try desk.profile.account(of: Self.application) { return account.server }
        throw CommandFailure(
            "no server is named",
            advice: "Name it once: docket-ticket-push login --server HOST:PORT --key-file FILE",
            status: .usage
        )
    }

    /// Does something as the partner.
    ///
    /// - Parameter body: What to do.
    /// - Returns: What `body` returns.
    /// - Throws: `CommandFailure` where nobody or somebody else signs in, or what `body` throws.
    func withPartner<Value>(_ body: (DocketClient) async throws -> Value) async throws -> Value {
        guard let keyFile else {
            throw CommandFailure(
                "no key is named",
                advice: "Add --key-file FILE. An administrator makes a key: docket key create NAME",
                status: .usage
            )
        }
        let key = try KeyFile.key(in: keyFile)
        return try await DocketClient.withClient(to: try server(), as: .apiKey(key)) { client in
            guard client.identity?.party.kind == .partner else {
                throw CommandFailure(
                    "the key in \(keyFile) is an integration's, and tickets are a partner's",
                    advice: "An administrator makes a partner's: docket key create NAME",
                    status: .notSignedIn
                )
            }
            return try await body(client)
        }
    }
}
