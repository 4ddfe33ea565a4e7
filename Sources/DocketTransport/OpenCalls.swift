internal import DocketWire

/// A connection's calls by their streams.
struct OpenCalls<Call: AnyObject> {
    private var table = CallTable()

    /// The call of a stream, or nil.
    subscript(stream: StreamID) -> Call? { table[stream].map(Self.call) }

    /// The object of a table as what was put there: nothing but calls ever is.
    private static func call(_ object: AnyObject) -> Call {
        unsafe unsafeDowncast(object, to: Call.self)
    }

    /// All calls with their streams, in order.
    var sorted: [(stream: StreamID, call: Call)] {
        table.sortedIDs.compactMap { stream in self[stream].map { (stream, $0) } }
    }

    /// Adds the call of a stream that has none yet.
    mutating func insert(_ call: Call, for stream: StreamID) {
        table.insert(call, for: stream)
    }

    /// Takes the call of a stream away; gives it.
    @discardableResult
    mutating func remove(_ stream: StreamID) -> Call? {
        table.remove(stream).map(Self.call)
    }
}
