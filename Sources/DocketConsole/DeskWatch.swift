public import DocketClient
internal import DocketCommandLine

/// Shows an agent what happens at the desk, until the program is ended.
public actor DeskWatch {
    private let client: DocketClient
    private let isMineOnly: Bool
    private let isJSON: Bool
    private var face: WatchFace
    private var concern: AgentConcern

    /// A watch that has not begun.
    ///
    /// - Parameters:
    ///   - client: The connection, signed in.
    ///   - agent: Who watches.
    ///   - isMineOnly: Whether only what concerns the agent's own requests is shown.
    ///   - isJSON: Whether each line is a JSON object.
    ///   - isTerminal: Whether standard output is a terminal.
    public init(
        _ client: DocketClient,
        by agent: PartyID,
        isMineOnly: Bool,
        isJSON: Bool,
        isTerminal: Bool
    ) {
        self.client = client
        self.isMineOnly = isMineOnly
        self.isJSON = isJSON
        face = WatchFace(isJSON ? .json : .text(isTerminal: isTerminal), for: agent)
        concern = AgentConcern(of: agent)
    }

    /// Runs until nothing can follow.
    ///
    /// - Parameter start: Where to begin.
    /// - Throws: `CommandFailure`; with JSON also where the server cannot go on from a cursor, as
    ///   only the caller knows what it kept.
    public func run(from start: FeedStart) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.watchConnection() }
            group.addTask { try await self.follow(from: start) }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func watchConnection() async throws {
        for await state in client.states {
            try face.connectionChanged(state)
            if case .needsLogin(let error) = state { throw CommandFailure(error) }
        }
    }

    private func follow(from start: FeedStart) async throws {
        var start = start
        while true {
            do {
                for try await update in client.feed(from: start) { try await show(update) }
                return
            } catch let error as DocketClientError where error.code == .resyncRequired {
                try face.resynced(because: error)
                guard !isJSON else { throw CommandFailure(error) }
                start = .after(try await client.snapshot().cursor)
            }
        }
    }

    private func show(_ update: FeedUpdate) async throws {
        guard case .event(let event) = update.content else {
            if case .typing = update.content, isMineOnly { return }
            return try face.show(update, concerns: false)
        }
        await learn(of: event)
        let weight = concern.weigh(event)
        guard !isMineOnly || weight == .own else { return }
        try face.show(update, concerns: weight != .none)
    }

    /// Asks whose a request is that the watch does not know yet.
    private func learn(of event: Event) async {
        guard let id = event.request?.id, !concern.knows(id) else { return }
        if case .requestOpened = event.fact { return }
        do throws(DocketClientError) {
            concern.learn(try await client.requests.get(id))
        } catch {
            // The event is shown all the same; the next one of the request asks again.
        }
    }
}
