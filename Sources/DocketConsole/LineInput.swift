internal import DocketCommandLine
public import DocketTerminal

/// Says what comes by lines, each after the verdict on the one before.
///
/// A line that calls a command runs it; every other line is a message, but for one that begins with
/// a slash and calls no command. That, and a command that fails, ends the program: what follows may
/// have been meant for what it should have done.
public struct LineInput: Sendable {
    private let commands: [PromptCommand]
    private let input: StandardInput
    private let errors: OutputWriter

    /// Reads standard input.
    ///
    /// - Parameters:
    ///   - commands: The commands that lines may call.
    ///   - input: Where the lines come from.
    ///   - errors: Where commands tell what they have to say.
    public init(
        commands: [PromptCommand] = [],
        input: StandardInput = StandardInput(),
        errors: OutputWriter = OutputWriter(descriptor: 2)
    ) {
        self.commands = commands
        self.input = input
        self.errors = errors
    }

    /// Reads to the end, or until a command quits.
    public func read(for session: ConversationSession) async throws {
        while let line = try await input.line() {
            guard line.contains(where: { !$0.isWhitespace }) else { continue }
            switch TypedLine(line, among: commands) {
            case .text(let text): try await session.sayAndWait(text)
            case .unknown(let name): throw CommandFailure(unknownInLines: name)
            case .command(let command, let argument):
                switch await command.run(argument) {
                case .tell(let lines): for line in lines { try errors.writeLine(line) }
                case .fail(let failure): throw failure
                case .leave: return
                }
            }
        }
    }
}

extension CommandFailure {
    /// Describes that lines without a prompt know no command of a name.
    init(unknownInLines name: String) {
        guard PromptFace.fileCommands.contains(where: { $0.name == name }) else {
            self.init(unknownCommand: name)
            return
        }
        self.init(
            "\(name) works only at the prompt",
            advice: "Nothing was sent.",
            status: .usage
        )
    }
}
