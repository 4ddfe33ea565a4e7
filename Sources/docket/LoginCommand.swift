internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal

/// Signs in, and keeps the session.
struct LoginCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Sign in, so that the other commands need no options for it.",
        discussion: """
            The profile keeps the server's address, whom to trust and the session, for
            its owner alone; never the password. At a terminal the password is asked for.
            The session lasts twelve hours; then sign in again.

              docket login --server HOST:PORT --login ana
              docket login --server HOST:PORT --login ana --password-file pw --profile work
              docket login --credentials dev-credentials.json --as administrator
            """
    )

    @OptionGroup var desk: DeskOptions

    func act() async throws -> ExitStatus {
        var server = try desk.namedServer()
        if server == nil {
            server = try desk.profile.account(of: DeskOptions.application)?.server
        }
        guard let server else {
            throw CommandFailure(
                "no server is named",
                advice: "Add: --server HOST:PORT",
                status: .usage
            )
        }
        guard desk.login != nil || desk.credentials != nil else {
            throw CommandFailure(
                "nobody is named who signs in",
                advice: "Add: --login NAME",
                status: .usage
            )
        }
        let credential = try await desk.credential(usual: .agent)
        let client = try await desk.connect(to: server, with: credential)
        defer { client.close() }
        guard let session = client.session, let identity = client.identity else {
            throw CommandFailure("the server opened no session", status: .refused)
        }
        let account = ProfileAccount(server: server, session: session)
        let folder = try desk.profile.folder(of: DeskOptions.application)
        do throws(ProfileError) {
            try account.write(at: folder)
        } catch {
            throw CommandFailure(error)
        }
        let end = LocalCalendar.current.stamp(of: session.expiresAt)
        try OutputWriter.standard.writeLine(
            "signed in as \(identity.party.name) at \("\(server)") until \(end)"
        )
        return .done
    }
}

/// Ends the session that a profile keeps, and forgets it.
struct LogoutCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "logout",
        abstract: "End the session that 'docket login' has opened.",
        discussion: """
            The profile forgets the session and the server. A server that cannot be
            reached ends the session by itself when its time is over.

              docket logout
            """
    )
    /// How long to try to tell the server.
    private static let patience = Duration.seconds(5)

    @OptionGroup var profile: ProfileOptions

    func act() async throws -> ExitStatus {
        let folder = try profile.folder(of: DeskOptions.application)
        guard let account = try profile.account(of: DeskOptions.application) else {
            try OutputWriter.standard.writeLine("nobody is signed in")
            return .done
        }
        let trouble = await Self.end(account)
        do throws(ProfileError) {
            try ProfileAccount.remove(at: folder)
        } catch {
            throw CommandFailure(error)
        }
        try OutputWriter.standard.writeLine("signed out")
        if let trouble {
            try OutputWriter(descriptor: 2).writeLine("the server was not told: \(trouble)")
        }
        return .done
    }

    /// Ends the session on the server; gives why that failed, unless it has ended before.
    private static func end(_ account: ProfileAccount) async -> String? {
        guard let session = account.session else { return nil }
        do throws(DocketClientError) {
            let client = try DocketClient(to: account.server, as: .session(session))
            defer { client.close() }
            try await client.sessions.signOut(within: patience)
            return nil
        } catch {
            return error.code == .needsLogin ? nil : error.message
        }
    }
}
