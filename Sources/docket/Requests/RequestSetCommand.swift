internal import ArgumentParser
internal import DocketClient
internal import DocketConsole

/// Changes what a request is about.
struct RequestSetCommand: AsyncParsableCommand, RequestChange {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Change what a request is about: everything that is given, or nothing.",
        discussion: """
            An empty value empties, as in --title "" and --field serial=. A field that takes
            several words takes them with commas.

              docket request set 12 --title "Blank pages" --credentials FILE
              docket request set 12 --field serial=A-1 --tag hall --credentials FILE
              docket request set 12 --watch cy --unwatch ana --credentials FILE
              docket request set 12 --priority high --version 7 --credentials FILE
            """
    )

    @OptionGroup var target: RequestTarget
    @OptionGroup var seen: SeenVersion

    @Option(help: "The title.")
    var title: String?

    @Option(help: "The key of the topic.")
    var topic: String?

    @Option(help: "The key of the type.")
    var type: String?

    @Option(help: "The key of the priority.")
    var priority: String?

    @Option(help: "A field of the policy, as KEY=VALUE. May be given several times.")
    var field: [FieldArgument] = []

    @Option(help: "A tag to add. May be given several times.")
    var tag: [String] = []

    @Option(help: "A tag to remove. May be given several times.")
    var untag: [String] = []

    @Option(help: "An agent to watch it, by login or id. May be given several times.")
    var watch: [String] = []

    @Option(help: "An agent to watch it no more, by login or id. May be given several times.")
    var unwatch: [String] = []

    @Option(help: "The id of a contact whom it concerns too. May be given several times.")
    var concern: [PartyArgument] = []

    @Option(help: "The id of a contact whom it concerns no more. May be given several times.")
    var unconcern: [PartyArgument] = []

    func validate() throws {
        let isEmpty =
            [title, topic, type, priority].allSatisfy { $0 == nil } && field.isEmpty
            && [tag, untag, watch, unwatch].allSatisfy(\.isEmpty) && concern.isEmpty
            && unconcern.isEmpty
        guard !isEmpty else { throw ValidationError("Say what to change, such as --title TEXT") }
        guard priority != "" else { throw ValidationError("--priority takes a key") }
    }

    func change(
        _ request: SupportRequest,
        with client: DocketClient
    ) async throws -> SupportRequest {
        var edits = keyEdits
        if !field.isEmpty {
            let rules = try await DeskRules(of: client)
            edits += try field.map { .field($0.key, try rules.value(of: $0)) }
        }
        edits += tag.map(RequestEdit.addTag) + untag.map(RequestEdit.removeTag)
        let agents = Agents(client)
        for name in watch { edits.append(.addWatcher(try await agents.id(of: name))) }
        for name in unwatch { edits.append(.removeWatcher(try await agents.id(of: name))) }
        edits += concern.map { .addParticipant($0.value) }
        edits += unconcern.map { .removeParticipant($0.value) }
        return try await client.requests.edit(request.id, edits, expecting: seen.number)
    }

    private var keyEdits: [RequestEdit] {
        let edits: [RequestEdit?] = [
            title.map { .title($0.isEmpty ? nil : $0) },
            topic.map { .topic($0.isEmpty ? nil : $0) },
            type.map { .type($0.isEmpty ? nil : $0) }, priority.map(RequestEdit.priority),
        ]
        return edits.compactMap { $0 }
    }
}
