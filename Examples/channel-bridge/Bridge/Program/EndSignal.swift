internal import Dispatch
internal import Glibc

/// The signal by which an operator ends the bridge.
final class EndSignal {
    /// Gives an element when SIGTERM comes; a second SIGTERM ends the process at once.
    let arrivals: AsyncStream<Void>

    private let source: any DispatchSourceSignal

    /// Takes the signal over, as long as this lives.
    init() {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        arrivals = stream
        // The signal is read from the source, and must not end the process before.
        signal(SIGTERM, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGTERM)
        source.setEventHandler {
            signal(SIGTERM, SIG_DFL)
            continuation.yield()
        }
        source.resume()
    }

    deinit { source.cancel() }
}
