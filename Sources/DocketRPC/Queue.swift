/// Elements in the order in which they came.
///
/// Taking the first one costs the same however many wait. The memory of what was taken is used
/// again once everything has been taken, which is the usual state of a queue that is kept up with.
struct Queue<Element> {
    /// Taken places that may stand before the first element until the rest is moved forward.
    private static var sparePlaces: Int { 64 }

    private var places: [Element?] = []
    private var first = 0

    /// Whether nothing waits.
    var isEmpty: Bool { first == places.count }

    /// How many wait.
    var count: Int { places.count - first }

    /// Puts an element behind all others.
    mutating func append(_ element: Element) {
        places.append(element)
    }

    /// Takes the element that has waited longest.
    mutating func popFirst() -> Element? {
        guard first < places.count else { return nil }
        let element = places[first].take()
        first += 1
        if first == places.count {
            places.removeAll(keepingCapacity: true)
            first = 0
        } else if first > Self.sparePlaces, first > places.count / 2 {
            places.removeFirst(first)
            first = 0
        }
        return element
    }

    /// Takes all elements.
    mutating func removeAll() -> [Element] {
        defer { self = Queue() }
        return places[first...].compactMap(\.self)
    }

    /// Takes the first element of which the condition is true, wherever it stands.
    mutating func remove(where isMatch: (Element) -> Bool) -> Element? {
        guard
            let index = places[first...].firstIndex(where: { place in
                place.map(isMatch) ?? false
            })
        else { return nil }
        return places.remove(at: index)
    }
}

extension Queue: Sendable where Element: Sendable {}
