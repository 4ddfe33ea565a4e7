internal import ArgumentParser
internal import DocketClient
internal import DocketConsole

/// Sets a request's status.
struct RequestStatusCommand: AsyncParsableCommand, RequestChange {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Set the status of a request, where the policy lets you.",
        discussion: """
              docket request status 12 waiting --credentials FILE
              docket request status 12 snoozed --until 2h --credentials FILE
            """
    )

    @OptionGroup var target: RequestTarget
    @OptionGroup var seen: SeenVersion

    @Argument(help: "The key of the status.")
    var status: String

    @Option(help: "Why. The contact sees it; for the staff alone, write a note.")
    var reason: String?

    @Option(help: "Until when it sleeps: 2026-12-01T09:00 or a span such as 2h or 3d.")
    var until: MomentArgument?

    func change(
        _ request: SupportRequest,
        with client: DocketClient
    ) async throws -> SupportRequest {
        try await client.requests.setStatus(
            status,
            of: request.id,
            reason: reason,
            wakeAt: until?.text.timestamp(at: .now),
            expecting: seen.number
        )
    }
}

/// Lets a request sleep until a moment.
struct RequestPostponeCommand: AsyncParsableCommand, RequestChange {
    static let configuration = CommandConfiguration(
        commandName: "postpone",
        abstract: "Let a request sleep until a moment.",
        discussion: """
            The status is the one of the policy that waits for time.

              docket request postpone 12 --until 3d --credentials FILE
              docket request postpone 12 --until 2026-12-01T09:00 --credentials FILE
            """
    )

    @OptionGroup var target: RequestTarget

    @Option(help: "Until when: 2026-12-01T09:00 or a span such as 2h or 3d.")
    var until: MomentArgument

    @Option(help: "The key of the status, if the policy has several that wait for time.")
    var status: String?

    @Option(help: "Why. The contact sees it; for the staff alone, write a note.")
    var reason: String?

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
                "the policy has no status that waits for time",
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
        abstract: "Say that you look at a request. The first look may move it on.",
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
        abstract: "Remove a request, until it is restored.",
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
        abstract: "Bring a deleted request back into the status it had.",
        discussion: "  docket request restore 12 --credentials FILE"
    )

    @OptionGroup var target: RequestTarget

    func change(
        _ request: SupportRequest,
        with client: DocketClient
    ) async throws -> SupportRequest {
        try await client.requests.restore(request.id)
    }
}
