/// Something that is to happen at a time unless it is taken back before.
///
/// It is a member of at most one wheel, and links itself into it: setting and taking back a
/// deadline costs no memory.
class Deadline {
    fileprivate var due: ContinuousClock.Instant?
    fileprivate var slot: Int?
    fileprivate unowned(unsafe) var previous: Deadline?
    fileprivate var next: Deadline?

    /// The time has come.
    ///
    /// The deadline is out of its wheel already.
    func expired() {}
}

/// Deadlines by time, with the accuracy of one tick.
///
/// A hashed wheel: setting and taking back cost the same however many there are, which is what
/// calls need, since nearly every call ends long before its deadline.
struct DeadlineWheel {
    /// The length of a tick, 9 milliseconds: deadlines come up to so much late.
    ///
    /// It is a power of two of the clock's own unit, since every call sets a deadline and a shift
    /// costs nothing beside a division of 128 bits.
    static let tick = Duration(attoseconds: 1 << tickBits)
    private static let tickBits = Int128(53)
    private static let slotCount = 1_024

    private let origin: ContinuousClock.Instant
    private var slots: [Deadline?] = Array(repeating: nil, count: slotCount)
    private var ticked = 0
    private(set) var count = 0

    /// An empty wheel that begins at `now`.
    init(now: ContinuousClock.Instant) {
        origin = now
    }

    /// Sets a deadline, which must be in no wheel.
    mutating func insert(_ deadline: Deadline, due: ContinuousClock.Instant) {
        precondition(deadline.slot == nil, "a deadline is set once")
        // Rounded up to the border of a tick, so that nothing comes early.
        let tick = ticks(until: due + (Self.tick - Duration(attoseconds: 1)))
        let slot = max(tick, ticked + 1) % Self.slotCount
        deadline.due = due
        deadline.slot = slot
        deadline.next = slots[slot]
        unsafe slots[slot]?.previous = deadline
        slots[slot] = deadline
        count += 1
    }

    /// Takes a deadline back; one that is in no wheel is left alone.
    mutating func remove(_ deadline: Deadline) {
        guard let slot = deadline.slot else { return }
        if let previous = unsafe deadline.previous {
            previous.next = deadline.next
        } else {
            slots[slot] = deadline.next
        }
        unsafe deadline.next?.previous = deadline.previous
        deadline.slot = nil
        deadline.next = nil
        unsafe deadline.previous = nil
        count -= 1
    }

    /// Lets time pass; gives the deadlines that have come, out of the wheel.
    mutating func advance(to now: ContinuousClock.Instant) -> [Deadline] {
        // Rounded down: a tick that is not over may hold deadlines which have not come yet, and it
        // is looked at once a round.
        let target = ticks(until: now)
        guard target > ticked else { return [] }
        var expired: [Deadline] = []
        // After a long pause one round over all slots finds everything.
        let steps = min(target - ticked, Self.slotCount)
        for step in 1...steps {
            var member = slots[(ticked + step) % Self.slotCount]
            while let deadline = member {
                member = deadline.next
                if let due = deadline.due, due <= now {
                    remove(deadline)
                    expired.append(deadline)
                }
            }
        }
        ticked = target
        return expired
    }

    /// How many whole ticks there are from the origin to a time: none before it, and no more than
    /// can be counted.
    private func ticks(until time: ContinuousClock.Instant) -> Int {
        Int(clamping: max(0, origin.duration(to: time).attoseconds) >> Self.tickBits)
    }
}
