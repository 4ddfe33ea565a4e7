public import ArgumentParser
public import DocketTerminal

/// Something that a program does for one command line, and that ends with a status.
public protocol CommandAction {
    /// Does what the command is for.
    func act() async throws -> ExitStatus
}

/// One run of a program, from its command line to its exit status.
///
/// Every program of Docket ends by the same rules: what its command line is and how it is read is
/// the program's own.
public struct CommandRun: Sendable {
    /// What is shown instead of an action: help, or what is wrong with a command line.
    public struct Explanation: Hashable, Sendable {
        let text: String
        let isHelp: Bool

        /// Explains something.
        ///
        /// - Parameters:
        ///   - text: What to show, without a last line end.
        ///   - isHelp: Whether it was asked for; otherwise it is about a mistake.
        public init(_ text: String, isHelp: Bool) {
            self.text = text
            self.isHelp = isHelp
        }
    }

    private let program: String
    private let output: OutputWriter
    private let errors: OutputWriter

    /// A run of the program with this name.
    ///
    /// - Parameters:
    ///   - program: The name, which stands before what is said about failures.
    ///   - output: Where help is shown.
    ///   - errors: Where failures and mistakes are told.
    public init(
        of program: String,
        output: OutputWriter = .standard,
        errors: OutputWriter = .standardError
    ) {
        self.program = program
        self.output = output
        self.errors = errors
    }

    /// Reads a command line for the commands below a root, and does what it asks for.
    ///
    /// - Parameters:
    ///   - root: The program's command.
    ///   - words: The words behind the program's name; nil for those of the process.
    /// - Returns: How the program ends.
    public func run(
        _ root: any AsyncParsableCommand.Type,
        _ words: [String]? = nil
    ) async -> ExitStatus {
        let given = words ?? Array(CommandLine.arguments.dropFirst())
        let raw = words?.map { Array($0.utf8) } ?? CommandWords.rawArguments
        if let failure = CommandWords.fault(in: given, of: root, raw: raw) {
            return end(with: failure)
        }
        return await run {
            var command = try root.parseAsRoot(given)
            if let action = command as? any CommandAction { return action }
            try command.run()
            return nil
        } explain: { error in
            let isHelp = root.exitCode(for: error) == .success
            // A rule about options that are missing says nothing to whom mistyped one of them.
            if !isHelp, let mistyped = CommandWords.unknownOption(in: given, of: root) {
                let lines = mistyped.lines(program: program).map(\.plainText)
                return .init(lines.joined(separator: "\n"), isHelp: false)
            }
            return .init(root.fullMessage(for: error), isHelp: isHelp)
        }
    }

    /// Reads the command line and does what it asks for.
    ///
    /// - Parameters:
    ///   - parse: Reads the command line; nil when there is nothing to do. What it throws is help,
    ///     or a mistake in the command line.
    ///   - explain: Explains what `parse` has thrown.
    /// - Returns: How the program ends.
    public func run(
        parse: () throws -> (any CommandAction)?,
        explain: (any Error) -> Explanation
    ) async -> ExitStatus {
        let action: (any CommandAction)?
        do {
            action = try parse()
        } catch {
            return tell(explain(error))
        }
        guard let action else { return .done }
        do {
            return try await action.act()
        } catch {
            return end(with: error)
        }
    }

    private func end(with error: any Error) -> ExitStatus {
        if error is CancellationError { return .interrupted }
        guard let failure = CommandFailure(endingWith: error) else { return .done }
        for line in failure.lines(program: program) { try? errors.writeLine(line) }
        return failure.status
    }

    /// Help goes to standard output and is a success; mistakes go to standard error.
    private func tell(_ explanation: Explanation) -> ExitStatus {
        guard explanation.isHelp else {
            // Where standard error takes nothing either, nobody is left to tell.
            try? errors.write(explanation.text + "\n")
            return .usage
        }
        do throws(OutputError) {
            try output.write(explanation.text + "\n")
        } catch {
            return end(with: error)
        }
        return .done
    }
}
