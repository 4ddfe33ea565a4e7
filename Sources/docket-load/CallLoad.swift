internal import DocketRPC
internal import DocketTransport
internal import NIOCore

/// Something that is called again and again: which method, on which connection, with which bytes.
protocol CallSource: Sendable {
    /// The method.
    var method: Method { get }
    /// The bytes of the next call of a slot.
    func next(slot: Int) -> [UInt8]
    /// Why a reply is not what the call should have brought, if so.
    func fault(in reply: RawSpan, slot: Int) -> String?
}

/// Calls a method on many connections at once and measures.
///
/// In a closed loop each slot begins its next call when the one before has ended. With a rate,
/// calls are due at even times, and latency counts from the moment a call was due, also where no
/// slot was free then, so that a server that stalls cannot hide it.
///
/// Confined to the event loop of its connections, which is why it may claim to be Sendable.
final class CallLoad: @unchecked Sendable {
    private let source: any CallSource
    private let interval: Duration?
    private let eventLoop: any EventLoop
    private var slots: [CallSlot] = []
    private var free: [CallSlot] = []
    private var due = CircularBuffer<ContinuousClock.Instant>()
    private var nextDue = ContinuousClock.now
    private var began = ContinuousClock.now
    private var isMeasuring = false
    private var isStopping = false
    private var inFlight = 0
    private var idle: CheckedContinuation<Void, Never>?
    private(set) var report = LoadReport()

    init(
        source: any CallSource,
        connections: [ClientConnection],
        depth: Int,
        rate: Double?,
        eventLoop: any EventLoop
    ) {
        self.source = source
        self.eventLoop = eventLoop
        interval = rate.map { .seconds(1 / $0) }
        for index in 0..<(connections.count * depth) {
            let connection = connections[index % connections.count]
            slots.append(CallSlot(load: self, connection: connection, index: index))
        }
    }

    /// Warms up, measures for `seconds`, and waits for the calls in flight.
    func run(seconds: Double, accounting: ProcessAccounting?) async throws -> LoadReport {
        await onLoop { $0.start() }
        try await Task.sleep(for: Self.warmUp)
        let before = try accounting?.processorTime()
        await onLoop { $0.measure() }
        try await Task.sleep(for: .seconds(seconds))
        var report = await onLoop { $0.stop() }
        let after = try accounting?.processorTime()
        if let before, let after { report.serverTime = after - before }
        await becomeIdle()
        return report
    }

    private static let warmUp = Duration.milliseconds(500)

    private func onLoop<Result: Sendable>(
        _ body: @escaping @Sendable (CallLoad) -> Result
    ) async -> Result {
        await withCheckedContinuation { continuation in
            eventLoop.execute { continuation.resume(returning: body(self)) }
        }
    }

    private func start() {
        guard interval != nil else {
            let now = ContinuousClock.now
            for slot in slots { begin(slot, due: now) }
            return
        }
        free = slots
        nextDue = .now
        beginDue()
    }

    private func measure() {
        report = LoadReport()
        began = .now
        isMeasuring = true
    }

    private func stop() -> LoadReport {
        isStopping = true
        isMeasuring = false
        report.elapsed = began.duration(to: .now)
        // Calls that were due and never begun are late already; leaving them out would flatter.
        for time in due { report.latency.record(time.duration(to: .now)) }
        return report
    }

    private func becomeIdle() async {
        await withCheckedContinuation { continuation in
            eventLoop.execute {
                if self.inFlight == 0 { continuation.resume() } else { self.idle = continuation }
            }
        }
    }

    /// Begins the calls that are due by now, as far as slots are free.
    private func beginDue() {
        guard let interval, !isStopping else { return }
        let now = ContinuousClock.now
        while nextDue <= now {
            due.append(nextDue)
            nextDue += interval
        }
        while let slot = free.last, let time = due.popFirst() {
            free.removeLast()
            begin(slot, due: time)
        }
        eventLoop.scheduleTask(in: .microseconds(500)) { self.beginDue() }
    }

    private func begin(_ slot: CallSlot, due: ContinuousClock.Instant) {
        inFlight += 1
        slot.begin(source.method, source.next(slot: slot.index), due: due)
    }

    func fault(in reply: RawSpan, slot: Int) -> String? {
        source.fault(in: reply, slot: slot)
    }

    /// A slot's call has ended.
    func ended(_ slot: CallSlot, due: ContinuousClock.Instant, fault: String?) {
        inFlight -= 1
        let now = ContinuousClock.now
        if isMeasuring { count(due: due, now: now, fault: fault) }
        if isStopping {
            if inFlight == 0 {
                idle?.resume()
                idle = nil
            }
        } else if interval == nil {
            // After a failure a short pause keeps a dead server from being called in a tight loop.
            if fault == nil { return begin(slot, due: now) }
            eventLoop.scheduleTask(in: .milliseconds(10)) {
                if !self.isStopping { self.begin(slot, due: .now) }
            }
        } else {
            free.append(slot)
        }
    }

    private func count(
        due: ContinuousClock.Instant,
        now: ContinuousClock.Instant,
        fault: String?
    ) {
        if let fault {
            report.errors += 1
            report.firstError = report.firstError ?? fault
        } else {
            report.count += 1
            report.latency.record(due.duration(to: now))
        }
    }
}

/// One call at a time, again and again, on one connection.
///
/// Confined to its load's event loop.
final class CallSlot: MessageReceiver, @unchecked Sendable {
    private unowned let load: CallLoad
    private let connection: ClientConnection
    let index: Int
    private var due = ContinuousClock.now
    private var replies = 0
    private var fault: String?

    init(load: CallLoad, connection: ClientConnection, index: Int) {
        self.load = load
        self.connection = connection
        self.index = index
    }

    func begin(_ method: Method, _ bytes: [UInt8], due: ContinuousClock.Instant) {
        self.due = due
        replies = 0
        fault = nil
        _ = connection.begin(
            method,
            options: CallOptions(),
            first: bytes,
            ends: true,
            receiver: self
        )
    }

    func receive(_ bytes: RawSpan, cost: Int) {
        replies += 1
        fault = fault ?? load.fault(in: bytes, slot: index)
    }

    func finish(_ status: CallStatus) {
        if let error = status.error { fault = ErrorText.words(for: error) }
        if fault == nil, replies != 1 { fault = "\(replies) replies came" }
        load.ended(self, due: due, fault: fault)
    }
}
