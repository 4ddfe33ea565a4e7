internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole

/// Sets the status of requests.
struct RequestStatusCommand: AsyncParsableCommand, RequestsChange {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Move requests to another status, as the policy allows.",
        usage: "docket request status <numbers> ... <status> [<options>]",
        discussion: """
            To end a live chat, use `docket finish`. To wait for a moment, use
            `docket request postpone`.

              docket request status 12 waiting --credentials FILE
              docket request status 12 13 waiting --topic hardware --credentials FILE
            """
    )

    @OptionGroup var signIn: SignInOptions
    @OptionGroup var output: RequestOutput
    @OptionGroup var seen: SeenVersion
    @OptionGroup var details: DetailOptions

    @Argument(help: "The numbers of the requests, and the key of the status last.")
    var words: [String]

    @Option(help: "Why. The contact sees it; for colleagues only, write a note.")
    var reason: String?

    /// The key of the status.
    var status: String { words.last ?? "" }
    var numbers: [RequestNumber] { words.dropLast().compactMap { RequestNumber(argument: $0) } }
    var typed: MissingFields.Command { .status(status, hasReason: reason != nil) }

    func validate() throws {
        guard words.count > 1, RequestNumber(argument: status) == nil else {
            throw ValidationError("Name requests and then a status: 12 13 waiting")
        }
        for word in words.dropLast() where RequestNumber(argument: word) == nil {
            throw ValidationError("'\(word)' is not the number of a request")
        }
        try validate(numbers, seen: seen)
    }

    func change(
        _ request: SupportRequest,
        with client: DocketClient
    ) async throws -> SupportRequest {
        let version = try await details.fill(request, expecting: seen.number, with: client)
        return try await client.requests.setStatus(
            status,
            of: request.id,
            reason: reason,
            expecting: version
        )
    }
}

/// Lets a request sleep until a moment.
struct RequestPostponeCommand: AsyncParsableCommand, RequestChange {
    static let configuration = CommandConfiguration(
        commandName: "postpone",
        abstract: "Put a request to sleep until a moment.",
        discussion: """
            It sleeps in the policy's status for that, and wakes by itself.

              docket request postpone 12 --until 3d --credentials FILE
              docket request postpone 12 --until 2026-12-01T09:00 --credentials FILE
            """
    )

    @OptionGroup var target: RequestTarget

    @Option(help: "Until when: 2026-12-01T09:00 or a span such as 2h or 3d.")
    var until: MomentArgument

    @Option(help: "The key of the status, if the policy has several for that.")
    var status: String?

    @Option(help: "Why. The contact sees it; for colleagues only, write a note.")
    var reason: String?

    var typed: MissingFields.Command {
        // A line that is advised quotes nothing, and a date may stand before its time with a T.
        .postpone(
            until: until.argument.replacing(" ", with: "T"),
            status: status,
            hasReason: reason != nil
        )
    }

    func words(with client: DocketClient) async -> RefusalWords.Typed { .postpone }

    func change(
        _ request: SupportRequest,
        with client: DocketClient
    ) async throws -> SupportRequest {
        var status = status
        if status == nil {
            status = try await DeskRules(of: client).sleepingStatus(kind: request.kind.rawValue)
        }
        guard let status else {
            throw CommandFailure(
                "the policy has no status in which requests sleep",
                advice: "Name a status: --status KEY",
                status: .refused
            )
        }
        return try await client.requests.setStatus(
            status,
            of: request.id,
            reason: reason,
            wakeAt: until.text.timestamp(at: .now)
        )
    }
}

/// Says that the caller looks at a request.
struct RequestViewCommand: AsyncParsableCommand, RequestChange {
    static let configuration = CommandConfiguration(
        commandName: "view",
        abstract: "Tell the desk that you have opened a request. That may change its status.",
        discussion: "  docket request view 12 --credentials FILE"
    )

    @OptionGroup var target: RequestTarget

    func change(
        _ request: SupportRequest,
        with client: DocketClient
    ) async throws -> SupportRequest {
        try await client.requests.view(request.id)
    }
}

/// Removes a request.
struct RequestDeleteCommand: AsyncParsableCommand, RequestChange {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a request. It can be restored.",
        discussion: "  docket request delete 12 --credentials FILE"
    )

    @OptionGroup var target: RequestTarget

    func change(
        _ request: SupportRequest,
        with client: DocketClient
    ) async throws -> SupportRequest {
        try await client.requests.delete(request.id)
    }
}

/// Brings a deleted request back.
struct RequestRestoreCommand: AsyncParsableCommand, RequestChange {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Restore a deleted request to the status it had.",
        discussion: "  docket request restore 12 --credentials FILE"
    )

    @OptionGroup var target: RequestTarget

    func words(with client: DocketClient) async -> RefusalWords.Typed { .restore }

    func change(
        _ request: SupportRequest,
        with client: DocketClient
    ) async throws -> SupportRequest {
        try await client.requests.restore(request.id)
    }
}
