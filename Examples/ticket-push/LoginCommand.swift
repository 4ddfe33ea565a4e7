internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal

/// Keeps where the server is.
struct LoginCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Keep the server, so that the other commands need not name it.",
        discussion: """
            The profile keeps the server's address and whom to trust. The key stays in its
            file.

              docket-ticket-push login --server desk.example:7443 --key-file key
            """
    )

    @OptionGroup var connection: ConnectionOptions

    func act() async throws -> ExitStatus {
        let server = try connection.server()
        let name = try await connection.withPartner { $0.identity?.party.name ?? "" }
        let folder = try connection.desk.profile.folder(of: ConnectionOptions.application)
        do throws(ProfileError) {
            try ProfileAccount(server: server).write(at: folder)
        } catch {
            throw CommandFailure(error)
        }
        try OutputWriter.standard.writeLine("\(name) can push to \("\(server)")")
        return .done
    }
}
