internal import ArgumentParser
internal import Glibc

/// Looks at the words of a command line before its options are read.
enum CommandWords {
    /// What is wrong with the words: one that is not text, or one that names no command.
    ///
    /// A library that reads options takes the word for an argument, and complains of the next
    /// option, which may be all right.
    ///
    /// - Parameters:
    ///   - arguments: The words behind the program's name.
    ///   - root: The program's command.
    ///   - raw: The bytes of the same words.
    /// - Returns: What to tell; nil where the words are all right.
    static func fault(
        in arguments: some Sequence<String>,
        of root: any ParsableCommand.Type,
        raw: [[UInt8]]
    ) -> CommandFailure? {
        if let place = raw.firstIndex(where: { String(validating: $0, as: UTF8.self) == nil }) {
            return CommandFailure(
                "argument \(place + 1) is not UTF-8 text",
                advice: "Set the terminal and the file names to UTF-8.",
                status: .usage
            )
        }
        var command = root
        var path = name(of: root)
        for (index, word) in arguments.enumerated() {
            // What is asked about may be mistyped as well.
            if index == 0, word == "help" { continue }
            let commands = command.configuration.subcommands
            if commands.isEmpty || word.hasPrefix("-") { return nil }
            guard let next = commands.first(where: { name(of: $0) == word }) else {
                let known = commands.map(name).joined(separator: ", ")
                return CommandFailure(
                    "there is no command '\(path) \(word)'",
                    advice: "The commands of \(path) are: \(known)",
                    status: .usage
                )
            }
            command = next
            path += " \(word)"
        }
        return nil
    }

    /// The first option that the command of a command line does not have, with what may be meant.
    ///
    /// - Parameters:
    ///   - arguments: The words behind the program's name.
    ///   - root: The program's command.
    /// - Returns: What to tell; nil where the command has all of them.
    static func unknownOption(
        in arguments: [String],
        of root: any ParsableCommand.Type
    ) -> CommandFailure? {
        var command = root
        var path = name(of: root)
        for word in arguments {
            let commands = command.configuration.subcommands
            guard let next = commands.first(where: { name(of: $0) == word }) else { break }
            command = next
            path += " \(word)"
        }
        guard let known = OptionNames(of: command.configuration.defaultSubcommand ?? command)
        else { return nil }
        let options = arguments.prefix { $0 != "--" }.filter { $0.hasPrefix("--") }
        let names = options.map { String($0.dropFirst(2).prefix { $0 != "=" }) }
        guard let unknown = names.first(where: { !known.contains($0) }) else { return nil }
        let meant = known.nearest(to: unknown).map { ". Did you mean '--\($0)'?" } ?? ""
        return CommandFailure(
            "unknown option '--\(unknown)'\(meant)",
            advice: "See what there is: \(path) --help",
            status: .usage
        )
    }

    private static func name(of command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? ""
    }

    /// The bytes of the process's arguments behind the program's name.
    ///
    /// Swift's own array of them has already replaced what is not UTF-8.
    static var rawArguments: [[UInt8]] {
        let arguments = unsafe CommandLine.unsafeArgv
        return (1..<max(1, Int(CommandLine.argc))).compactMap { index in
            guard let argument = unsafe arguments[index] else { return nil }
            let bytes = unsafe UnsafeBufferPointer(start: argument, count: strlen(argument))
            return unsafe bytes.map { UInt8(bitPattern: $0) }
        }
    }
}
