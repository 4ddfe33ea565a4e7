public import DocketCommandLine
public import DocketTerminal

/// A command that a person may type into a prompt instead of a message.
public struct PromptCommand: Sendable {
    /// What a command does to the prompt.
    public enum Effect: Sendable {
        /// Prints these lines, and goes on.
        case tell([TerminalText])
        /// Tells what went wrong; a program without a prompt ends with it.
        case fail(CommandFailure)
        /// Ends the session, and with it the program, unless that goes on with another.
        case leave
    }

    /// The name with its slash.
    public let name: String
    /// Values that may follow the name, for completion.
    public let arguments: [String]
    /// What it does, in a few words.
    public let help: TerminalText
    let run: @Sendable (String) async -> Effect

    /// Describes a command.
    ///
    /// - Parameters:
    ///   - name: The name with its slash.
    ///   - arguments: Values that may follow the name.
    ///   - help: What it does, in a few words.
    ///   - run: Does it, given what stands behind the name.
    public init(
        _ name: String,
        arguments: [String] = [],
        help: TerminalText,
        run: @escaping @Sendable (String) async -> Effect
    ) {
        self.name = name
        self.arguments = arguments
        self.help = help
        self.run = run
    }
}
