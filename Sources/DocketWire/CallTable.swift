/// What a driver keeps of a connection's calls, by their streams.
///
/// It is a table of objects of any class, since one that were generic would not be specialised
/// beyond the border of this module, and a driver looks into it for every frame.
package struct CallTable {
    private var calls = StreamTable<AnyObject>()

    /// A table without calls.
    package init() {}

    /// The call of a stream, or nil.
    package subscript(id: StreamID) -> AnyObject? { calls[id] }

    /// The streams that have a call, in order.
    package var sortedIDs: [StreamID] { calls.sortedIDs }

    /// Adds the call of a stream that has none yet.
    package mutating func insert(_ call: AnyObject, for id: StreamID) {
        calls.insert(call, for: id)
    }

    /// Takes the call of a stream away; gives it.
    package mutating func remove(_ id: StreamID) -> AnyObject? {
        calls.remove(id)
    }
}
