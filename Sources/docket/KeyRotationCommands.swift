internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal

/// Gives an integration or a partner a further key.
struct KeyRotateCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Give an integration or a partner a further key, to replace the old one.",
        discussion: """
            The new key is printed only this once. Old keys work until you revoke them,
            or for the seconds of --grace.

              docket key rotate ID --credentials FILE
              docket key rotate ID --grace 86400 --credentials FILE
            """
    )
    static let usualAccount = DeskOptions.Account.administrator

    @OptionGroup var signIn: SignInOptions

    @Argument(help: "The id of the integration or partner.")
    var id: PartyArgument

    @Option(help: "How many seconds old keys and their sessions last; 0 ends them now.")
    var grace: UInt32?

    @Flag(help: "Print a JSON object.")
    var json = false

    func act(with client: DocketClient) async throws -> ExitStatus {
        let key = try await client.administration.rotateKey(
            of: id.value,
            grace: grace.map { .seconds($0) }
        )
        try key.tell(asJSON: json)
        return .done
    }
}

/// Lists keys.
struct KeyListCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the keys of integrations and partners, without their secrets."
    )
    static let usualAccount = DeskOptions.Account.administrator

    @OptionGroup var signIn: SignInOptions

    @Flag(help: "Print one JSON object per line.")
    var json = false

    func act(with client: DocketClient) async throws -> ExitStatus {
        let found = try await Listing { (limit, page) async throws(DocketClientError) in
            try await client.administration.keys(limit: limit, page: page)
        }
        let keys = found.items.map(KeyLine.init).sorted {
            ($0.name, $0.created) < ($1.name, $1.created)
        }
        let output = OutputWriter.standard
        guard !json else {
            for key in keys { try output.write(JSONLine.text(of: key) + "\n") }
            return .done
        }
        try RequestOutput.show(Self.table(of: keys))
        return .done
    }

    /// A table of keys, without their secrets.
    static func table(of keys: [KeyLine]) -> TextTable {
        var table = TextTable(columns: [
            .init("NAME"), .init("KIND", importance: .useful),
            .init("KEY ID", isWhole: true, importance: .key),
            .init("CREATED", isWhole: true, importance: .detail),
            .init("LAST USED", isWhole: true, importance: .detail),
            .init("STATE", isWhole: true, importance: .useful),
            .init("OWNER ID", isWhole: true),
        ])
        for key in keys { table.append(key.cells.map { "\($0)" }) }
        return table
    }
}

/// Ends keys.
struct KeyRevokeCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "End one key, or every key of an integration or a partner.",
        discussion: """
            The id of a key ends that key and the sessions it opened. The id of an
            integration or a partner ends all its keys and sessions.
            """
    )
    static let usualAccount = DeskOptions.Account.administrator

    @OptionGroup var signIn: SignInOptions

    @Argument(help: "The id of a key, an integration or a partner: docket key list")
    var id: String

    @Flag(help: "Print a JSON object.")
    var json = false

    func act(with client: DocketClient) async throws -> ExitStatus {
        let owner = PartyID(id)
        do throws(DocketClientError) {
            if let owner {
                try await client.administration.revokeKeys(of: owner)
            } else {
                try await client.administration.revokeKey(id)
            }
        } catch {
            guard error.refusal?.reason == "not_found" else { throw CommandFailure(error) }
            throw CommandFailure(
                "There is no key, integration or partner with the id '\(id)'",
                advice: "See which there are: docket key list",
                status: .notFound,
                reason: "not_found"
            )
        }
        let output = OutputWriter.standard
        guard !json else {
            let line = owner.map { JSONLine(revokedKeyOf: $0) } ?? JSONLine(revokedKey: id)
            try output.write(line.text() + "\n")
            return .done
        }
        try output.writeLine(owner == nil ? "the key is revoked" : "all its keys are revoked")
        return .done
    }
}
