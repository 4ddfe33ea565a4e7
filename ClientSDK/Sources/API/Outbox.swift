internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

/// The messages of a client that have no verdict yet, and those that were refused.
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
        let (commands, underWay) = runner.queued(in: lane)
        do throws(LocalStoreError) {
            return try Self.messages(
                commands,
                underWay,
                newest: count,
                files: runner.uploads.attachments
            ) { (positions) throws(LocalStoreError) in
                try runner.store.calls(of: positions)
            }
        } catch {
            throw DocketClientError(error)
        }
    }

    /// The messages in a profile that another process has, as they stand on disk.
    static func messages(
        ofProfileAt folder: String
    ) throws(DocketClientError) -> [QueuedMessage] {
        do throws(LocalStoreError) {
            let (content, calls) = try LocalStore.look(into: folder + "/\(Profile.fileName)")
            let files = UploadMachine(content.files, of: content.commands, limits: OutboxLimits())
            return try messages(
                content.commands,
                [],
                newest: .max,
                files: files.attachments
            ) { _ in calls }
        } catch {
            throw DocketClientError(error)
        }
    }

    /// The newest of some commands, with where they stand.
    private static func messages(
        _ commands: [QueuedCommand],
        _ underWay: Set<MessageID>,
        newest count: Int,
        files: (UInt64) -> [QueuedAttachment],
        calls: ([UInt64]) throws(LocalStoreError) -> [UInt64: [UInt8]]
    ) throws(LocalStoreError) -> [QueuedMessage] {
        var states: [(QueuedCommand, QueuedMessage.State)] = []
        var stopped: [Lane: MessageID] = [:]
        for command in commands {
            let isUnderWay = underWay.contains(command.id)
            let obstacle = stopped[command.lane]
            states.append(
                (command, QueuedMessage.State(command, isUnderWay: isUnderWay, behind: obstacle))
            )
            if command.stop != nil, obstacle == nil { stopped[command.lane] = command.id }
        }
        let shown = states.suffix(count)
        let calls = try calls(shown.map(\.0.position))
        var messages: [QueuedMessage] = []
        for (command, state) in shown {
            // One without a call has left since.
            guard let call = calls[command.position] else { continue }
            let files = files(command.position)
            messages.append(try QueuedMessage(command, call: call, files, state))
        }
        return messages
    }

    /// A message that waits or was refused; nil when there is none.
    public func message(_ id: MessageID) -> PendingMessage? {
        runner.pending(id)
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
        try await runner.retry(id)
    }

    /// Forgets a message; those behind it move up.
    ///
    /// - Parameter id: The message.
    /// - Returns: Whether there was such a message. One that may have been sent can still arrive.
    /// - Throws: Why the message could not be taken out of the local store; then it is still there.
    @discardableResult
    public func discard(_ id: MessageID) async throws(EnqueueError) -> Bool {
        try await runner.takeBack(id) != .unknown
    }

    /// How much waits, now and whenever it changes until the client is closed.
    ///
    /// For one reader; ask again for another. A slow reader misses states in between.
    public var summaries: AsyncStream<OutboxSummary> { runner.summaries }
}

/// How much an outbox holds.
public struct OutboxSummary: Hashable, Sendable {
    /// How many messages wait for a verdict.
    public let waiting: Int
    /// How many were refused, have failed or have expired, and stop their conversations.
    public let stopped: Int
    /// The bytes of all of them.
    public let bytes: Int

    init(_ machine: OutboxMachine) {
        waiting = machine.count - machine.stoppedCount
        stopped = machine.stoppedCount
        bytes = machine.bytes
    }
}

/// A message in the outbox.
public struct QueuedMessage: Hashable, Sendable {
    /// Where a message stands.
    public enum State: Hashable, Sendable {
        /// It waits for its turn.
        case waiting
        /// It is being sent.
        case sending
        /// The server refused it.
        case refused(Refusal)
        /// The server fails at it every time, or this machine has lost what belongs to it.
        case failed(Refusal)
        /// It has waited too long.
        case expired
        /// It waits behind this message, which was refused, has failed or has expired.
        case blocked(by: MessageID)
    }

    /// Its id.
    public let id: MessageID
    /// Where it is to be said.
    public let conversationID: ConversationID
    /// What is to be said.
    public let text: String
    /// The files that belong to it, and how far they have come.
    public let attachments: [QueuedAttachment]
    /// When it was queued, by the clock of this machine.
    public let queuedAt: Timestamp
    /// Whether it may have been sent already.
    public let mayBeSent: Bool
    /// Where it stands.
    public let state: State
}

extension QueuedMessage.State {
    fileprivate init(_ command: QueuedCommand, isUnderWay: Bool, behind obstacle: MessageID?) {
        switch command.stop {
        case .refused(let refusal): self = .refused(refusal)
        case .gaveUp(let refusal): self = .failed(refusal)
        case .expired: self = .expired
        case nil: self = isUnderWay ? .sending : obstacle.map { .blocked(by: $0) } ?? .waiting
        }
    }
}

extension QueuedMessage {
    fileprivate init(
        _ command: QueuedCommand,
        call bytes: [UInt8],
        _ attachments: [QueuedAttachment],
        _ state: State
    ) throws(LocalStoreError) {
        let call = try Docket_V1_PostCall(kept: bytes)
        guard let conversation = ConversationID(bytes: call.conversationID) else {
            throw .damaged("a message without a conversation")
        }
        id = command.id
        conversationID = conversation
        text = call.text
        self.attachments = attachments
        queuedAt = command.queuedAt
        mayBeSent = command.mayBeSent
        self.state = state
    }
}

extension CommandKind {
    /// The same call under another id, with other ids of its files if there are any.
    func renewed(
        _ call: [UInt8],
        as id: MessageID,
        files: [AttachmentID],
        in lane: Lane
    ) throws(LocalStoreError) -> CommandDraft {
        switch self {
        case .post, .ingest:
            var post = try Docket_V1_PostCall(kept: call)
            post.header.commandID = Data(id.bytes)
            if !files.isEmpty { post.attachmentIds = files.map { Data($0.bytes) } }
            return try CommandDraft(id, in: lane, self, post)
        }
    }
}

extension CommandDraft {
    /// A command with a call that is yet to be encoded.
    init(
        _ id: MessageID,
        in lane: Lane,
        _ kind: CommandKind,
        _ call: some SwiftProtobuf.Message
    ) throws(LocalStoreError) {
        do throws(RPCError) {
            self.init(id, in: lane, kind, call: try encoded(call))
        } catch {
            throw .failed(error.message)
        }
    }
}

extension Docket_V1_PostCall {
    /// Reads a call that was kept.
    fileprivate init(kept bytes: [UInt8]) throws(LocalStoreError) {
        do {
            self = try Docket_V1_PostCall(serializedBytes: bytes)
        } catch {
            throw .damaged("a message that cannot be read")
        }
    }
}
