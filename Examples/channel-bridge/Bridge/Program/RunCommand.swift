internal import ArgumentParser
internal import DocketCommandLine

/// Takes mails in and sends answers, until it is ended.
struct RunCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Take mails in and send answers, until it is ended.",
        discussion: """
            Mails are taken from new/ of the Maildir in their order, and moved to cur/ when
            the desk's outbox has them on the disk. A mail that cannot be taken in is set
            aside in docket/refused/, with the reason in a file beside it. SIGTERM ends it
            after the attempts under way, a second SIGTERM at once.

              docket-channel-bridge run --credentials dev-credentials.json --key-file key \\
                  --maildir mail --address support@example.org --smtp localhost:25
            """
    )

    @OptionGroup var desk: DeskOptions
    @OptionGroup var mail: MailOptions

    func act() async throws -> ExitStatus {
        let settings = try mail.settings()
        let report = BridgeReport()
        try await desk.withRelay { client, relay in
            let lock = try settings.maildir.lock()
            defer { withExtendedLifetime(lock) {} }
            let bridge = try Bridge(
                client,
                relay,
                settings,
                checking: desk.keyCheck,
                report: report
            )
            let signal = EndSignal()
            try await bridge.run(until: signal.arrivals)
            withExtendedLifetime(signal) {}
        }
        return .done
    }
}
