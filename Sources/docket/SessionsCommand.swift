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

/// Manages sessions.
struct SessionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions",
        abstract: "Sign people out.",
        subcommands: [SessionsRevokeCommand.self]
    )
}

/// Ends every session of somebody.
struct SessionsRevokeCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Sign an agent, a contact or an integration out everywhere.",
        discussion: """
            They can sign in again. To keep an agent out: docket agent lock --help
            """
    )
    static let usualAccount = DeskOptions.Account.administrator

    @OptionGroup var signIn: SignInOptions

    @Argument(help: "An agent's login or name, or anybody's id.")
    var who: String

    @Flag(help: "Print a JSON object.")
    var json = false

    func act(with client: DocketClient) async throws -> ExitStatus {
        let id = try await Agents(client).id(of: who)
        let call = Docket_V1_RevokeSessionsCall.with {
            $0.header.commandID = Data(PartyID().bytes)
            $0.principalID = Data(id.bytes)
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await AdministrationCaller(channel: channel).revokeSessions(call, options: options)
        }
        let output = OutputWriter.standard
        if json {
            try output.write(JSONLine(endedSessions: Int(reply.ended)).text() + "\n")
        } else {
            try output.writeLine("Sessions ended: \(reply.ended)")
        }
        return .done
    }
}
