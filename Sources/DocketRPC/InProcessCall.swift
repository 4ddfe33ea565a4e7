internal import Synchronization

/// A call within the process: what passes between its caller and its handler.
///
/// It is the server's end itself; `InProcessCaller` is the client's. Both may be used from any
/// thread. Every event decides under the lock and acts outside of it.
final class InProcessCall: ServerCall {
    /// What the caller says when it begins.
    struct Opening: Sendable {
        let method: Method
        let metadata: Metadata
        let begun: ContinuousClock.Instant
        let deadline: ContinuousClock.Instant?
        let first: [UInt8]?
        let ends: Bool
    }

    let deadline: ContinuousClock.Instant?
    private let opening: Opening
    private let route: Route?
    private let transport: InProcessTransport
    private let clientReceiver: any MessageReceiver
    private let state: Mutex<InProcessCallState>

    init(
        opening: Opening,
        connection: InProcessTransport,
        receiver: any MessageReceiver
    ) {
        self.opening = opening
        deadline = opening.deadline
        route = connection.router.route(hash: opening.method.hash)
        transport = connection
        clientReceiver = receiver
        state = Mutex(InProcessCallState(window: connection.limits.streamCredit))
    }

    // MARK: Begin

    /// Gives the call to its method, unless it was given up before.
    func start() {
        guard state.withLock({ $0.start() }) else { return transport.ended(self) }
        do throws(RPCError) {
            try serve()
        } catch {
            finish(CallStatus(error))
            handlerReturned()
        }
    }

    private func serve() throws(RPCError) {
        guard let route else { throw Router.unknownMethod(hash: opening.method.hash) }
        let identity = transport.identity
        state.withLock { $0.identity = identity }
        try route.begin(context)
        let receiver: (any MessageReceiver)?
        if let first = opening.first {
            try check(length: first.count)
            let cost = state.withLock {
                $0.pipes.toServer.begin(length: first.count, ends: opening.ends)
            }
            receiver = route.service.serve(
                self,
                first: unsafe first.span.bytes,
                cost: cost,
                ends: opening.ends
            )
        } else {
            receiver = route.service.serve(self)
            if opening.ends { end() }
        }
        guard let receiver else { return }
        let next = state.withLock { state in
            state.receiver = receiver
            return state.pipes.toServer.nextDelivery()
        }
        deliver(next, .toServer)
    }

    private func check(length: Int) throws(RPCError) {
        guard length <= transport.limits.maximumMessage else {
            throw RPCError(.messageTooLarge, "the message has \(length) bytes")
        }
    }

    // MARK: Messages

    /// Sends a message and returns when the next one may be sent.
    func send(_ message: [UInt8], _ direction: InProcessCallState.Direction) async throws(RPCError)
    {
        do throws(RPCError) {
            try check(length: message.count)
        } catch {
            abort(error)
            throw error
        }
        switch state.withLock({ $0.offer(message, direction) }) {
        case .sent(let delivery): deliver(delivery, direction)
        case .waits(let ticket):
            if let error = await wait(message, direction, ticket: ticket) { throw error }
        case .refused(let error): throw error
        case .kept: break
        }
    }

    private func wait(
        _ message: [UInt8],
        _ direction: InProcessCallState.Direction,
        ticket: Int
    ) async -> RPCError? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { sender in
                let offer = state.withLock {
                    $0.keep(message, direction, ticket: ticket, sender: sender)
                }
                switch offer {
                case .sent(let delivery):
                    deliver(delivery, direction)
                    sender.resume(returning: nil)
                case .refused(let error): sender.resume(returning: error)
                case .kept, .waits: break
                }
            }
        } onCancel: {
            switch direction {
            case .toServer: cancel()
            case .toClient: withdraw(ticket: ticket)
            }
        }
    }

    private func withdraw(ticket: Int) {
        let (delivery, sender) = state.withLock { $0.pipes.toClient.withdraw(ticket: ticket) }
        sender?.resume(returning: .senderCancelled)
        deliver(delivery, .toClient)
        releaseIfOver()
    }

    /// Gives back what a consumed message had cost.
    func consumed(cost: Int, _ direction: InProcessCallState.Direction) {
        let (delivery, senders) = state.withLock { $0[direction].giveBack(cost: cost) }
        for sender in senders { sender.resume(returning: nil) }
        deliver(delivery, direction)
        if direction == .toClient { releaseIfOver() }
    }

    /// Says that the client sends no further message.
    func end() {
        deliver(state.withLock { $0.pipes.toServer.close(CallStatus()) }, .toServer)
    }

    private func deliver(_ first: MessagePipe.Delivery?, _ direction: InProcessCallState.Direction)
    {
        var next = first
        while let delivery = next {
            let receiver = receiver(of: direction)
            if let message = delivery.message {
                receiver?.receive(unsafe message.span.bytes, cost: delivery.cost)
            }
            if let end = delivery.end { receiver?.finish(end) }
            next = state.withLock { $0[direction].nextDelivery() }
        }
    }

    private func receiver(of direction: InProcessCallState.Direction) -> (any MessageReceiver)? {
        switch direction {
        case .toServer: state.withLock { $0.receiver }
        case .toClient: clientReceiver
        }
    }

    // MARK: End

    /// The client gives the call up.
    func cancel() {
        abort(RPCError(.cancelled, "the caller gave the call up"))
    }

    /// Ends the call for both sides, unless it is over.
    func abort(_ error: RPCError) {
        guard let effects = state.withLock({ $0.abort(error) }) else { return }
        perform(effects)
        if state.withLock({ !$0.isStarted }) { transport.withdraw(self) }
    }

    private func perform(_ effects: InProcessCallState.Effects) {
        effects.task?.cancel()
        for sender in effects.senders { sender.resume(returning: effects.error ?? .callIsOver) }
        if effects.endsCall, let route {
            route.end(
                context,
                error: effects.error,
                duration: opening.begun.duration(to: transport.clock.now())
            )
        }
        deliver(effects.toServer, .toServer)
        deliver(effects.toClient, .toClient)
        releaseIfOver()
    }

    private func releaseIfOver() {
        if state.withLock({ $0.release() }) { transport.ended(self) }
    }

    // MARK: The server's end

    var method: Method { route?.method ?? opening.method }

    var connection: any ServerConnection { transport }

    var identity: CallerIdentity? { state.withLock { $0.identity } }

    var metadata: Metadata { opening.metadata }

    var fingerprint: [UInt8] { state.withLock { $0.fingerprint } }

    func keep(fingerprint: [UInt8]) {
        state.withLock { $0.fingerprint = fingerprint }
    }

    func handlerStarts() {
        state.withLock { $0.handlerHasStarted = true }
    }

    var executor: (any CallExecutor)? { nil }

    var maximumReply: Int { transport.limits.maximumMessage }

    var isFinished: Bool { state.withLock { $0.pipes.toClient.isClosed } }

    func send(_ reply: [UInt8]) async throws(RPCError) {
        try await send(reply, .toClient)
    }

    func finish(reply: [UInt8]) {
        do throws(RPCError) {
            try check(length: reply.count)
            if let effects = state.withLock({ $0.finish(reply: reply) }) { perform(effects) }
        } catch {
            abort(error)
        }
    }

    func finish(_ status: CallStatus) {
        if let effects = state.withLock({ $0.finish(status) }) { perform(effects) }
    }

    func setTrailers(_ trailers: Metadata) {
        state.withLock { $0.trailers = trailers }
    }

    func consumed(cost: Int) {
        consumed(cost: cost, .toServer)
    }

    func attach(_ task: Task<Void, Never>) {
        let isOver = state.withLock { state in
            guard state.handlerRuns else { return false }
            state.task = task
            return state.pipes.toClient.isOver
        }
        if isOver { task.cancel() }
    }

    func handlerReturned() {
        state.withLock { state in
            state.handlerRuns = false
            state.task = nil
        }
        releaseIfOver()
    }
}
