internal import ArgumentParser
internal import DocketCalls
internal import DocketClient
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
        abstract: "End sessions.",
        subcommands: [SessionsRevokeCommand.self]
    )
}

/// Ends every session of somebody.
struct SessionsRevokeCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "End every session of an agent or another party."
    )
    static let usualAccount = DeskOptions.Account.administrator

    @OptionGroup var signIn: SignInOptions

    @Argument(help: "An agent's login, or the id of anybody.")
    var who: String

    @Flag(help: "Write a JSON object.")
    var json = false

    func act(with client: DocketClient) async throws -> ExitStatus {
        let id: PartyID?
        if let named = PartyID(who) {
            id = named
        } else {
            id = try await Agents(client).find(login: who).party.id
        }
        let call = Docket_V1_RevokeSessionsCall.with {
            $0.header.commandID = Data(PartyID().bytes)
            $0.principalID = Data(id?.bytes ?? [])
        }
        let reply = try await client.call { (channel, options) async throws(RPCError) in
            try await AdministrationCaller(channel: channel).revokeSessions(call, options: options)
        }
        let output = OutputWriter.standard
        if json {
            try output.write(JSONLine(endedSessions: Int(reply.ended)).text() + "\n")
        } else {
            try output.writeLine("\(reply.ended) sessions have ended")
        }
        return .done
    }
}
