internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import Logging

/// Where the server is, and who chats.
struct ConnectionOptions: ParsableArguments {
    /// The program whose profiles are used.
    static let application = "docket-chat"

    @OptionGroup var desk: ServerOptions

    @Option(help: "Your name, as the company sees it. Used the first time only.")
    var name: String?

    @Option(
        help: """
            The channel, by key. A wrong one is answered with those that there are; agents \
            list what each asks for with 'docket channels'.
            """
    )
    var channel = "chat"

    @Flag(help: "Tell on standard error what the connection and the outbox do.")
    var verbose = false

    /// What the client tells of itself; nil for nothing.
    var logger: Logger? {
        guard verbose else { return nil }
        var logger = Logger(label: Self.application) { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .debug
        return logger
    }

    /// What the options and the profile say of the server.
    ///
    /// - Returns: The account, and whether the profile has it yet.
    /// - Throws: `CommandFailure` where no server is named, or another than the profile's.
    func account() throws(CommandFailure) -> (account: ProfileAccount, isKept: Bool) {
        let kept = try desk.profile.account(of: Self.application)
        guard let named = try desk.named() else {
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
                "the profile \(desk.profile.name) belongs to \(kept.server), not to \(named)",
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
        try desk.profile.folder(of: Self.application)
    }
}
