internal import NIOCore

/// Whose turn it is: streams with something to send, one frame each in turn, so that a long
/// message delays no other stream by more than a frame.
struct StreamSchedule {
    private var queue = CircularBuffer<StreamID>()
    private var members: Set<StreamID> = []

    /// Whether no stream waits for its turn.
    var isEmpty: Bool { queue.isEmpty }

    /// Puts a stream at the end of the line, unless it stands in it.
    mutating func add(_ stream: StreamID) {
        if members.insert(stream).inserted { queue.append(stream) }
    }

    /// Takes the stream whose turn it is.
    mutating func next() -> StreamID? {
        guard let stream = queue.popFirst() else { return nil }
        members.remove(stream)
        return stream
    }
}
