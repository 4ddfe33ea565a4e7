/// One direction of a call within the process: what waits for credit, and what is on its way.
///
/// The pipe decides and its owner acts. What is due is given to the receiver outside of the owner's
/// lock, by one thread at a time and in order: an event that finds another thread at it leaves its
/// item in the line and goes away.
struct MessagePipe: Sendable {
    /// What is given to the receiver at once.
    struct Delivery: Sendable {
        /// The bytes of a message, if there is one.
        var message: [UInt8]?
        /// What the message holds of the window until it is consumed.
        var cost = 0
        /// How the direction ended, if nothing follows.
        var end: CallStatus?
    }

    /// A sender that waits for credit; nil is told when its message is on its way.
    typealias Sender = CheckedContinuation<RPCError?, Never>

    /// A message that waits for credit.
    private struct Waiting {
        var message: [UInt8]
        var end: CallStatus?
        var sender: Sender?
        var ticket: Int?
    }

    private var window: CreditWindow
    private var waiting = Queue<Waiting>()
    private var due = Queue<Delivery>()
    private var isDelivering: Bool
    /// The end that follows the messages which wait.
    private var lastEnd: CallStatus?

    /// Whether nothing further is taken: the end is due, or waits behind messages.
    private(set) var isClosed = false
    /// Whether the end is due, or delivered.
    private(set) var isOver = false

    /// A pipe with a window of so many cost units.
    ///
    /// One that is held delivers nothing before the first `nextDelivery`.
    init(window: Int, isHeld: Bool) {
        self.window = CreditWindow(size: window)
        isDelivering = isHeld
    }

    // MARK: In

    /// Takes the message with which the call begins, and which goes its own way.
    ///
    /// Gives what it holds of the window until it is consumed.
    mutating func begin(length: Int, ends: Bool) -> Int {
        isClosed = ends
        isOver = ends
        return window.pay(length: length)
    }

    /// Whether a message may leave at once.
    var isOpen: Bool { !isClosed && waiting.isEmpty && window.isOpen }

    /// Takes a message that may leave at once.
    ///
    /// Gives what to deliver, unless somebody else does.
    mutating func accept(_ message: [UInt8], end: CallStatus? = nil) -> Delivery? {
        let cost = window.pay(length: message.count)
        if end != nil { isClosed = true }
        return enqueue(Delivery(message: message, cost: cost, end: end))
    }

    /// Lets a message wait for credit.
    ///
    /// The ticket is what `withdraw` names it by.
    mutating func wait(
        _ message: [UInt8],
        end: CallStatus? = nil,
        sender: Sender? = nil,
        ticket: Int? = nil
    ) {
        if end != nil { isClosed = true }
        waiting.append(Waiting(message: message, end: end, sender: sender, ticket: ticket))
    }

    /// Takes a waiting message back; gives the sender that waited with it, and the end if that
    /// waited for nothing else.
    mutating func withdraw(ticket: Int) -> (delivery: Delivery?, sender: Sender?) {
        let withdrawn = waiting.remove { $0.ticket == ticket }
        guard waiting.isEmpty, let lastEnd else { return (nil, withdrawn?.sender) }
        self.lastEnd = nil
        return (enqueue(Delivery(end: lastEnd)), withdrawn?.sender)
    }

    /// Ends the direction behind what waits.
    ///
    /// Gives what to deliver, unless somebody else does.
    mutating func close(_ end: CallStatus) -> Delivery? {
        guard !isClosed else { return nil }
        isClosed = true
        guard waiting.isEmpty else {
            lastEnd = end
            return nil
        }
        return enqueue(Delivery(end: end))
    }

    /// Ends the direction at once unless it is over: what waits is dropped, and its senders are
    /// given back.
    ///
    /// What is due is dropped too if that is said, as far as nobody delivers it already.
    mutating func abort(
        _ end: CallStatus,
        dropsDue: Bool
    ) -> (delivery: Delivery?, senders: [Sender]) {
        guard !isOver else { return (nil, []) }
        let senders = waiting.removeAll().compactMap(\.sender)
        lastEnd = nil
        isClosed = true
        if dropsDue { _ = due.removeAll() }
        return (enqueue(Delivery(end: end)), senders)
    }

    /// Takes back what a consumed message had cost.
    ///
    /// Messages that now may leave are due; gives the first delivery, unless somebody else is at
    /// it, and the senders that need not wait longer.
    mutating func giveBack(cost: Int) -> (delivery: Delivery?, senders: [Sender]) {
        window.giveBack(cost: cost)
        var senders: [Sender] = []
        var first: Delivery?
        while window.isOpen, let next = waiting.popFirst() {
            let cost = window.pay(length: next.message.count)
            var delivery = Delivery(message: next.message, cost: cost, end: next.end)
            if waiting.isEmpty, let lastEnd {
                delivery.end = lastEnd
                self.lastEnd = nil
            }
            if let leaves = enqueue(delivery) { first = leaves }
            if let sender = next.sender { senders.append(sender) }
        }
        return (first, senders)
    }

    // MARK: Out

    private mutating func enqueue(_ delivery: Delivery) -> Delivery? {
        if delivery.end != nil { isOver = true }
        guard isDelivering else {
            isDelivering = true
            return delivery
        }
        due.append(delivery)
        return nil
    }

    /// What to deliver after the delivery before; nil when that was the last.
    mutating func nextDelivery() -> Delivery? {
        let next = due.popFirst()
        isDelivering = next != nil
        return next
    }
}
