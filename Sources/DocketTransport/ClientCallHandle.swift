internal import DocketRPC
internal import DocketWire
internal import NIOCore

/// The client's end of one call on a connection.
///
/// Its state is confined to the connection's event loop; uses from elsewhere go there first. That
/// is why the class may claim to be Sendable.
final class ClientCallHandle: Deadline, ClientCall, @unchecked Sendable {
    let head: CallHead
    var stream: StreamID?
    private let handler: ClientConnectionHandler
    private let receiver: any MessageReceiver
    private let timeout: Duration?
    private var writers = WaitingWriters()
    private var ending: RPCError?
    private var hasDeadline = false
    /// Messages written before the call has a stream.
    private var early: [[UInt8]] = []
    private var endsEarly = false
    private(set) var isOver = false

    init(
        connection: ClientConnectionHandler,
        method: Method,
        options: CallOptions,
        receiver: any MessageReceiver
    ) {
        handler = connection
        self.receiver = receiver
        timeout = (options.timeout ?? method.defaultTimeout).map { min($0, Self.longestTimeout) }
        var head = CallHead(method: method.hash)
        if let timeout = options.timeout {
            head.timeoutMilliseconds = UInt32(clamping: max(1, timeout.milliseconds))
        }
        head.metadata = options.metadata.map { CallHead.Metadatum(key: $0.key, value: $0.value) }
        self.head = head
    }

    // MARK: Deadline

    /// The longest time that a caller waits: what a Head can say.
    private static let longestTimeout = Duration.milliseconds(Int64(UInt32.max))

    func setDeadline() {
        guard let timeout else { return }
        hasDeadline = true
        handler.resources.set(self, due: .now + timeout)
    }

    override func expired() {
        hasDeadline = false
        giveUp(RPCError(.deadlineExceeded, "the time for the call is over"), .deadline)
    }

    // MARK: In

    func received(_ message: InboundMessage) {
        receiver.receive(message.bytes.readableBytesSpan, cost: message.cost)
    }

    /// The call is over.
    func ended(_ status: CallStatus) {
        guard !isOver else { return }
        isOver = true
        ending = status.error
        if hasDeadline {
            hasDeadline = false
            handler.resources.takeBack(self)
        }
        receiver.finish(status)
        mayWrite()
    }

    // MARK: Out

    func send(_ message: [UInt8]) async throws(RPCError) {
        let error = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                handler.onLoop { _ in self.send(message, then: continuation) }
            }
        } onCancel: {
            cancel()
        }
        if let error { throw error }
    }

    private func send(_ message: [UInt8], then continuation: CheckedContinuation<RPCError?, Never>)
    {
        guard !isOver else { return continuation.resume(returning: over) }
        guard let stream else {
            early.append(message)
            writers.add(continuation)
            return
        }
        switch handler.send(message, on: stream, ends: false) {
        case .sent: continuation.resume(returning: nil)
        case .over: continuation.resume(returning: over)
        case .waits: writers.add(continuation)
        }
    }

    private var over: RPCError {
        ending ?? RPCError(.cancelled, "the call is over")
    }

    /// The call has got its stream: what was written before follows.
    func opened(on stream: StreamID) {
        self.stream = stream
        for message in early { _ = handler.send(message, on: stream, ends: false) }
        early = []
        if endsEarly { handler.sendEnd(stream) }
        if !handler.isWaiting(stream) { mayWrite() }
    }

    /// What waited has left, or never will.
    func mayWrite() {
        guard !writers.isEmpty else { return }
        writers.resume(isOver ? over : nil)
    }

    func end() {
        handler.onLoop { handler in
            guard !self.isOver else { return }
            if let stream = self.stream { handler.sendEnd(stream) } else { self.endsEarly = true }
        }
    }

    func cancel() {
        handler.onLoop { _ in
            self.giveUp(RPCError(.cancelled, "the caller gave up"), .lostInterest)
        }
    }

    private func giveUp(_ error: RPCError, _ reason: CancelReason) {
        guard !isOver else { return }
        var error = error
        if let stream {
            handler.cancel(stream, reason)
        } else {
            // The server has not heard of the call.
            error.isNotProcessed = true
        }
        ended(CallStatus(error))
    }

    func consumed(cost: Int) {
        handler.onLoop { handler in
            guard let stream = self.stream, !self.isOver else { return }
            handler.consumed(cost: cost, on: stream)
        }
    }
}
