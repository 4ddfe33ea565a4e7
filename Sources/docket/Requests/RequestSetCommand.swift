internal import ArgumentParser
internal import DocketClient

/// Changes what requests are about.
struct RequestSetCommand: AsyncParsableCommand, RequestsChange {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Change what requests are about: title, topic, fields, tags and more.",
        discussion: """
            Of each request, everything that you give is changed, or nothing. An empty
            value clears: --title "", --field serial=. Separate words of a list with commas.

              docket request set 12 --title "Blank pages" --credentials FILE
              docket request set 12 --field serial=A-1 --tag hall --credentials FILE
              docket request set 12 --watch cy --unwatch ana --credentials FILE
              docket request set 12 13 14 --priority high --credentials FILE
              docket request set 12 --priority high --version 7 --credentials FILE
            """
    )

    @OptionGroup var targets: RequestTargets
    @OptionGroup var seen: SeenVersion
    @OptionGroup var details: DetailOptions

    @Option(help: "A tag to add. Repeatable.")
    var tag: [String] = []

    @Option(help: "A tag to remove. Repeatable.")
    var untag: [String] = []

    @Option(help: "An agent who is to watch it: login, name or id. Can be repeated.")
    var watch: [String] = []

    @Option(help: "An agent who is to stop watching it. Can be repeated.")
    var unwatch: [String] = []

    @Option(help: "A contact whom it concerns too: name, address or id. Can be repeated.")
    var concern: [String] = []

    @Option(help: "A contact whom it no longer concerns. Can be repeated.")
    var unconcern: [String] = []

    var signIn: SignInOptions { targets.signIn }
    var output: RequestOutput { targets.output }
    var numbers: [RequestNumber] { targets.numbers }

    func validate() throws {
        let isEmpty =
            details.isEmpty && [tag, untag, watch, unwatch].allSatisfy(\.isEmpty)
            && concern.isEmpty && unconcern.isEmpty
        guard !isEmpty else { throw ValidationError("Say what to change, such as --title TEXT") }
        try validate(numbers, seen: seen)
    }

    func words(with client: DocketClient) async -> RefusalWords.Typed {
        .set(topic: details.topic, type: details.type, priority: details.priority)
    }

    func change(
        _ request: SupportRequest,
        with client: DocketClient
    ) async throws -> SupportRequest {
        var edits = try await details.edits(with: client)
        edits += tag.map(RequestEdit.addTag) + untag.map(RequestEdit.removeTag)
        let agents = AgentNames(client)
        for name in watch { edits.append(.addWatcher(try await agents.id(ofActive: name))) }
        for name in unwatch { edits.append(.removeWatcher(try await agents.id(of: name))) }
        let directory = Directory(client)
        for name in concern { edits.append(.addParticipant(try await directory.id(of: name))) }
        for name in unconcern { edits.append(.removeParticipant(try await directory.id(of: name))) }
        return try await client.requests.edit(request.id, edits, expecting: seen.number)
    }
}
