internal import DocketClient
internal import Foundation

/// A customer who writes mails: they come in through the mail channel, and the answer goes out in
/// their thread, though the mail server has no time at first and the channel's program is killed.
struct MailScene {
    /// The desk's address.
    static let desk = "support@example.net"
    /// The customer's.
    private static let customer = "ana@example.org"
    /// How long to wait for what goes on in other programs.
    private static let patience = Duration.seconds(30)

    let program: String
    let folder: String
    let credentials: String
    let saved: SavedCredentials
    let agent: DocketClient

    private static let question = "The jeans are the wrong size. Can I send them back?"
    private static let answer = "Yes, within 90 days. The label is on its way."
    private static let thanks = "Thank you, it has come."

    private var maildir: String { folder + "/mail" }

    /// Plays the scene, and compares what each side has with what was written.
    func play() async throws {
        Output.line("Mail")
        try await prepare()
        let mails = try MailReceiver()
        var bridge = try bridge(to: mails)
        try deliver("1", Self.question)
        Output.line("  Ana writes a mail: \(Self.question)")
        let request = try await wait("see the mail") { try await self.request(saying: 1) }
        guard case .posted = try await conversation(of: request).post(Self.answer) else {
            throw Chat.Difference(description: "the agent's answer was refused")
        }
        Output.line("  Agent: \(Self.answer)")
        try await wait("try the answer") { mails.postponed > 0 ? true : nil }
        bridge.kill()
        Output.line("  ** the mail server has no time (451), and the channel is killed (SIGKILL)")
        bridge = try self.bridge(to: mails)
        let mail = try await wait("deliver the answer") { mails.mails.first }
        let name = try check(mail)
        Output.line("  ** the answer goes out: \(mail.field("Subject") ?? "")")
        // The customer's mail server brings a mail twice, as it may after any trouble.
        for copy in 1...2 {
            try deliver("2", Self.thanks, answering: name, copy: copy)
        }
        Output.line("  Ana answers: \(Self.thanks)")
        try await wait("see her answer") { try await self.request(saying: 3) }
        try await wait("take every mail") {
            try names(in: "new").isEmpty && names(in: "cur").count == 3 ? true : nil
        }
        guard bridge.stop() else {
            throw Chat.Difference(description: "the mail channel has failed; see its log")
        }
        try await check(request, mails.mails)
        Output.line(
            "  ** one mail to her alone, in her thread; her answer is in the request once\n"
        )
    }

    /// Makes a key for the channel, and a mailbox.
    private func prepare() async throws {
        guard let credential = saved.administrator else {
            throw Chat.Difference(description: "the credentials have no administrator")
        }
        let administrator = try await DocketClient.connect(to: saved.server, as: credential)
        defer { administrator.close() }
        let key = try await administrator.administration.createIntegration(
            name: "Mail",
            channel: "email"
        )
        try Data("\(key.text ?? "")\n".utf8).write(to: URL(filePath: folder + "/key"))
        for name in ["new", "cur", "tmp"] {
            try FileManager.default.createDirectory(
                atPath: "\(maildir)/\(name)",
                withIntermediateDirectories: true
            )
        }
    }

    private func bridge(to mails: MailReceiver) throws -> BridgeProcess {
        try BridgeProcess(
            program,
            in: folder,
            credentials: credentials,
            maildir: maildir,
            smtp: mails.place
        )
    }

    /// Delivers a mail into the mailbox as a mail server does.
    private func deliver(
        _ number: String,
        _ text: String,
        answering name: String? = nil,
        copy: Int = 1
    ) throws {
        let mail = """
            From: Ana <\(Self.customer)>
            To: \(Self.desk)
            Subject: \(name == nil ? "" : "Re: ")Wrong size
            Message-ID: <\(number)@example.org>
            \(name.map { "In-Reply-To: \($0)\nReferences: \($0)\n" } ?? "")
            \(text)

            """
        let place = "\(maildir)/tmp/\(number).\(copy)"
        try Data(mail.utf8).write(to: URL(filePath: place))
        try FileManager.default.moveItem(
            atPath: place,
            toPath: "\(maildir)/new/\(number).\(copy)"
        )
    }

    private func names(in part: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(maildir)/\(part)")
    }

    // MARK: What is there

    private func conversation(of request: SupportRequest) -> Conversation {
        agent.conversation(request.conversationID)
    }

    /// The request of the mails, once it has so many messages.
    private func request(saying count: Int) async throws -> SupportRequest? {
        var selection = RequestSelection()
        selection.channel = "email"
        guard let request = try await agent.requests.list(selection).items.first,
            try await messages(of: request).count >= count
        else { return nil }
        return request
    }

    private func messages(of request: SupportRequest) async throws -> [Chat.Said] {
        let history = try await conversation(of: request).history(.newest, limit: 200)
        return history.events.compactMap(Chat.Said.init)
    }

    /// Compares the mail that went out with the answer; gives its name.
    private func check(_ mail: MailReceiver.Mail) throws -> String {
        guard let name = mail.field("Message-ID"), mail.sender == Self.desk,
            mail.recipients == [Self.customer],
            mail.field("To")?.contains(Self.customer) == true,
            mail.field("From")?.contains(Self.desk) == true, mail.field("Cc") == nil,
            mail.field("Subject") == "Re: Wrong size",
            mail.field("In-Reply-To") == "<1@example.org>",
            mail.field("References") == "<1@example.org>", mail.body.contains(Self.answer)
        else {
            let text = mail.lines.joined(separator: "\n")
            throw Chat.Difference(description: "the answer went out misplaced:\n\(text)")
        }
        return name
    }

    /// Compares what the agent has, and what went out, with what was written.
    private func check(_ request: SupportRequest, _ mails: [MailReceiver.Mail]) async throws {
        let texts = try await messages(of: request).map(\.text)
        guard texts == [Self.question, Self.answer, Self.thanks] else {
            throw Chat.Difference(description: "the agent sees \(texts)")
        }
        var selection = RequestSelection()
        selection.channel = "email"
        let requests = try await agent.requests.list(selection).items.count
        guard requests == 1, mails.count == 1 else {
            throw Chat.Difference(
                description: "there are \(requests) requests, and \(mails.count) mails went out"
            )
        }
    }

    /// Waits until something is there.
    @discardableResult
    private func wait<Value>(
        _ purpose: String,
        _ find: () async throws -> Value?
    ) async throws -> Value {
        let end = ContinuousClock.now + Self.patience
        while true {
            if let value = try await find() { return value }
            guard ContinuousClock.now < end else {
                throw Chat.Difference(description: "the mail channel did not \(purpose)")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}
