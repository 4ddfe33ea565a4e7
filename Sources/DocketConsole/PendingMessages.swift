internal import DocketClient
internal import DocketTerminal

/// The messages of a reader that have no verdict, in the order in which they were said, and those
/// that will not leave by themselves.
struct PendingMessages: Sendable {
    /// A message that will not leave by itself.
    struct Stopped {
        let text: String
        /// Why.
        let words: String
    }

    private struct Message: Sendable {
        let id: MessageID
        let text: String
        /// Whether this program waits for its verdict; others are known from the outbox alone.
        var isAwaited: Bool
        var isKept: Bool
        /// Whether somebody has to decide what becomes of it.
        var isStopped = false
        /// Whether it waits behind such a one.
        var isBehind = false
        var progress: TransferProgress?

        /// Whether it leaves by itself.
        var isMoving: Bool { !isStopped && !isBehind }
    }

    private var messages: [Message] = []
    /// What has its verdict: an outbox that was read before that may still have it.
    private var settled: Set<MessageID> = []
    private var told: Set<MessageID> = []

    /// All of them.
    var count: Int { messages.count }
    /// Those that leave by themselves.
    var movingCount: Int { messages.count(where: \.isMoving) }
    /// Those about which somebody has to decide.
    var stoppedCount: Int { messages.count(where: \.isStopped) }
    /// Those behind them.
    var behindCount: Int { messages.count - movingCount - stoppedCount }
    /// Those that outlive the program.
    var keptCount: Int { messages.count(where: \.isKept) }
    /// Those that do not.
    var unkeptCount: Int { messages.count - keptCount }

    /// What is being sent; nil for nothing.
    var words: TerminalText? {
        guard let first = messages.first(where: \.isMoving) else { return nil }
        let count: TerminalText = movingCount == 1 ? "" : " \(movingCount)"
        let progress: TerminalText = first.progress.map { " \($0.words)" } ?? ""
        return "… sending" + count + ": \(first.text)" + progress
    }

    /// A message was said in this program.
    mutating func say(_ text: String, id: MessageID) {
        messages.append(Message(id: id, text: text, isAwaited: true, isKept: false))
    }

    /// A message is in the outbox.
    mutating func keep(_ id: MessageID) {
        guard let index = messages.firstIndex(where: { $0.id == id }) else { return }
        messages[index].isKept = true
    }

    /// A message has its verdict, or none will come; gives what was said, nil where that is known
    /// already.
    @discardableResult
    mutating func settle(_ id: MessageID) -> String? {
        settled.insert(id)
        guard let index = messages.firstIndex(where: { $0.id == id }) else { return nil }
        return messages.remove(at: index).text
    }

    /// A message is not waited for any longer; gives what was said.
    mutating func postpone(_ id: MessageID) -> String? {
        guard let index = messages.firstIndex(where: { $0.id == id && $0.isAwaited }) else {
            return nil
        }
        messages[index].isAwaited = false
        messages[index].isKept = true
        return messages[index].text
    }

    /// The outbox holds these; gives those that do not leave by themselves, each once.
    mutating func update(
        _ queued: [QueuedMessage],
        at now: ContinuousClock.Instant
    ) -> [Stopped] {
        let held = Set(queued.map(\.id))
        messages.removeAll { !$0.isAwaited && !held.contains($0.id) }
        return queued.filter { !settled.contains($0.id) }.compactMap { update($0, at: now) }
    }

    private mutating func update(
        _ queued: QueuedMessage,
        at now: ContinuousClock.Instant
    ) -> Stopped? {
        let words = QueueWords(queued.state)
        let index = messages.firstIndex { $0.id == queued.id } ?? messages.endIndex
        if index == messages.endIndex {
            let text = queued.excerpt
            messages.append(Message(id: queued.id, text: text, isAwaited: false, isKept: true))
        }
        messages[index].isKept = true
        messages[index].isBehind = words.isBehind
        messages[index].progress = TransferProgress(
            of: queued.attachments,
            after: messages[index].progress,
            at: now
        )
        guard !messages[index].isAwaited else { return nil }
        messages[index].isStopped = words.needsSomebody
        guard words.needsSomebody, told.insert(queued.id).inserted else { return nil }
        return Stopped(text: messages[index].text, words: words.summary)
    }
}
