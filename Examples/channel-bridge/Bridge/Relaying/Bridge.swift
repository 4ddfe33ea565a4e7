internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole

/// Connects a mailbox with the desk, both ways.
struct Bridge: Sendable {
    /// What it connects, and how.
    struct Settings: Sendable {
        /// The desk's own address.
        var own: Mailbox
        /// Where mails come in.
        var maildir: Maildir
        /// Where answers go out.
        var server: SMTPServer
        /// How long to wait between two looks for mails.
        var pause = Duration.seconds(5)
        /// How often and how long an answer is tried.
        var patience = DeliveryPatience()
        /// What a mail may have.
        var limits = MailLimits()
    }

    /// Somebody has ended the bridge.
    private struct Ended: Error {}

    private let client: DocketClient
    private let relay: Relay
    private let settings: Settings
    private let records: MailRecords
    private let report: BridgeReport
    private let key: KeyCheck

    /// A bridge that has not begun.
    ///
    /// - Parameters:
    ///   - client: Its client.
    ///   - relay: The relay of its channel.
    ///   - settings: What it connects, and how.
    ///   - key: What the client's key has to be.
    ///   - report: Where it tells what happens.
    /// - Throws: What is wrong with the bridge's folder.
    init(
        _ client: DocketClient,
        _ relay: Relay,
        _ settings: Settings,
        checking key: KeyCheck,
        report: BridgeReport
    ) throws(FolderFault) {
        self.key = key
        self.client = client
        self.relay = relay
        self.settings = settings
        self.report = report
        records = try MailRecords(in: settings.maildir.ownFolder)
    }

    /// Runs until nothing can follow, or somebody ends it.
    ///
    /// Then what a mail server is taking over is still carried to its end, so that it does not come
    /// twice.
    ///
    /// - Parameter ending: Gives an element when the bridge is to end.
    /// - Throws: `CommandFailure` with what ended it otherwise.
    func run(until ending: AsyncStream<Void>) async throws {
        let forgotten = try records.sweep(at: .now)
        if forgotten > 0 {
            report.tell("forgot \(forgotten) old mails; answers to them go out still")
        }
        let incoming = IncomingMails(
            relay: relay,
            maildir: settings.maildir,
            records: records,
            own: settings.own,
            limits: settings.limits,
            report: report
        )
        let outgoing = OutgoingAnswers(
            client: client,
            relay: relay,
            maildir: settings.maildir,
            records: records,
            own: settings.own,
            server: SMTPDelivery(to: settings.server),
            patience: settings.patience,
            report: report
        )
        try await checkFirst()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await incoming.run(every: settings.pause) }
            for _ in 0..<OutgoingAnswers.readers {
                group.addTask { try await outgoing.run() }
            }
            group.addTask { try await watchConnection() }
            group.addTask { await watchConditions() }
            group.addTask {
                for await _ in ending { throw Ended() }
            }
            defer { group.cancelAll() }
            do {
                // The first that fails ends the others.
                while try await group.next() != nil {}
            } catch is Ended {
                report.tell("ending")
            } catch let error as DocketClientError {
                throw CommandFailure(error)
            }
        }
    }

    /// Checks the key before a mail is taken in under it, unless there is no network now.
    private func checkFirst() async throws {
        for await state in client.states {
            switch state {
            case .connecting, .authenticating: continue
            case .catchingUp, .live: return try await checkOnce()
            case .needsLogin(let error): throw CommandFailure(error)
            case .offline, .closed: return
            }
        }
    }

    /// Checks the key; without an answer it is checked when the next connection stands.
    private func checkOnce() async throws {
        do {
            try await key.check(client)
        } catch let error as DocketClientError {
            report.tell("the channel could not be checked: \(error.message)")
        }
    }

    /// Ends the bridge when it can never sign in, or not with this key.
    private func watchConnection() async throws {
        for await state in client.states {
            switch state {
            case .needsLogin(let error): throw CommandFailure(error)
            case .live:
                try await checkOnce()
                report.tell("connected")
            case .offline(_, let error): report.tell("offline: \(error.message)")
            case .connecting, .authenticating, .catchingUp, .closed: break
            }
        }
    }

    /// Tells when something stands still that only a person can move.
    private func watchConditions() async {
        var parked = 0
        var trouble: DocketClientError?
        for await condition in relay.conditions {
            if condition.parked > parked {
                let order = "\(BridgeReport.program) parked"
                report.tell(
                    condition.parked == 1
                        ? "1 message stands still: see \(order)"
                        : "\(condition.parked) messages stand still: see \(order)"
                )
            }
            if let current = condition.trouble, current != trouble {
                report.tell("nothing goes on: \(current.message)")
            }
            (parked, trouble) = (condition.parked, condition.trouble)
        }
    }
}
