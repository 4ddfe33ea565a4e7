internal import ArgumentParser
internal import DocketClient
internal import DocketTerminal

/// How the chat is shown.
struct OutputOptions: ParsableArguments {
    /// The three faces of the program.
    enum Face {
        case prompt
        case plain
        case json
    }

    @Flag(help: "Plain lines instead of a prompt.")
    var plain = false

    @Flag(help: "Write one JSON object a line, described in Documentation/ChatJSON.md.")
    var json = false

    @Option(help: "When to use colours: auto, always or never. NO_COLOR is honoured.")
    var color = ColourArgument.auto

    @Flag(name: .customLong("no-read-marks"), help: "Do not tell how far you have read.")
    var hidesReading = false

    @Flag(name: .customLong("no-typing"), help: "Do not tell that you are typing.")
    var hidesTyping = false

    func validate() throws {
        if plain, json { throw ValidationError("--plain and --json exclude each other") }
    }

    /// The face that the options and the terminal ask for.
    var face: Face {
        if json { return .json }
        return plain || !Terminal.isInteractive(in: .current) ? .plain : .prompt
    }

    /// Whether colours are written.
    var usesColours: Bool {
        color.choice.usesColours(in: .current, isTerminal: Terminal.isTerminal(1))
    }
}

/// When to write colours, as it is written on a command line.
enum ColourArgument: String, ExpressibleByArgument, CaseIterable {
    case auto
    case always
    case never

    /// The choice that the terminal's library knows.
    var choice: ColourChoice {
        switch self {
        case .auto: .auto
        case .always: .always
        case .never: .never
        }
    }
}

/// Where a feed begins, as it is written on a command line.
struct SinceArgument: ExpressibleByArgument {
    let start: FeedStart

    init?(argument: String) {
        switch argument {
        case "beginning": start = .beginning
        case "now": start = .now
        default:
            guard let cursor = Cursor(argument) else { return nil }
            start = .after(cursor)
        }
    }
}
