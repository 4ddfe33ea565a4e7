public import DocketClient
internal import DocketCommandLine
public import DocketTerminal

/// A conversation at a terminal: lines scroll, and below them a person writes.
public actor PromptFace: ConversationFace {
    private let terminal: Terminal
    private let commands: [PromptCommand]
    private let retry: @Sendable () -> Void
    /// Where what is written is kept until it is sent.
    private let draft: ProfileDraft?
    private var keptDraft = ""
    private var draftTrouble: ProfileError?
    private var view: ConversationView
    private var screen: Screen
    private var editor: LineEditor
    /// Whether the prompt was taken away for good: what still happens draws nothing any more.
    private var isOver = false
    private var hasGreeted = false

    /// Shows a conversation at a terminal.
    ///
    /// - Parameters:
    ///   - terminal: The terminal of the process, which the caller closes.
    ///   - colours: Whether colours are written.
    ///   - side: Who reads.
    ///   - commands: What may be typed instead of a message, besides `/help` and `/quit`.
    ///   - draft: Where what is written is kept until it is sent; it begins with what is there.
    ///   - retry: Ends the wait for the next attempt to connect.
    public init(
        _ terminal: Terminal,
        colours: Bool,
        side: Transcript.Side,
        commands: [PromptCommand],
        draft: ProfileDraft? = nil,
        retry: @escaping @Sendable () -> Void
    ) {
        self.terminal = terminal
        self.retry = retry
        self.draft = draft
        self.commands =
            commands + Self.fileCommands + [
                PromptCommand("/quit", help: "ends the program") { _ in .leave }, Self.help,
            ]
        view = ConversationView(for: side, look: .rich)
        screen = Screen(size: terminal.size, colours: colours)
        let names = self.commands.map { EditorCommand($0.name, arguments: $0.arguments) }
        editor = LineEditor(commands: names)
    }

    /// What lists the commands; the face does it, which knows them all.
    private static let help = PromptCommand("/help", help: "lists the commands") { _ in .tell([]) }

    // MARK: Showing

    /// Shows who reads, and of which request.
    public func opened(
        as identity: Identity?,
        request: SupportRequest?,
        answers: Bool
    ) throws {
        view.opened(as: identity?.party.id, request: request, answers: answers)
        try greet()
        try show([])
    }

    /// Shows another request.
    public func turned(to request: SupportRequest) throws {
        view.turned(to: request)
        try show([])
    }

    /// Shows what was said before.
    public func showHistory(_ page: HistoryPage, earlier: Int?) throws {
        try show(view.showHistory(page, earlier: earlier))
    }

    /// Shows a step of the feed.
    public func apply(_ update: FeedUpdate) throws {
        try show(view.apply(update, at: .now))
    }

    /// Shows that the conversation is read anew.
    public func resynced(because error: DocketClientError) throws {
        try show(view.resynced(at: .now))
    }

    /// Shows that a message is on its way.
    public func sending(_ text: String, id: MessageID) throws {
        view.sending(text, id: id)
        try show([])
    }

    /// Shows the verdict on a message.
    public func settled(_ id: MessageID, _ outcome: PostOutcome) throws {
        try show(view.settled(id, outcome))
    }

    /// Shows nothing new: a message that is kept is still on its way.
    public func kept(_ id: MessageID) { view.kept(id) }

    /// Shows that a message is kept, and sent later.
    public func postponed(_ id: MessageID, _ error: DocketClientError?) throws {
        try show(view.postponed(id, error))
    }

    /// Shows what waits, how far its files have come, and what was refused.
    public func waiting(_ messages: [QueuedMessage]) throws {
        try show(view.waiting(messages, at: .now))
    }

    /// Shows that no verdict on a message will come.
    public func failed(_ id: MessageID, _ error: DocketClientError) throws {
        try show(view.failed(id, error))
    }

    /// Shows how the connection stands.
    public func connectionChanged(_ state: ConnectionState) throws {
        view.connectionChanged(state)
        try show([])
    }

    /// Shows what changes by time alone, and keeps what is written.
    public func tick() throws {
        try keepDraft()
        try show(view.tick(at: .now))
    }

    /// Everything of the peer's up to this offset has been shown.
    public var shownOffset: UInt64? { view.shownOffset }

    /// Says once what may be done here, before anything else is shown.
    private func greet() throws {
        guard !hasGreeted else { return }
        hasGreeted = true
        try tell(["Type a message and press Enter to send it. /help lists the commands."])
    }

    /// Goes on with what was written and not sent.
    private func restoreDraft() throws {
        do throws(ProfileError) {
            guard let draft, let text = try draft.read(), !text.isEmpty else { return }
            keptDraft = text
            editor.restore(text)
        } catch {
            try tell(["What you wrote cannot be read: \("\(error)")"])
        }
    }

    /// Keeps what is written, so that it is there again however the program ends; tells once where
    /// that does not work.
    private func keepDraft() throws {
        let text = editor.draft.text
        guard let draft, text != keptDraft, text.utf8.count <= ProfileDraft.longest else { return }
        keptDraft = text
        do throws(ProfileError) {
            try draft.write(text)
            draftTrouble = nil
        } catch {
            guard draftTrouble != error else { return }
            draftTrouble = error
            try tell(["What you write is not kept: \("\(error)")"])
        }
    }

    /// The file of a number that was shown.
    func file(number: Int) -> Message.Attachment? { view.file(number: number) }

    /// A file is on its way to this machine.
    func begin(download file: Message.Attachment) { view.downloads.begin(file) }

    /// So much of a file is there.
    func show(_ received: UInt64, of file: Message.Attachment) {
        // What cannot be shown is no reason to give the file up.
        if view.downloads.update(file, received, at: .now) { try? show([]) }
    }

    /// A file is no longer on its way.
    func end(download file: Message.Attachment) { view.downloads.end(file) }

    /// Tells something of the program's own.
    func tell(_ lines: [TerminalText]) throws {
        try show(lines.map { view.note($0) })
    }

    private func show(_ paragraphs: [Paragraph]) throws {
        guard !isOver else { return }
        let status = editor.notice.map(Self.text) ?? view.status(at: .now)
        let prompt = Prompt(editor.draft, status: status, placement: .below)
        try terminal.write(screen.show(prompt, printing: paragraphs))
    }

    private static func text(_ notice: LineEditor.Notice) -> TerminalText {
        switch notice {
        case .confirmPaste(let lines): "A paste of \(lines) lines: Enter takes it in, Esc drops it"
        case .confirmQuit: "Ctrl-C once more quits"
        case .draftIsFull: "The draft is full"
        }
    }

    // MARK: Reading

    /// Reads keys until the person quits, and says what is written.
    public func read(for session: ConversationSession) async throws {
        try restoreDraft()
        try greet()
        for await event in terminal.events {
            switch event {
            case .key(let key):
                guard try await handle(key, for: session) else { return }
            case .resized(let size): try terminal.write(screen.resize(to: size))
            case .resumed(let size):
                try terminal.write(screen.resize(to: size) + screen.repaint())
            case .interrupted(let signal):
                throw CommandFailure("ended by signal \(signal)", status: .interrupted)
            case .closed: return
            }
        }
    }

    /// Takes the prompt away, and tells what is still to be sent.
    public func ended() {
        // The terminal may be gone; then there is nothing to take away, and nobody to tell.
        try? keepDraft()
        try? show(view.leaving())
        isOver = true
        try? terminal.write(screen.hidePrompt())
    }

    /// Takes a key; gives false when the person quits.
    private func handle(_ key: Key, for session: ConversationSession) async throws -> Bool {
        switch editor.handle(key) {
        case .nothing: break
        case .redraw:
            try show([])
            tellTyping(to: session)
        case .repaint: try terminal.write(screen.repaint())
        case .submit(let text): return try await submit(text, to: session)
        case .offer(let candidates): try tell(["\(candidates.joined(separator: "  "))"])
        case .quit, .endOfInput: return false
        case .suspend:
            try terminal.write(screen.hidePrompt())
            terminal.suspend()
        case .unhandled(.control("r")): retry()
        case .unhandled: break
        }
        return true
    }

    private func tellTyping(to session: ConversationSession) {
        guard !editor.draft.isEmpty, case .text = TypedLine(editor.draft.text, among: commands)
        else { return }
        Task { await session.typing() }
    }

    private func submit(_ text: String, to session: ConversationSession) async throws -> Bool {
        switch TypedLine(text, among: commands) {
        case .text(let text): try await session.say(text)
        case .unknown(let name):
            let failure = CommandFailure(unknownCommand: name)
            let lines: [TerminalText] = [
                "There is no command \(name). /help lists them.", "\(failure.advice)",
            ]
            try refuse(text, with: lines)
        case .command(let command, _) where command.name == Self.help.name: try tell(helpLines)
        case .command(let command, let argument):
            return try await run(command, argument, of: text, in: session)
        }
        return true
    }

    /// Runs a command; gives false where the session ends with it.
    private func run(
        _ command: PromptCommand,
        _ argument: String,
        of text: String,
        in session: ConversationSession
    ) async throws -> Bool {
        if try await handleFiles(command, argument, in: session) { return true }
        switch await command.run(argument) {
        case .tell(let lines):
            try tell(lines)
            try await session.showWaiting()
        case .fail(let failure): try refuse(text, with: failure.lines(program: command.name))
        case .leave where view.unkeptCount > 0:
            try refuse(text, with: ["Your last message is still being sent. Try again, or Ctrl-D."])
        case .leave: return false
        }
        return true
    }

    /// Tells why what was written was not done, and gives it back to be mended.
    private func refuse(_ text: String, with lines: [TerminalText]) throws {
        if editor.draft.isEmpty { editor.restore(text) }
        try tell(lines)
    }

    private var helpLines: [TerminalText] {
        let width = commands.map(\.name.count).max() ?? 0
        return commands.map { command in
            let gap = String(repeating: " ", count: width - command.name.count + 2)
            return "\(command.name)" + TerminalText(untrusted: gap) + command.help
        } + [
            "Enter sends, Alt-Enter starts a new line, Ctrl-R reconnects now, Ctrl-D quits.",
            "To send text that starts with a slash, type the slash twice.",
        ]
    }
}
