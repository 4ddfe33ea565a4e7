internal import Dispatch
internal import Foundation
internal import Synchronization

/// What a serving process is told from outside its connections.
enum ServerEvent: Equatable, Sendable {
    /// Finish what was begun and end; told twice: end now.
    case end
    /// Read the certificate again.
    case reload
    /// The store failed: end, since what is durable is no longer known.
    case storeFailed
}

/// The events of a serving process, as they come: from signals, and from the desk.
///
/// An event that already waits is not told again, so that no flood of signals delays the end.
///
/// The sources are set up once and only kept alive afterwards; nothing calls them. That is why the
/// class may claim to be Sendable.
final class ServerEvents: @unchecked Sendable {
    /// The signals that are events.
    ///
    /// ``StartSignals`` holds them until there are sources.
    static let signals: [(number: Int32, event: ServerEvent)] = [
        (SIGTERM, .end), (SIGINT, .end), (SIGHUP, .reload),
    ]

    private let waiting: EventsInWait
    private let sources: [any DispatchSourceSignal]

    /// Listens for the signals; those that came before are told now.
    init() {
        let waiting = EventsInWait()
        self.waiting = waiting
        sources = Self.signals.map { number, event in
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { waiting.add(event) }
            source.resume()
            return source
        }
    }

    /// Tells of an event.
    func tell(_ event: ServerEvent) {
        waiting.add(event)
    }

    /// Waits for the next event, for one caller at a time; `nil` where the task is cancelled.
    func next() async -> ServerEvent? {
        await waiting.next()
    }
}

/// The events that nobody has taken yet, each once.
private final class EventsInWait: Sendable {
    private let events = Mutex<[ServerEvent]>([])
    private let wakeUps = AsyncStream.makeStream(
        of: Void.self,
        bufferingPolicy: .bufferingNewest(1)
    )

    func add(_ event: ServerEvent) {
        events.withLock { if !$0.contains(event) { $0.append(event) } }
        wakeUps.continuation.yield()
    }

    func next() async -> ServerEvent? {
        var wakeUps = wakeUps.stream.makeAsyncIterator()
        while !Task.isCancelled {
            if let event = events.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return event }
            guard await wakeUps.next() != nil else { return nil }
        }
        return nil
    }
}
