internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketPolicy
internal import DocketTerminal

/// Shows a policy's document.
struct PolicyShowCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Print the policy in force, a version of it, or a preset.",
        discussion: """
            A preset is a policy that comes with Docket, to start from. It needs no server.

              docket policy show --credentials dev-credentials.json
              docket policy show 3 --credentials dev-credentials.json
              docket policy show --preset superoffice
            """
    )

    @OptionGroup var desk: DeskOptions
    @OptionGroup var output: PolicyOutput

    @Argument(help: "The version. Without it: the policy in force.")
    var version: UInt64?

    @Option(help: "A preset. List them: docket policy presets")
    var preset: String?

    func validate() throws {
        guard preset == nil || !desk.isGiven else {
            throw ValidationError("Name a server or a preset: --credentials FILE or --preset NAME")
        }
        guard preset == nil || version == nil else {
            throw ValidationError("A preset has no versions")
        }
    }

    func act() async throws -> ExitStatus {
        if let preset { return try show(try Self.preset(preset)) }
        let client = try await desk.connect(as: .agent)
        defer { client.close() }
        let policy = try await client.policies.get(version)
        try output.json
            ? output.write(PolicyLine(policy.version, text: policy.text))
            : output.show(document: policy.text)
        return .done
    }

    private func show(_ preset: PolicyPreset) throws -> ExitStatus {
        try output.json
            ? output.write(PolicyLine(preset, text: preset.text))
            : output.show(document: preset.text)
        return .done
    }

    private static func preset(_ name: String) throws(CommandFailure) -> PolicyPreset {
        let presets = PolicyDocument.presets
        guard let preset = presets.first(where: { $0.name == name }) else {
            throw CommandFailure(
                "no preset is called '\(name)'",
                advice: "There are: \(presets.map(\.name).joined(separator: ", "))",
                status: .notFound
            )
        }
        return preset
    }
}

/// Lists the versions of the policy.
struct PolicyHistoryCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "List the versions of the policy, newest first.",
        discussion: "  docket policy history --credentials dev-credentials.json"
    )

    /// The longest list of one command.
    private static let longestList = 1_000

    @OptionGroup var signIn: SignInOptions
    @OptionGroup var output: PolicyOutput

    @Option(help: "How many to list at most, up to 1000.")
    var limit = 50

    func validate() throws {
        guard (1...Self.longestList).contains(limit) else {
            throw ValidationError("--limit takes 1 to \(Self.longestList)")
        }
    }

    func act(with client: DocketClient) async throws -> ExitStatus {
        let entries = try await Listing(atMost: limit) {
            (limit, page) async throws(DocketClientError) in
            try await client.policies.history(limit: limit, page: page)
        }.items
        guard !output.json else {
            for entry in entries { try output.write(PolicyLine(entry)) }
            return .done
        }
        var table = TextTable(columns: [
            .init("VERSION", alignment: .trailing, importance: .key),
            .init("IN FORCE SINCE", isWhole: true, importance: .useful),
            .init("BY", importance: .useful), .init("NAME"),
        ])
        for entry in entries {
            table.append([
                "\(entry.version)", "\(LocalCalendar.current.stamp(of: entry.appliedAt))",
                "\(entry.appliedBy?.name ?? "")", "\(entry.name)",
            ])
        }
        try RequestOutput.show(table)
        return .done
    }
}

/// Lists the policies that are shipped.
struct PolicyPresetsCommand: AsyncParsableCommand, CommandAction {
    static let configuration = CommandConfiguration(
        commandName: "presets",
        abstract: "List the policies that come with Docket.",
        discussion: "  docket policy presets"
    )

    @OptionGroup var output: PolicyOutput

    func act() async throws -> ExitStatus {
        for preset in PolicyDocument.presets {
            try output.json
                ? output.write(PolicyLine(preset))
                : OutputWriter.standard.writeLine("\(preset.name)")
        }
        return .done
    }
}
