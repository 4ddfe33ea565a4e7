internal import ArgumentParser
internal import DocketClient
internal import DocketConsole
internal import DocketTerminal

/// Makes a request of some of another's messages.
struct RequestSplitCommand: AsyncParsableCommand, RequestChange {
    static let configuration = CommandConfiguration(
        commandName: "split",
        abstract: "Move messages of a request into a new one.",
        discussion: """
            Without --message: what was said since a finished chat was reopened. See the
            ids with `docket request messages`.

              docket request split 12 --credentials FILE
              docket request split 12 --message ID --credentials FILE
            """
    )

    @OptionGroup var target: RequestTarget

    @Option(help: "The id of a message. Repeatable.")
    var message: [MessageArgument] = []

    func change(
        _ request: SupportRequest,
        with client: DocketClient
    ) async throws -> SupportRequest {
        guard !message.isEmpty else {
            return try await client.requests.splitNewMessages(of: request.id)
        }
        return try await client.requests.splitMessages(message.map(\.value), of: request.id)
    }
}

/// Lets two requests become one.
struct RequestMergeCommand: AsyncParsableCommand, RequestChange {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Merge two requests of one conversation. The older one stays.",
        discussion: """
              docket request merge 13 --credentials FILE
              docket request merge 13 11 --credentials FILE
            """
    )

    @OptionGroup var target: RequestTarget

    @Argument(help: "The other request's number. Default: the one before it in the conversation.")
    var other: RequestNumber?

    func words(with client: DocketClient) async -> RefusalWords.Typed {
        guard let other else { return .merge(other: nil) }
        return .merge(other: try? await client.requests.numbered(other.value))
    }

    func success(_ before: SupportRequest, _ after: SupportRequest) -> TerminalText? {
        let merged = after.number == before.number ? other?.value : before.number
        return merged.map { "request \($0) was merged into \(after.number)" }
    }

    func change(
        _ request: SupportRequest,
        with client: DocketClient
    ) async throws -> SupportRequest {
        guard let other else { return try await client.requests.merge(request.id) }
        let id = try await client.requests.numbered(other.value).id
        return try await client.requests.merge(request.id, with: id)
    }
}

/// Links two requests.
struct RequestLinkCommand: AsyncParsableCommand, RequestChange {
    static let configuration = CommandConfiguration(
        commandName: "link",
        abstract: "Link two requests.",
        discussion: """
              docket request link 12 related 9 --credentials FILE
              docket request link 12 parent 13 --credentials FILE
            """
    )

    @OptionGroup var target: RequestTarget

    @Argument(help: "What the first is to the second: related, duplicate, parent or child.")
    var kind: LinkArgument

    @Argument(help: "The other request's number.")
    var other: RequestNumber

    func words(with client: DocketClient) async -> RefusalWords.Typed {
        .link(kind, other: other.value)
    }

    func success(_ before: SupportRequest, _ after: SupportRequest) -> TerminalText? {
        "request \(before.number) is now \(kind.words) \(other.value)"
    }

    func change(
        _ request: SupportRequest,
        with client: DocketClient
    ) async throws -> SupportRequest {
        let id = try await client.requests.numbered(other.value).id
        return try await client.requests.link(request.id, to: id, as: kind.kind)
    }
}

/// Takes a link away.
struct RequestUnlinkCommand: AsyncParsableCommand, RequestChange {
    static let configuration = CommandConfiguration(
        commandName: "unlink",
        abstract: "Remove a link between two requests.",
        discussion: "  docket request unlink 12 related 9 --credentials FILE"
    )

    @OptionGroup var target: RequestTarget

    @Argument(help: "What the first is to the second: related, duplicate, parent or child.")
    var kind: LinkArgument

    @Argument(help: "The other request's number.")
    var other: RequestNumber

    func words(with client: DocketClient) async -> RefusalWords.Typed {
        .unlink(kind, other: other.value)
    }

    func success(_ before: SupportRequest, _ after: SupportRequest) -> TerminalText? {
        "request \(before.number) is no longer \(kind.words) \(other.value)"
    }

    func change(
        _ request: SupportRequest,
        with client: DocketClient
    ) async throws -> SupportRequest {
        let id = try await client.requests.numbered(other.value).id
        return try await client.requests.unlink(request.id, from: id, as: kind.kind)
    }
}
