internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole

/// Opens a request on behalf of a contact.
struct RequestCreateCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Open a request on behalf of a contact, as after a phone call.",
        discussion: """
            The policy decides what you leave out. If it was not confirmed, repeat it with
            the --id that is shown: it opens one request.

              docket request create --contact ID --channel api --text Hi --credentials FILE
            """
    )

    @OptionGroup var signIn: SignInOptions
    @OptionGroup var output: RequestOutput

    @Option(help: "The customer: name, e-mail address, phone number, external id or id.")
    var contact: String

    @Option(help: "The key of the channel.")
    var channel: String

    @Option(help: "The description, which becomes the first message.")
    var text: String

    @Option(help: "chat, ticket or task. Default: the channel's.")
    var kind: KindArgument?

    @Option(help: "The title. Some channels require it.")
    var title: String?

    @Option(help: "The key of the topic.")
    var topic: String?

    @Option(help: "The key of the type.")
    var type: String?

    @Option(help: "The key of the priority.")
    var priority: String?

    @Option(help: "A tag. Repeatable.")
    var tag: [String] = []

    @Option(help: "A field of the policy, as KEY=VALUE. Repeatable.")
    var field: [FieldArgument] = []

    @Flag(name: .customLong("internal"), help: "Internal: the contact never sees it.")
    var isInternal = false

    @Option(help: "The number of the request that it is created from.")
    var from: RequestNumber?

    @Option(help: "The request's id, a UUID of version 7.")
    var id: RequestIdentifierArgument?

    func act(with client: DocketClient) async throws -> ExitStatus {
        let id = id?.value ?? RequestID()
        let draft = try await draft(client)
        let request: SupportRequest
        do throws(DocketClientError) {
            request = try await client.requests.create(draft, id: id)
        } catch {
            throw await failure(error, id, client)
        }
        try output.tell(request)
        return .done
    }

    private func failure(
        _ error: DocketClientError,
        _ id: RequestID,
        _ client: DocketClient
    ) async -> CommandFailure {
        if error.code == .outcomeUnknown {
            let advice = "To learn what became of it, create it again with --id \(id)"
            return CommandFailure(error, advice: advice)
        }
        if self.id != nil, error.refusal?.reason == "key_reused" {
            let advice = "It may be open already. Look: docket queue --all --newest"
            return CommandFailure(error, advice: advice)
        }
        return await RefusalHelp(client).failure(error, about: nil, after: .create)
    }

    private func draft(_ client: DocketClient) async throws -> RequestDraft {
        let contact = try await Directory(client).id(of: contact)
        var draft = RequestDraft(channel: channel, text: text, contact: contact)
        draft.kind = kind?.kind
        draft.title = title
        draft.topic = topic
        draft.type = type
        draft.priority = priority
        draft.tags = tag
        draft.isInternal = isInternal
        if let from { draft.source = try await client.requests.numbered(from.value).id }
        guard !field.isEmpty else { return draft }
        let rules = try await DeskRules(of: client)
        for field in field { draft.fields[field.key] = try rules.value(of: field) }
        return draft
    }
}

/// The id of a request, as it is written on a command line.
struct RequestIdentifierArgument: ExpressibleByArgument {
    let value: RequestID

    init?(argument: String) {
        guard let value = RequestID(argument) else { return nil }
        self.value = value
    }
}
