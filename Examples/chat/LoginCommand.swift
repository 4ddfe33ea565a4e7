internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal

/// Keeps where the server is and who the person is.
struct LoginCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Keep the server and who you are, so that the other commands need neither.",
        discussion: """
            The profile keeps the server's address, whom to trust, and a secret by which
            the company knows you again, for its owner alone. The first time makes you a
            guest with the name that you give.

              docket-chat login --server desk.example:7443 --name Ana
              docket-chat login --credentials dev-credentials.json --profile demo
            """
    )
    /// How long to try to reach the server.
    private static let patience = Duration.seconds(30)

    @OptionGroup var connection: ConnectionOptions

    @Option(help: "A file in which an earlier version has kept who you are, to go on as the same.")
    var identity: String?

    func act() async throws -> ExitStatus {
        let earlier = identity.map(EarlierIdentity.init(path:))
        let guest = try (earlier?.guest()).map(Credential.guest)
        return try await Customer.with(connection, as: guest) { customer in
            // The conversation comes first: with it everything works offline.
            _ = try await customer.openConversation(within: Self.patience)
            let name = customer.client.identity?.party.name ?? ""
            try OutputWriter.standard.writeLine("signed in as \(name) at \("\(customer.server)")")
            if let earlier {
                try OutputWriter(descriptor: 2).writeLine("\(earlier.path) is not needed any more")
            }
            return .done
        }
    }
}

/// Forgets who the person is.
struct LogoutCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "logout",
        abstract: "Forget the server, who you are, and what is kept of your conversations.",
        discussion: """
            Whoever comes next with the profile is somebody new. Messages that are not
            delivered yet are given up only with --discard-unsent.

              docket-chat logout
            """
    )

    @OptionGroup var profile: ProfileOptions

    @Flag(help: "Give up the messages that are not delivered yet.")
    var discardUnsent = false

    func act() async throws -> ExitStatus {
        do throws(ProfileError) {
            try Profile.erase(
                at: try Profile.folder(
                    named: profile.name,
                    application: ConnectionOptions.application
                ),
                discardingUnsent: discardUnsent
            )
        } catch .unsent(let count) {
            throw CommandFailure(
                "\(ProfileError.unsent(count))",
                advice: "See them: docket-chat outbox list"
                    + "\nTo give them up: docket-chat logout --discard-unsent",
                status: .refused
            )
        } catch {
            throw CommandFailure(error)
        }
        try OutputWriter.standard.writeLine("signed out")
        return .done
    }
}
