public import DocketCommandLine

/// What somebody has written: something to say, or a command.
///
/// Whatever begins with a slash is meant for the program and is never said, also where it calls no
/// command: a mistyped note must not reach the contact. Two slashes say a text that begins with
/// one.
enum TypedLine: Sendable {
    /// Something to say.
    case text(String)
    /// A command, and what stands behind its name.
    case command(PromptCommand, argument: String)
    /// The name of a command that there is not.
    case unknown(name: String)

    /// Reads what was written.
    ///
    /// - Parameters:
    ///   - written: What was written, in one or more lines.
    ///   - commands: The commands that there are.
    init(_ written: String, among commands: [PromptCommand]) {
        let scalars = written.unicodeScalars
        // Nobody sees what stands before the slash: a space, or the mark of a file's byte order.
        let body = scalars.drop {
            $0.properties.isWhitespace || $0.properties.isDefaultIgnorableCodePoint
        }
        guard body.first == "/" else {
            self = .text(written)
            return
        }
        let rest = body.dropFirst()
        guard rest.first != "/" else {
            self = .text(String(rest))
            return
        }
        let name = String(body.prefix { !$0.properties.isWhitespace })
        guard let command = commands.first(where: { $0.name == name }) else {
            self = .unknown(name: name)
            return
        }
        let argument = String(body.dropFirst(name.unicodeScalars.count))
        self = .command(command, argument: argument.trimmingSpaces)
    }
}

/// A text that is all there is to say, where no command can be called.
public struct WholeText: Sendable {
    /// What is said: of two slashes at its beginning, one.
    public let text: String

    /// Reads what was written, by the rule of a line in a live chat.
    ///
    /// - Parameter written: What was written, in one or more lines.
    /// - Throws: A failure where it begins with one slash, as a command does.
    public init(_ written: String) throws(CommandFailure) {
        switch TypedLine(written, among: []) {
        case .text(let text): self.text = text
        case .command(let command, _): throw CommandFailure(commandInText: command.name)
        case .unknown(let name): throw CommandFailure(commandInText: name)
        }
    }
}

extension CommandFailure {
    /// Describes that there is no command of a name.
    init(unknownCommand name: String) {
        self.init(
            "there is no command \(name)",
            advice: Self.advice(onSlashOf: name),
            status: .usage
        )
    }

    /// Describes that a text begins as a command does, where there are none.
    fileprivate init(commandInText name: String) {
        self.init(
            "the text begins with \(name), as a command of a live chat does",
            advice: Self.advice(onSlashOf: name),
            status: .usage
        )
    }

    private static func advice(onSlashOf name: String) -> String {
        "Nothing was sent. To send text that starts with a slash, type it twice: /\(name)"
    }
}

extension String {
    /// The text without white space at its ends.
    fileprivate var trimmingSpaces: String {
        let start = drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}
