internal import ArgumentParser
internal import DocketCalls
internal import DocketClient
internal import DocketConsole
internal import DocketMessages
internal import DocketRPC
internal import DocketTerminal
internal import FoundationEssentials
internal import SwiftProtobuf

/// Manages the keys of integrations and partners.
struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Make and revoke keys of integrations and partners.",
        subcommands: [KeyCreateCommand.self, KeyRevokeCommand.self]
    )
}

/// Makes a key.
struct KeyCreateCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a key. It is shown this one time."
    )
    static let usualAccount = DeskOptions.Account.administrator

    @OptionGroup var signIn: SignInOptions

    @Argument(help: "What people call the integration or partner.")
    var name: String

    @Option(help: "The channel that an integration serves. Without it the key is a partner's.")
    var channel: String?

    @Flag(help: "Write a JSON object.")
    var json = false

    func act(with client: DocketClient) async throws -> ExitStatus {
        let call = Docket_V1_CreateKeyCall.with {
            $0.header.commandID = Data(PartyID().bytes)
            $0.kind = channel == nil ? .principalPartner : .principalIntegration
            $0.name = name
            $0.channel = channel ?? ""
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await AdministrationCaller(channel: channel).createKey(call, options: options)
        }
        let output = OutputWriter.standard
        let party = Party(reply.principal)
        guard !reply.apiKey.isEmpty else {
            throw CommandFailure(
                "the key was made, but its one answer was lost",
                advice: "docket key revoke \(party.id.map { "\($0)" } ?? ""), then create another",
                status: .unconfirmed
            )
        }
        if json {
            try output.write(JSONLine(key: reply.apiKey, of: party).text() + "\n")
        } else {
            try output.writeLine("key of \(party.name), \(party.id.map { "\($0)" } ?? ""):")
            try output.writeLine("\(reply.apiKey)")
        }
        return .done
    }
}

/// Ends a key.
struct KeyRevokeCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "End a key and every session it opened."
    )
    static let usualAccount = DeskOptions.Account.administrator

    @OptionGroup var signIn: SignInOptions

    @Argument(help: "The id of the integration or partner.")
    var id: PartyArgument

    @Flag(help: "Write a JSON object.")
    var json = false

    func act(with client: DocketClient) async throws -> ExitStatus {
        let call = Docket_V1_RevokeKeyCall.with {
            $0.header.commandID = Data(PartyID().bytes)
            $0.principalID = Data(id.value.bytes)
        }
        _ = try await client.call { (channel, options) async throws(RPCError) in
            try await AdministrationCaller(channel: channel).revokeKey(call, options: options)
        }
        guard !json else {
            try OutputWriter.standard.write(JSONLine(revokedKeyOf: id.value).text() + "\n")
            return .done
        }
        try OutputWriter.standard.writeLine("the key is revoked")
        return .done
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
