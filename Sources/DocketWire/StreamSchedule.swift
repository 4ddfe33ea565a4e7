internal import NIOCore

/// Whose turn it is: streams with something to send, one frame each in turn, so that a long
/// message delays no other stream by more than a frame.
///
/// A stream knows whether it stands in line, so nobody stands there twice. A stream that ends
/// leaves its id behind; `prune` takes such ids away before they can pile up.
struct StreamSchedule {
    /// The shortest line that is worth being looked through.
    private static let pruningLength = 64

    private var line = CircularBuffer<StreamID>(initialCapacity: 0)

    /// Puts a stream at the end of the line.
    mutating func add(_ stream: StreamID) {
        line.append(stream)
    }

    /// Takes the stream whose turn it is.
    mutating func next() -> StreamID? {
        line.popFirst()
    }

    /// Forgets streams that are over, once the line is much longer than the number of those that
    /// are open.
    mutating func prune<Element>(open streams: StreamTable<Element>) {
        guard line.count >= max(Self.pruningLength, streams.count * 2) else { return }
        var rest = CircularBuffer<StreamID>(initialCapacity: streams.count)
        for stream in line where streams.contains(stream) { rest.append(stream) }
        line = rest
    }
}
