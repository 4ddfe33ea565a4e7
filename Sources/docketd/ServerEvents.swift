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
/// The sources are set up once and only kept alive afterwards; nothing calls them. That is why the
/// class may claim to be Sendable.
final class ServerEvents: @unchecked Sendable {
    /// The events, for one reader at a time.
    let stream: AsyncStream<ServerEvent>
    private let continuation: AsyncStream<ServerEvent>.Continuation
    private let sources: [any DispatchSourceSignal]

    private static let signals: [(number: Int32, event: ServerEvent)] = [
        (SIGTERM, .end), (SIGINT, .end), (SIGHUP, .reload),
    ]

    /// Takes the signals from their default.
    init() {
        let (stream, continuation) = AsyncStream.makeStream(of: ServerEvent.self)
        self.stream = stream
        self.continuation = continuation
        sources = Self.signals.map { number, event in
            // Before the source listens, which it begins to do on a thread of its own: afterwards
            // this would take the signal from it.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { continuation.yield(event) }
            source.resume()
            return source
        }
        if StartSignals.isToldToEnd.load(ordering: .relaxed) { continuation.yield(.end) }
    }

    /// Tells of an event.
    func tell(_ event: ServerEvent) {
        continuation.yield(event)
    }
}
