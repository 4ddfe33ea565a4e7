/// Things that are done one after the other in each of many lines, and side by side across them.
///
/// Only the head of a line can be taken, and not while it waits for a moment or is parked; the ones
/// behind it wait with it. Heads are taken in the order in which they could be. Time is an
/// argument.
struct Lines<Line: Hashable & Sendable, Element: Sendable>: Sendable {
    private struct Entry: Sendable {
        var element: Element
        let line: Line
        var isHeld: Bool
        var isTaken = false
        var isParked = false
        var due: ContinuousClock.Instant?
    }

    private var entries: [UInt64: Entry] = [:]
    /// The positions of each line, in order.
    private var lines: [Line: [UInt64]] = [:]
    /// The heads that may be taken, in order.
    private var ready: [UInt64] = []
    /// The heads that wait for their moments.
    private var delayed: Set<UInt64> = []
    private var lastPosition: UInt64 = 0
    /// Those that stand still.
    private var parkedPositions: Set<UInt64> = []
    /// All positions in order, among them some that are done with, and where the oldest stands.
    private var order: [UInt64] = []
    private var oldestIndex = 0

    /// Lines without anything in them.
    init() {}

    /// How many there are.
    var count: Int { entries.count }

    /// The one that came first; nil where there is none.
    var oldest: Element? {
        oldestIndex < order.count ? entries[order[oldestIndex]]?.element : nil
    }

    /// How many stand still until somebody decides.
    var parkedCount: Int { parkedPositions.count }

    /// Those of one line, in order.
    func elements(in line: Line) -> [Element] {
        (lines[line] ?? []).compactMap { entries[$0]?.element }
    }

    /// Those that stand still until somebody decides, in order, each with how many wait behind it.
    var parked: [(position: UInt64, element: Element, behind: Int)] {
        parkedPositions.sorted().compactMap { position in
            entries[position].map { entry in
                (position, entry.element, (lines[entry.line]?.count ?? 1) - 1)
            }
        }
    }

    /// When the first head is due that waits for a moment.
    var nextMoment: ContinuousClock.Instant? {
        delayed.compactMap { entries[$0]?.due }.min()
    }

    /// The one at a position; nil when there is none.
    subscript(position: UInt64) -> Element? { entries[position]?.element }

    /// Puts one at the end of its line.
    ///
    /// - Parameters:
    ///   - line: The line.
    ///   - isHeld: Whether it cannot be taken before it is `released`.
    ///   - isParked: Whether it stands still until it is `resumed`.
    ///   - make: Makes it of its position, which grows by one.
    /// - Returns: The position.
    @discardableResult
    mutating func append(
        to line: Line,
        isHeld: Bool = false,
        isParked: Bool = false,
        _ make: (UInt64) -> Element
    ) -> UInt64 {
        let position = lastPosition + 1
        insert(make(position), at: position, in: line, isHeld: isHeld, isParked: isParked)
        return position
    }

    /// Puts one with a position of its own behind all that are there.
    mutating func insert(
        _ element: Element,
        at position: UInt64,
        in line: Line,
        isHeld: Bool = false,
        isParked: Bool = false
    ) {
        lastPosition = max(lastPosition, position)
        entries[position] = Entry(
            element: element,
            line: line,
            isHeld: isHeld,
            isParked: isParked
        )
        if isParked { parkedPositions.insert(position) }
        lines[line, default: []].append(position)
        order.append(position)
        lineUp(line)
    }

    /// Takes the next head that can be taken; nil where there is none now.
    mutating func take(
        at now: ContinuousClock.Instant
    ) -> (position: UInt64, element: Element)? {
        for position in delayed where entries[position]?.due.map({ $0 <= now }) ?? true {
            delayed.remove(position)
            entries[position]?.due = nil
            if let line = entries[position]?.line { lineUp(line) }
        }
        guard let position = ready.first, let element = entries[position]?.element else {
            return nil
        }
        ready.removeFirst()
        entries[position]?.isTaken = true
        return (position, element)
    }

    /// One that could not be taken can be from now on.
    mutating func release(_ position: UInt64) {
        guard let line = entries[position]?.line else { return }
        entries[position]?.isHeld = false
        lineUp(line)
    }

    /// One that was taken comes again, not before a moment.
    mutating func giveBack(
        _ position: UInt64,
        _ element: Element,
        until moment: ContinuousClock.Instant? = nil
    ) {
        guard let line = entries[position]?.line else { return }
        entries[position]?.element = element
        entries[position]?.isTaken = false
        entries[position]?.due = moment
        lineUp(line)
    }

    /// One stands still, and with it all behind it.
    mutating func park(_ position: UInt64, _ element: Element) {
        guard entries[position] != nil else { return }
        entries[position]?.element = element
        entries[position]?.isTaken = false
        entries[position]?.isParked = true
        parkedPositions.insert(position)
    }

    /// One that stood still goes on.
    mutating func resume(_ position: UInt64, _ element: Element) {
        guard let line = entries[position]?.line else { return }
        entries[position]?.element = element
        entries[position]?.isParked = false
        parkedPositions.remove(position)
        lineUp(line)
    }

    /// One is something else from now on.
    mutating func update(_ position: UInt64, _ element: Element) {
        entries[position]?.element = element
    }

    /// One is done with.
    mutating func remove(_ position: UInt64) {
        guard let entry = entries.removeValue(forKey: position) else { return }
        lines[entry.line]?.removeAll { $0 == position }
        ready.removeAll { $0 == position }
        delayed.remove(position)
        parkedPositions.remove(position)
        findOldest()
        guard lines[entry.line]?.isEmpty == false else { return lines[entry.line] = nil }
        lineUp(entry.line)
    }

    /// Steps over what is done with, and forgets it when it is most of what is kept.
    private mutating func findOldest() {
        while oldestIndex < order.count, entries[order[oldestIndex]] == nil { oldestIndex += 1 }
        guard oldestIndex > order.count / 2 else { return }
        order.removeFirst(oldestIndex)
        oldestIndex = 0
    }

    /// Lets the head of a line be taken, if nothing is in its way.
    private mutating func lineUp(_ line: Line) {
        guard let position = lines[line]?.first, let head = entries[position], !head.isHeld,
            !head.isTaken, !head.isParked, !ready.contains(position)
        else { return }
        guard head.due == nil else {
            delayed.insert(position)
            return
        }
        ready.append(position)
    }
}
