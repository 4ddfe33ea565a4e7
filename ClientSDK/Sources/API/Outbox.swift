internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

/// What a client has queued and has no verdict yet, and what was refused.
public struct Outbox: Sendable {
    let runner: OutboxRunner

    /// The messages in the order in which they were queued.
    ///
    /// - Throws: `storage` if the local store cannot be read.
    public func messages() throws(DocketClientError) -> [QueuedMessage] {
        try messages(in: nil, newest: .max)
    }

    /// The newest messages of a lane, or of all, in the order in which they were queued.
    func messages(in lane: Lane?, newest count: Int) throws(DocketClientError) -> [QueuedMessage] {
        try queued(of: CommandKind.messages, in: lane, newest: count) {
            (command, call, state) throws(LocalStoreError) in
            let files = runner.uploads.attachments(of: command.position)
            return try QueuedMessage(command, call: call, files, state)
        }
    }

    /// The requests, tickets and comments in the order in which they were queued.
    ///
    /// - Throws: `storage` if the local store cannot be read.
    public func requests() throws(DocketClientError) -> [QueuedRequest] {
        try queued(of: CommandKind.requests, in: nil, newest: .max) {
            (command, call, state) throws(LocalStoreError) in
            try QueuedRequest(command, call: call, state)
        }
    }

    private func queued<Item>(
        of kinds: Set<CommandKind>,
        in lane: Lane?,
        newest count: Int,
        _ item: (QueuedCommand, [UInt8], QueueState) throws(LocalStoreError) -> Item
    ) throws(DocketClientError) -> [Item] {
        let (commands, underWay) = runner.queued(in: lane)
        do throws(LocalStoreError) {
            return try Self.items(
                of: kinds,
                commands,
                underWay,
                newest: count,
                calls: { (positions) throws(LocalStoreError) in
                    try runner.store.calls(of: positions)
                },
                item
            )
        } catch {
            throw DocketClientError(error)
        }
    }

    /// The messages in a profile that another process has, as they stand on disk.
    static func messages(
        ofProfileAt folder: String
    ) throws(DocketClientError) -> [QueuedMessage] {
        try items(of: CommandKind.messages, inProfileAt: folder) {
            (command, call, state, files) throws(LocalStoreError) in
            let files = files.attachments(of: command.position)
            return try QueuedMessage(command, call: call, files, state)
        }
    }

    /// The requests, tickets and comments in a profile that another process has, as they stand on
    /// disk.
    static func requests(
        ofProfileAt folder: String
    ) throws(DocketClientError) -> [QueuedRequest] {
        try items(of: CommandKind.requests, inProfileAt: folder) {
            (command, call, state, _) throws(LocalStoreError) in
            try QueuedRequest(command, call: call, state)
        }
    }

    private static func items<Item>(
        of kinds: Set<CommandKind>,
        inProfileAt folder: String,
        _ item: (QueuedCommand, [UInt8], QueueState, UploadMachine) throws(LocalStoreError) -> Item
    ) throws(DocketClientError) -> [Item] {
        do throws(LocalStoreError) {
            let (content, calls) = try LocalStore.look(into: folder + "/\(Profile.fileName)")
            let files = UploadMachine(content.files, of: content.commands, limits: OutboxLimits())
            return try items(
                of: kinds,
                content.commands,
                [],
                newest: .max,
                calls: { _ in calls },
                { (command, call, state) throws(LocalStoreError) in
                    try item(command, call, state, files)
                }
            )
        } catch {
            throw DocketClientError(error)
        }
    }

    /// The newest of some commands that are of these kinds, with where they stand.
    private static func items<Item>(
        of kinds: Set<CommandKind>,
        _ commands: [QueuedCommand],
        _ underWay: Set<CommandID>,
        newest count: Int,
        calls: ([UInt64]) throws(LocalStoreError) -> [UInt64: [UInt8]],
        _ item: (QueuedCommand, [UInt8], QueueState) throws(LocalStoreError) -> Item
    ) throws(LocalStoreError) -> [Item] {
        var states: [(QueuedCommand, QueueState)] = []
        var stopped: [Lane: CommandID] = [:]
        for command in commands {
            let obstacle = stopped[command.lane]
            if command.stop != nil, obstacle == nil { stopped[command.lane] = command.id }
            guard kinds.contains(command.kind) else { continue }
            let isUnderWay = underWay.contains(command.id)
            states.append((command, QueueState(command, isUnderWay: isUnderWay, behind: obstacle)))
        }
        let shown = states.suffix(count)
        let calls = try calls(shown.map(\.0.position))
        var items: [Item] = []
        for (command, state) in shown {
            // One without a call has left since.
            guard let call = calls[command.position] else { continue }
            items.append(try item(command, call, state))
        }
        return items
    }

    /// A message that waits or was refused; nil when there is none.
    public func message(_ id: MessageID) -> PendingMessage? {
        runner.pending(CommandID(id), of: CommandKind.messages)?.message
    }

    /// A request that waits to be opened or was refused; nil when there is none.
    public func request(_ id: RequestID) -> PendingRequest? {
        runner.pending(CommandID(id), of: [.request])?.request
    }

    /// A ticket that waits or was refused, by its own id; nil when there is none.
    public func ticket(_ id: RequestID) -> PendingTicket? {
        runner.pending(CommandID(id), of: [.ticket])?.ticket
    }

    /// A comment that waits or was refused; nil when there is none.
    public func comment(_ id: MessageID) -> PendingComment? {
        runner.pending(CommandID(id), of: [.comment])?.comment
    }

    /// Sends a message that was refused, has failed or has expired again, in its old place.
    ///
    /// A refused one gets a new id, since the server repeats its verdict on the old one. Any other
    /// keeps its id: it may have arrived, and so it is not stored twice.
    ///
    /// - Parameter id: The message.
    /// - Returns: The message to wait for; nil if it is none of these.
    /// - Throws: Why it cannot be kept; then it stays as it is.
    public func retry(_ id: MessageID) async throws(EnqueueError) -> PendingMessage? {
        try await runner.retry(CommandID(id), of: CommandKind.messages)?.message
    }

    /// Sends anything that was refused, has failed or has expired again, as `retry(_:)` does for a
    /// message.
    ///
    /// The comments behind a ticket are comments on it under its new id.
    ///
    /// - Parameter id: What was queued: `QueuedRequest.id`.
    /// - Returns: The id under which it is sent; nil if it is none of these.
    /// - Throws: Why it cannot be kept; then it stays as it is.
    public func retry(_ id: CommandID) async throws(EnqueueError) -> CommandID? {
        try await runner.retry(id, of: Set(CommandKind.allCases))?.id
    }

    /// Forgets a message, a request, a ticket or a comment; what is behind it moves up.
    ///
    /// The comments behind a ticket stay, and are refused where there is no such request: discard
    /// them too.
    ///
    /// - Parameter id: What was queued.
    /// - Returns: Whether there was such a thing. What may have been sent can still arrive.
    /// - Throws: Why it could not be taken out of the local store; then it is still there.
    @discardableResult
    public func discard(_ id: Identifier<some Any>) async throws(EnqueueError) -> Bool {
        try await runner.takeBack(CommandID(id)) != .unknown
    }

    /// How much waits, now and whenever it changes until the client is closed.
    ///
    /// For one reader; ask again for another. A slow reader misses states in between.
    public var summaries: AsyncStream<OutboxSummary> { runner.summaries }
}

/// How much an outbox holds.
public struct OutboxSummary: Hashable, Sendable {
    /// How many commands wait for a verdict: messages, requests, tickets and comments.
    public let waiting: Int
    /// How many were refused, have failed or have expired, and stop their conversations or tickets.
    public let stopped: Int
    /// The bytes of all of them.
    public let bytes: Int

    init(_ machine: OutboxMachine) {
        waiting = machine.count - machine.stoppedCount
        stopped = machine.stoppedCount
        bytes = machine.bytes
    }
}
