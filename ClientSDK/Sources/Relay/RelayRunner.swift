internal import DocketMessages
internal import Synchronization

/// Carries messages between another system and the desk for as long as a relay lasts.
///
/// What comes from the other system is kept in the local store until it is in the outbox, which
/// needs a conversation; what the desk says is kept from the moment at which the feed tells it
/// until somebody says that it is delivered. `Lines` decides what is next; this shell keeps it and
/// makes the calls.
final class RelayRunner: Sendable {
    /// What changes, under one lock.
    struct Shared {
        var place: RelayPlace?
        /// Whether the feed has told all that there is.
        var isLevel = false
        /// How far the local store says that the relay has read.
        var keptCursor: Cursor?
        var incoming = Lines<String, QueuedIncoming>()
        var incomingBytes = 0
        /// Where the incoming messages stand, by their ids.
        var incomingPositions: [MessageID: UInt64] = [:]
        /// Those that are being kept for the first time.
        var keeping: [MessageID: Task<EnqueueError?, Never>] = [:]
        var incomingUnderWay = 0
        var incomingBackoff: [MessageID: Backoff] = [:]
        var outgoing = Lines<ConversationID, QueuedOutgoing>()
        var outgoingBytes = 0
        /// Where the messages of the desk stand, by their ids.
        var outgoingPositions: [MessageID: UInt64] = [:]
        /// The conversations of contacts, by what the other system calls these.
        var conversations: [String: ConversationID] = [:]
        /// Whose some conversations are; nil for those of other channels.
        var contacts: [ConversationID: ExternalContact?] = [:]
        /// Why nothing goes on any more.
        var trouble: DocketClientError?
        var observers: [Int: AsyncStream<RelayCondition>.Continuation] = [:]
        var lastObserver = 0
    }

    let client: DocketClient
    let name: String
    let channel: String
    let start: FeedStart
    let limits: RelayLimits
    let bell = SharedBell()
    let shared: Mutex<Shared>

    var engine: Engine { client.engine }
    var store: LocalStore { client.runner.store }

    /// A runner over what an earlier one of the name has kept.
    ///
    /// - Throws: `storage` where that cannot be read.
    init(
        _ client: DocketClient,
        name: String,
        channel: String,
        from start: FeedStart,
        limits: RelayLimits
    ) throws(DocketClientError) {
        self.client = client
        self.name = name
        self.channel = channel
        self.start = start
        self.limits = limits
        do throws(LocalStoreError) {
            let content = try client.runner.store.readRelays { try $0.content(of: name) }
            shared = Mutex(Shared(content))
        } catch {
            throw DocketClientError(error)
        }
    }

    /// Goes on until the task is cancelled or nothing can follow.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.takeIn() }
            group.addTask { await self.passOn() }
            await group.waitForAll()
        }
    }

    /// Changes what is shared, and tells everybody.
    func change<Value>(_ body: (inout sending Shared) throws -> sending Value) rethrows -> Value {
        let value = try shared.withLock(body)
        tell()
        return value
    }

    /// Ends everything that waits.
    func end(because error: DocketClientError) {
        change { shared in
            if shared.trouble == nil { shared.trouble = error }
        }
        let observers = shared.withLock { shared in
            defer { shared.observers = [:] }
            return Array(shared.observers.values)
        }
        for observer in observers { observer.finish() }
    }

    /// Wakes whoever waits, and tells how the relay stands.
    func tell() {
        bell.ring()
        shared.withLock { shared in
            let condition = shared.condition(at: engine.clock.moment())
            // An observer keeps the newest condition, and telling it runs no code of anybody's.
            // Under the lock nobody overtakes it with an older one.
            for observer in shared.observers.values { observer.yield(condition) }
        }
    }

    /// How the relay stands, now and whenever that changes.
    func conditions() -> AsyncStream<RelayCondition> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: RelayCondition.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        let number = shared.withLock { shared in
            shared.lastObserver += 1
            return shared.lastObserver
        }
        continuation.onTermination = { [weak self] _ in
            self?.shared.withLock { _ = $0.observers.removeValue(forKey: number) }
        }
        let isOver = shared.withLock { shared in
            continuation.yield(shared.condition(at: engine.clock.moment()))
            guard shared.trouble == nil else { return true }
            shared.observers[number] = continuation
            return false
        }
        if isOver { continuation.finish() }
        return stream
    }

    /// Keeps changes; waits as long as the disk is full.
    ///
    /// - Throws: Why they cannot be kept, and `cancelled`.
    func keep(_ changes: [RelayChange]) async throws(DocketClientError) {
        while true {
            do throws(LocalStoreError) {
                return try await store.commit(changes.map(LocalChange.relay))
            } catch {
                guard error == .full else { throw DocketClientError(error) }
            }
            guard await engine.clock.sleep(until: engine.clock.now() + limits.room) else {
                throw DocketClientError(.cancelled, "the relay has ended")
            }
        }
    }

    /// The mark of something that stands still from now on.
    func mark(_ reason: String) -> ParkedMark {
        ParkedMark(reason: reason, since: engine.clock.moment())
    }
}

extension RelayRunner.Shared {
    /// What an earlier relay has kept.
    init(_ content: RelayContent) {
        place = content.place
        keptCursor = content.place?.cursor
        for message in content.incoming { insert(message) }
        for message in content.outgoing { append(message) }
    }

    /// Takes in an incoming message that is kept.
    private mutating func insert(_ message: QueuedIncoming) {
        incoming.insert(
            message,
            at: message.position,
            in: message.contact.id,
            isParked: message.parked != nil
        )
        incomingPositions[message.id] = message.position
        incomingBytes += message.size
    }

    /// An incoming message is done with.
    mutating func remove(_ message: QueuedIncoming) {
        guard incomingPositions.removeValue(forKey: message.id) != nil else { return }
        incoming.remove(message.position)
        incomingBackoff[message.id] = nil
        incomingBytes -= message.size
    }

    /// Puts a message of the desk that is kept at the end of its line.
    mutating func append(_ message: QueuedOutgoing) {
        let position = outgoing.append(
            to: message.conversation,
            isParked: message.parked != nil
        ) { _ in message }
        outgoingPositions[message.message.id] = position
        outgoingBytes += message.size
    }

    /// A message of the desk is done with.
    mutating func remove(_ message: QueuedOutgoing) {
        guard let position = outgoingPositions.removeValue(forKey: message.message.id) else {
            return
        }
        outgoing.remove(position)
        outgoingBytes -= message.size
    }

    /// How everything stands.
    func condition(at moment: Timestamp) -> RelayCondition {
        let waitsSince = outgoing.oldest.map {
            Timestamp(millisecondsSinceEpoch: $0.entry.event.atMilliseconds)
        }
        return RelayCondition(
            isLevel: isLevel,
            incoming: incoming.count,
            outgoing: outgoing.count,
            parked: incoming.parkedCount + outgoing.parkedCount,
            lag: waitsSince.map { $0.distance(to: moment) } ?? .zero,
            trouble: trouble
        )
    }
}
