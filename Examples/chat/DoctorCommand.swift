internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketTerminal

/// Says what is well and what is not, and what to do about it.
struct DoctorCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check the profile, the connection and what waits.",
        discussion: """
            The exit status is that of the first thing that is not well, and 0 where all is.

              docket-chat doctor
            """
    )

    @OptionGroup var connection: ConnectionOptions

    func act() async throws -> ExitStatus {
        try await Customer.with(connection, known: true) { customer in
            try say("profile", try connection.folder())
            for path in Profile.damagedFiles(in: try connection.folder()) {
                try say("damaged", "\(path) was set aside; delete it if you miss nothing")
            }
            try say("server", "\(customer.server)")
            let line = await connectionState(of: customer.client)
            try say("connection", line.words)
            let diagnostics = await customer.shared.diagnostics()
            if let skew = diagnostics.connection.clockSkew { try say("clock", words(of: skew)) }
            try say("store", "version \(diagnostics.store.version)")
            if let holder = diagnostics.holder, !holder.isThisProcess {
                try say("holder", "process \(holder.processID) sends what waits")
            }
            let outbox = try await outboxState(of: customer)
            try say("outbox", outbox.words)
            return line.status == .done ? outbox.status : line.status
        }
    }

    private func say(_ what: String, _ words: String) throws {
        let gap = String(repeating: " ", count: max(1, 12 - what.count))
        try OutputWriter.standard.writeLine("\(what)\(gap)\(words)")
    }

    /// How far the server's clock is from this machine's, in whole seconds.
    private func words(of skew: Duration) -> String {
        let seconds = skew.components.seconds
        return switch seconds {
        case 0: "as the server's"
        case 1...: "\(seconds) s behind the server's"
        default: "\(seconds.magnitude) s ahead of the server's"
        }
    }

    /// How the first attempt to connect ends.
    private func connectionState(
        of client: DocketClient
    ) async -> (words: String, status: ExitStatus) {
        let begin = ContinuousClock.now
        for await state in client.states {
            switch state {
            case .connecting, .authenticating: continue
            case .catchingUp, .live:
                let milliseconds = Int64((ContinuousClock.now - begin) / .milliseconds(1))
                let name = client.identity?.party.name ?? ""
                return ("signed in as \(name), in \(milliseconds) ms", .done)
            case .offline(_, let error): return (error.message, CommandFailure(error).status)
            case .needsLogin(let error):
                let advice = "begin as somebody new: docket-chat logout --discard-unsent"
                return ("\(error.message); \(advice)", .notSignedIn)
            case .closed: return ("closed", .interrupted)
            }
        }
        return ("closed", .interrupted)
    }

    /// How much waits, since when, and whether somebody has to decide.
    private func outboxState(
        of customer: Customer
    ) async throws(CommandFailure) -> (words: String, status: ExitStatus) {
        let waiting = try await customer.waiting()
        guard let oldest = waiting.map(\.queuedAt).min() else { return ("nothing waits", .done) }
        let since = "since \(LocalCalendar.current.stamp(of: oldest))"
        let stopped = waiting.count(where: { QueueWords($0.state).needsSomebody })
        guard stopped > 0 else { return ("\(waiting.count) waiting, \(since)", .done) }
        return (
            "\(waiting.count) waiting, \(since); \(stopped) not sent: docket-chat outbox list",
            .refused
        )
    }
}
