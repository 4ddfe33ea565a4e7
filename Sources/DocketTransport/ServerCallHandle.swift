internal import DocketRPC
internal import DocketWire
internal import NIOCore

/// The server's end of one call on a connection.
///
/// Its state is confined to the connection's event loop. Handlers run there, so nothing hops; a use
/// from elsewhere is sent there first. That is why the class may claim to be Sendable.
final class ServerCallHandle: Deadline, ServerCall, @unchecked Sendable {
    let identity: CallerIdentity?
    private let route: Route
    private let handler: ServerConnectionHandler
    private let stream: StreamID
    private let head: CallHead
    private let began: ContinuousClock.Instant
    let deadline: ContinuousClock.Instant?
    let maximumReply: Int
    private var receiver: (any MessageReceiver)?
    private var task: Task<Void, Never>?
    private var trailers: Metadata = []
    private var writers = WaitingWriters()
    private var ending: RPCError?
    private(set) var isFinished = false
    /// Set before the handler starts and never again, so that it may read this from anywhere.
    private(set) var fingerprint: [UInt8] = []
    private var hasStarted = false
    private var hasReturned = false
    private var hasDeadline = false
    /// Whether the call is finished but for a reply that waits for credit or for the socket.
    private var replyWaits = false

    init(
        connection: ServerConnectionHandler,
        stream: StreamID,
        route: Route,
        head: CallHead,
        began: ContinuousClock.Instant
    ) {
        handler = connection
        self.stream = stream
        self.route = route
        self.head = head
        self.began = began
        identity = connection.identity
        maximumReply = connection.maximumReply
        if head.timeoutMilliseconds > 0 {
            deadline = began + .milliseconds(Int64(head.timeoutMilliseconds))
        } else {
            deadline = route.method.defaultTimeout.map { began + $0 }
        }
    }

    var method: Method { route.method }

    var connection: any ServerConnection { handler }

    var metadata: Metadata {
        head.metadata.map { Metadatum(key: $0.key, value: $0.value) }
    }

    func keep(fingerprint: [UInt8]) {
        self.fingerprint = fingerprint
    }

    func handlerStarts() {
        hasStarted = true
    }

    /// The status with which the call ends: it vouches that nothing took effect where the handler
    /// has not started.
    func ending(_ error: RPCError) -> CallStatus {
        var error = error
        if !hasStarted { error.isNotProcessed = true }
        return CallStatus(error)
    }

    var executor: (any CallExecutor)? { handler.resources.executor }

    // MARK: In

    /// Starts the handler, or refuses the call.
    func start(body: ServerConnectionMachine.OpenedCall.Body, ends: Bool) {
        do throws(RPCError) {
            try route.begin(context)
        } catch {
            refuse(error)
            return
        }
        switch body {
        case .whole(let message):
            receiver = route.service.serve(
                self,
                first: message.bytes.readableBytesSpan,
                cost: message.cost,
                ends: ends
            )
        case .absent, .unfinished:
            receiver = route.service.serve(self)
            if ends { receivedEnd() }
        case .refused(let refusal):
            refuse(RPCError(refusal))
            return
        }
        // A handler that has ended the call already reads nothing of what follows.
        if isFinished { endReceiver(.over) }
        setDeadline()
    }

    private func refuse(_ error: RPCError) {
        finish(CallStatus(error))
        handlerReturned()
    }

    func received(_ message: InboundMessage) {
        receiver?.receive(message.bytes.readableBytesSpan, cost: message.cost)
    }

    func receivedEnd() {
        endReceiver(CallStatus())
    }

    /// Tells the receiver, once, that nothing follows.
    private func endReceiver(_ status: CallStatus) {
        receiver.take()?.finish(status)
    }

    /// The call is over before its handler ended it: the handler is told, and the client where it
    /// can still be told.
    func cancelled(_ error: RPCError) {
        ending = ending ?? error
        finish(CallStatus(error))
        endReceiver(CallStatus(error))
        writers.resume(error)
        task?.cancel()
    }

    // MARK: Deadline

    private func setDeadline() {
        guard !isFinished, let deadline else { return }
        hasDeadline = true
        handler.resources.set(self, due: deadline)
    }

    private func takeBackDeadline() {
        guard hasDeadline else { return }
        hasDeadline = false
        handler.resources.takeBack(self)
    }

    /// Holds a finished reply that waits to the call's deadline, or to the time that replies have
    /// where that is shorter: a caller may choose a deadline of weeks.
    private func boundWait() {
        takeBackDeadline()
        let end = ContinuousClock.now + handler.replyTime
        hasDeadline = true
        handler.resources.set(self, due: deadline.map { min($0, end) } ?? end)
    }

    override func expired() {
        hasDeadline = false
        guard replyWaits else {
            return cancelled(RPCError(.deadlineExceeded, "the time for the call is over"))
        }
        handler.count(.replyTime)
        replyEnds(RPCError(.deadlineExceeded, "the reply waited for credit for too long"))
        handler.noticeLeft()
    }

    /// Ends a call whose reply waits, whether its handler has returned or not.
    ///
    /// The status takes the place of the reply, which `repliesLeft` then hears of.
    func replyEnds(_ error: RPCError) {
        if isFinished {
            handler.send(CallStatus(error), on: stream)
        } else {
            cancelled(error)
        }
    }

    // MARK: Out

    func send(_ reply: [UInt8]) async throws(RPCError) {
        if handler.resources.eventLoop.inEventLoop {
            switch sendOnLoop(reply) {
            case .sent: return
            case .over: throw over
            case .waits: break
            }
        } else {
            handler.resources.eventLoop.execute { _ = self.sendOnLoop(reply) }
        }
        if let error = await writable() { throw error }
    }

    private func sendOnLoop(_ reply: [UInt8]) -> SendOutcome {
        isFinished ? .over : handler.send(reply, on: stream, ends: false)
    }

    private var over: RPCError {
        ending ?? RPCError(.cancelled, "the call is over")
    }

    /// Waits until the next message may be sent; gives why none may.
    private func writable() async -> RPCError? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                handler.onLoop { _ in self.wait(continuation) }
                // A cancellation that came before this found nobody waiting.
                if Task.isCancelled { stopWaiting() }
            }
        } onCancel: {
            stopWaiting()
        }
    }

    /// Lets go of the writers.
    ///
    /// A handler writes from one task or cancels them together, so it does not matter which of them
    /// was cancelled.
    private func stopWaiting() {
        handler.onLoop { _ in self.writers.resume(RPCError(.cancelled, "the sender gave up")) }
    }

    private func wait(_ continuation: CheckedContinuation<RPCError?, Never>) {
        if isFinished {
            continuation.resume(returning: over)
        } else if handler.isWaiting(stream) {
            writers.add(continuation)
        } else {
            continuation.resume(returning: nil)
        }
    }

    /// What waited has left, or was dropped; true when nothing more is to come of the call.
    func repliesLeft() -> Bool {
        writers.resume(nil)
        if replyWaits {
            replyWaits = false
            takeBackDeadline()
        }
        return hasReturned
    }

    func finish(reply: [UInt8]) {
        guard handler.isOnLoop else { return handler.onLoop { _ in self.finish(reply: reply) } }
        guard !isFinished else { return }
        let ends = trailers.isEmpty
        let outcome = handler.send(reply, on: stream, ends: ends)
        // A reply that the client does not take has ended the call with an error.
        guard !isFinished else { return }
        if !ends { handler.send(CallStatus(trailers: trailers), on: stream) }
        finished(nil, replyWaits: outcome == .waits)
    }

    func finish(_ status: CallStatus) {
        guard handler.isOnLoop else { return handler.onLoop { _ in self.finish(status) } }
        guard !isFinished else { return }
        var status = status.error.map { ending($0) } ?? status
        if status.error == nil, status.trailers.isEmpty { status.trailers = trailers }
        handler.send(status, on: stream)
        finished(status.error, replyWaits: status.error == nil && handler.isWaiting(stream))
    }

    /// The call is over for its handler; a reply that waits is still held to the deadline.
    private func finished(_ error: RPCError?, replyWaits: Bool) {
        isFinished = true
        self.replyWaits = replyWaits
        if replyWaits { boundWait() } else { takeBackDeadline() }
        route.end(context, error: error, duration: began.duration(to: .now))
        endReceiver(error.map { CallStatus($0) } ?? .over)
    }

    func setTrailers(_ trailers: Metadata) {
        handler.onLoop { _ in self.trailers = trailers }
    }

    func consumed(cost: Int) {
        guard handler.isOnLoop else { return handler.onLoop { _ in self.consumed(cost: cost) } }
        handler.consumed(cost: cost, on: stream)
    }

    func attach(_ task: Task<Void, Never>) {
        guard handler.isOnLoop else { return handler.onLoop { _ in self.attach(task) } }
        guard !hasReturned else { return }
        if ending != nil { task.cancel() }
        self.task = task
    }

    func handlerReturned() {
        guard handler.isOnLoop else { return handler.onLoop { _ in self.handlerReturned() } }
        guard !hasReturned else { return }
        hasReturned = true
        task = nil
        handler.handlerReturned(stream)
    }
}

extension CallStatus {
    /// What the receiver of a call's messages is told when the handler has ended the call.
    fileprivate static let over = CallStatus(RPCError(.cancelled, "the call is over"))
}
