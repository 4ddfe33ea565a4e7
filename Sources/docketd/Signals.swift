internal import Dispatch
internal import Foundation

/// The signals that are sent to the process, as they come.
///
/// The sources are set up once and only kept alive afterwards; nothing calls them. That is why the
/// class may claim to be Sendable.
final class Signals: @unchecked Sendable {
    /// The signals, each as its number.
    let received: AsyncStream<Int32>
    private let sources: [any DispatchSourceSignal]

    /// Takes these signals from their default.
    init(_ numbers: [Int32]) {
        let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
        received = stream
        sources = numbers.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { continuation.yield(number) }
            source.resume()
            return source
        }
    }
}
