public import ArgumentParser

/// A text on a command line: one word of it, as the shell sees words.
public struct TextArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("The text, in quotes.", valueName: "text"))
    var words: [String] = []

    /// Creates none.
    public init() {}

    /// The text; nil where there is none.
    public var text: String? { words.first }

    /// Refuses a text of which the shell has made several words.
    public func validate() throws {
        guard words.count <= 1 else {
            throw ValidationError("Put the text in quotes: \"\(words.joined(separator: " "))\"")
        }
    }
}
