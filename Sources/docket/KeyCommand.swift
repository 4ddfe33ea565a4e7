internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal

/// Manages the keys of integrations and partners.
struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Create, rotate, list and revoke keys of integrations and partners.",
        discussion: """
              docket key create shop --channel chat --credentials FILE
              docket key list --credentials FILE
              docket key rotate ID --grace 86400 --credentials FILE
              docket key revoke ID --credentials FILE

            An integration or a partner has an id, and so has each of its keys; `docket
            key list` prints both.
            """,
        subcommands: [
            KeyCreateCommand.self, KeyRotateCommand.self, KeyListCommand.self,
            KeyRevokeCommand.self,
        ]
    )
}

/// Creates an integration or a partner with its first key.
struct KeyCreateCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create an integration or a partner. Its key is printed only this once."
    )
    static let usualAccount = DeskOptions.Account.administrator

    @OptionGroup var signIn: SignInOptions

    @Argument(help: "The name of the integration or partner.")
    var name: String

    @Option(help: "The channel that the integration serves. Without it: a partner.")
    var channel: String?

    @Flag(help: "Print a JSON object.")
    var json = false

    func act(with client: DocketClient) async throws -> ExitStatus {
        let administration = client.administration
        let key =
            if let channel {
                try await administration.createIntegration(name: name, channel: channel)
            } else {
                try await administration.createPartner(name: name)
            }
        try key.tell(asJSON: json)
        return .done
    }
}

extension NewKey {
    /// Tells the key this once, unless the server's one answer that had it was lost on the way.
    func tell(asJSON json: Bool, to output: OutputWriter = .standard) throws {
        let id = owner.id.map { "\($0)" } ?? ""
        guard let text else {
            throw CommandFailure(
                "the key was created, but the answer that contained it was lost",
                advice: "Create another: docket key rotate \(id)",
                status: .unconfirmed
            )
        }
        let keyID = keyID ?? id
        try CommandFailure.telling(
            "The key \(keyID) of \(owner.name) was created but",
            advice: "End it: docket key revoke \(keyID)",
            isSecret: true
        ) {
            if json {
                try output.write(JSONLine(key: text, of: owner).text() + "\n")
            } else {
                try output.writeLine("key of \(owner.name), \(id):")
                try output.writeLine("\(text)")
            }
        }
    }
}

/// The id of a party, as it is written on a command line.
struct PartyArgument: ExpressibleByArgument {
    let value: PartyID

    init?(argument: String) {
        guard let value = PartyID(argument) else { return nil }
        self.value = value
    }
}
