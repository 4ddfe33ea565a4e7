internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketTerminal

/// Changes one's own password.
struct PasswordCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "password",
        abstract: "Change your own password.",
        discussion: """
            It signs in with the old password and sets the new one, which has 8 to 1,024
            bytes. Your other sessions end. A credentials file is not rewritten.

              docket password --new-password-file new --credentials FILE

            With '-' for both files the first line is the old password, the second the
            new one. For somebody else's password: docket agent password --help
            """
    )

    @OptionGroup var signIn: SignInOptions

    @Option(help: "A file whose first line is the new password; '-' is standard input.")
    var newPasswordFile: String

    func act() async throws -> ExitStatus {
        let credential = try await signIn.desk.credential(usual: .agent)
        guard case .login(let login, let old) = credential else {
            throw CommandFailure(
                "only agents have a password",
                advice: "Say who you are: --login NAME --password-file FILE",
                status: .usage
            )
        }
        let new = try await PasswordFile.read(newPasswordFile)
        let client = try await signIn.desk.connect(with: credential)
        defer { client.close() }
        let ended = try await client.sessions.changePassword(from: old, to: new)
        let output = OutputWriter.standard
        try output.writeLine(
            "The password of \(login) is changed. Other sessions ended: \(ended)"
        )
        if let file = signIn.desk.credentials, signIn.desk.login == nil {
            try output.writeLine("\(file) still holds the old password.")
        }
        return .done
    }
}
