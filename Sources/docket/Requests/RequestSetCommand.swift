internal import ArgumentParser
internal import DocketClient
internal import DocketConsole

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
    static let words = "docket request set"

    @OptionGroup var targets: RequestTargets
    @OptionGroup var seen: SeenVersion
    @OptionGroup var details: DetailOptions

    @Option(help: "A tag to add. Repeatable.")
    var tag: [String] = []

    @Option(help: "A tag to remove. Repeatable.")
    var untag: [String] = []

    @Option(help: "An agent who watches it from now on, by login or id. Repeatable.")
    var watch: [String] = []

    @Option(help: "An agent who stops watching it, by login or id. Repeatable.")
    var unwatch: [String] = []

    @Option(help: "The id of another contact whom it concerns. Repeatable.")
    var concern: [PartyArgument] = []

    @Option(help: "The id of a contact whom it no longer concerns. Repeatable.")
    var unconcern: [PartyArgument] = []

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

    func change(
        _ request: SupportRequest,
        with client: DocketClient
    ) async throws -> SupportRequest {
        var edits = try await details.edits(with: client)
        edits += tag.map(RequestEdit.addTag) + untag.map(RequestEdit.removeTag)
        let agents = Agents(client)
        for name in watch { edits.append(.addWatcher(try await agents.id(of: name))) }
        for name in unwatch { edits.append(.removeWatcher(try await agents.id(of: name))) }
        edits += concern.map { .addParticipant($0.value) }
        edits += unconcern.map { .removeParticipant($0.value) }
        return try await client.requests.edit(request.id, edits, expecting: seen.number)
    }
}
