/// What belongs to the open streams of a connection, by their ids.
///
/// Ids are dense and most streams live shortly, so the id's low bits name a place that is nearly
/// always free: linear probing finds a stream with one comparison where a dictionary hashes. An
/// element is moved out for a change and moved back, never copied, so buffers and arrays in it
/// stay unique.
struct StreamTable<Element> {
    /// The places at the beginning; a power of two, as every later number of places.
    private static var firstCapacity: Int { 16 }

    /// The id in each place; 0, which no stream has, marks a free one.
    private var ids: ContiguousArray<UInt32> = []
    private var elements: ContiguousArray<Element?> = []

    /// How many streams there are.
    private(set) var count = 0

    /// Whether there is none.
    var isEmpty: Bool { count == 0 }

    /// The element of a stream, or nil.
    subscript(id: StreamID) -> Element? {
        guard let place = place(of: id) else { return nil }
        return elements[place]
    }

    /// Whether the stream is there.
    func contains(_ id: StreamID) -> Bool {
        place(of: id) != nil
    }

    /// The ids of all streams, in order.
    var sortedIDs: [StreamID] {
        ids.filter { $0 != 0 }.sorted().map(StreamID.init)
    }

    /// Adds a stream that is not there yet.
    mutating func insert(_ element: Element, for id: StreamID) {
        // At most half of the places are taken, so that probing stays short.
        if (count + 1) * 2 > ids.count { grow() }
        place(element, for: id)
        count += 1
    }

    /// Changes the element of a stream in its place, or returns nil when the stream is not there.
    mutating func update<Result, Failure: Error>(
        _ id: StreamID,
        _ change: (inout Element) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        guard let place = place(of: id), var element = elements[place].take() else { return nil }
        defer { elements[place] = element }
        return try change(&element)
    }

    /// Takes a stream away; gives what belonged to it.
    @discardableResult
    mutating func remove(_ id: StreamID) -> Element? {
        guard var free = place(of: id) else { return nil }
        let element = elements[free].take()
        ids[free] = 0
        count -= 1
        // What stands behind a place that became free moves up, unless it stands where it
        // belongs, so that a search may stop at the first free place.
        var next = free
        while true {
            next = (next + 1) & mask
            guard ids[next] != 0 else { return element }
            let home = Int(ids[next]) & mask
            guard (next - home) & mask >= (next - free) & mask else { continue }
            ids[free] = ids[next]
            elements[free] = elements[next].take()
            ids[next] = 0
            free = next
        }
    }

    private var mask: Int { ids.count - 1 }

    private func place(of id: StreamID) -> Int? {
        guard !ids.isEmpty, id.rawValue != 0 else { return nil }
        var place = Int(id.rawValue) & mask
        while ids[place] != id.rawValue {
            guard ids[place] != 0 else { return nil }
            place = (place + 1) & mask
        }
        return place
    }

    private mutating func place(_ element: Element, for id: StreamID) {
        var place = Int(id.rawValue) & mask
        while ids[place] != 0 { place = (place + 1) & mask }
        ids[place] = id.rawValue
        elements[place] = element
    }

    private mutating func grow() {
        let capacity = max(Self.firstCapacity, ids.count * 2)
        var old = StreamTable()
        swap(&old, &self)
        ids = ContiguousArray(repeating: 0, count: capacity)
        elements = ContiguousArray(repeating: nil, count: capacity)
        count = old.count
        for place in old.ids.indices where old.ids[place] != 0 {
            guard let element = old.elements[place].take() else { continue }
            self.place(element, for: StreamID(rawValue: old.ids[place]))
        }
    }
}
