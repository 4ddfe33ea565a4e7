internal import ArgumentParser
internal import DocketCalls
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketMessages
internal import DocketRPC
internal import DocketTerminal
internal import FoundationEssentials
internal import SwiftProtobuf

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
        let call = Docket_V1_RotateKeyCall.with {
            $0.header.commandID = Data(PartyID().bytes)
            $0.principalID = Data(id.value.bytes)
            if let grace { $0.graceSeconds = grace }
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await AdministrationCaller(channel: channel).rotateKey(call, options: options)
        }
        try NewKey(text: reply.apiKey, owner: Party(reply.principal)).tell(asJSON: json)
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
        var keys: [KeyLine] = []
        var call = Docket_V1_ListKeysCall()
        call.limit = Self.pageLimit
        repeat {
            let asked = call
            let reply = try await client.call { (channel, options) async throws(RPCError) in
                try await AdministrationCaller(channel: channel).listKeys(asked, options: options)
            }
            keys += reply.keys.map(KeyLine.init)
            call.page = reply.nextPage
        } while !call.page.isEmpty
        keys.sort { ($0.name, $0.created) < ($1.name, $1.created) }
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

    /// Keys of a page: as many as the server gives.
    private static let pageLimit: UInt32 = 200
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
        let call = Docket_V1_RevokeKeyCall.with {
            $0.header.commandID = Data(PartyID().bytes)
            if let owner {
                $0.principalID = Data(owner.bytes)
            } else {
                $0.keyID = id
            }
        }
        do throws(DocketClientError) {
            _ = try await client.call { (channel, options) async throws(RPCError) in
                try await AdministrationCaller(channel: channel).revokeKey(call, options: options)
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
