/// Where a call within the process stands, and what comes of its events.
struct InProcessCallState: Sendable {
    /// Which way a message goes.
    enum Direction {
        case toServer
        case toClient
    }

    /// What comes of a message that is to be sent.
    enum Offer {
        /// It is on its way; what to deliver now, unless somebody else does.
        case sent(MessagePipe.Delivery?)
        /// It has to wait for credit, under this ticket.
        case waits(ticket: Int)
        /// It is kept until there is credit.
        case kept
        /// It cannot be sent any longer.
        case refused(RPCError)
    }

    /// What is to be done after an event, outside of the lock.
    struct Effects {
        var toServer: MessagePipe.Delivery?
        var toClient: MessagePipe.Delivery?
        var senders: [MessagePipe.Sender] = []
        var task: Task<Void, Never>?
        /// Whether the interceptors are to be told that the call has ended.
        var endsCall = false
        var error: RPCError?
    }

    var pipes: (toServer: MessagePipe, toClient: MessagePipe)
    var receiver: (any MessageReceiver)?
    var task: Task<Void, Never>?
    var trailers: Metadata = []
    /// Whom the connection acted as when the call was started.
    var identity: CallerIdentity?
    var fingerprint: [UInt8] = []
    var isStarted = false
    var handlerRuns = false
    /// Whether the method was given what it asks for, and may have taken effect.
    var handlerHasStarted = false
    private(set) var isReleased = false
    var tickets = 0

    subscript(direction: Direction) -> MessagePipe {
        get {
            switch direction {
            case .toServer: pipes.toServer
            case .toClient: pipes.toClient
            }
        }
        _modify {
            switch direction {
            case .toServer: yield &pipes.toServer
            case .toClient: yield &pipes.toClient
            }
        }
    }

    /// A call whose directions have windows of so many cost units.
    init(window: Int) {
        pipes = (
            toServer: MessagePipe(window: window, isHeld: true),
            toClient: MessagePipe(window: window, isHeld: false)
        )
    }

    // MARK: Begin

    /// Starts the call, unless it was given up before.
    mutating func start() -> Bool {
        isStarted = !pipes.toClient.isOver
        handlerRuns = isStarted
        return isStarted
    }

    // MARK: Messages

    /// Sends a message, if it may leave at once.
    mutating func offer(
        _ message: [UInt8],
        _ direction: Direction
    ) -> Offer {
        guard !self[direction].isClosed else { return .refused(.callIsOver) }
        guard self[direction].isOpen else {
            tickets += 1
            return .waits(ticket: tickets)
        }
        return .sent(self[direction].accept(message))
    }

    /// Keeps a message until there is credit, unless that has come meanwhile.
    mutating func keep(
        _ message: [UInt8],
        _ direction: Direction,
        ticket: Int,
        sender: MessagePipe.Sender
    ) -> Offer {
        guard !self[direction].isClosed else { return .refused(.callIsOver) }
        guard !Task.isCancelled else { return .refused(.senderCancelled) }
        guard !self[direction].isOpen else { return .sent(self[direction].accept(message)) }
        self[direction].wait(message, sender: sender, ticket: ticket)
        return .kept
    }

    // MARK: End

    /// The server's last reply.
    mutating func finish(reply: [UInt8]) -> Effects? {
        guard isStarted, !pipes.toClient.isClosed else { return nil }
        var effects = Effects(endsCall: true)
        let end = CallStatus(trailers: trailers).travelled
        if pipes.toClient.isOpen {
            effects.toClient = pipes.toClient.accept(reply, end: end)
        } else {
            pipes.toClient.wait(reply, end: end)
        }
        (effects.toServer, effects.senders) = pipes.toServer.abort(
            CallStatus(.callIsOver),
            dropsDue: true
        )
        return effects
    }

    /// The server's end of the call.
    ///
    /// A failure takes the place of replies that wait.
    mutating func finish(_ status: CallStatus) -> Effects? {
        guard isStarted, !pipes.toClient.isClosed else { return nil }
        let status = status.error.map { CallStatus(vouched($0)) } ?? status
        var effects = Effects(endsCall: true, error: status.error)
        if status.error == nil {
            let trailers = status.trailers.isEmpty ? trailers : status.trailers
            effects.toClient = pipes.toClient.close(CallStatus(trailers: trailers).travelled)
        } else {
            (effects.toClient, effects.senders) = pipes.toClient.abort(
                status.travelled,
                dropsDue: false
            )
        }
        let (delivery, senders) = pipes.toServer.abort(
            CallStatus(status.error ?? .callIsOver),
            dropsDue: true
        )
        effects.toServer = delivery
        effects.senders += senders
        return effects
    }

    /// The end of the call for both sides, other than by the server's word.
    mutating func abort(_ error: RPCError) -> Effects? {
        guard !pipes.toClient.isOver else { return nil }
        let error = vouched(error)
        var effects = Effects(
            task: task,
            endsCall: isStarted && !pipes.toClient.isClosed,
            error: error
        )
        let status = CallStatus(error)
        let toClient = pipes.toClient.abort(status, dropsDue: true)
        let toServer = pipes.toServer.abort(status, dropsDue: false)
        (effects.toClient, effects.toServer) = (toClient.delivery, toServer.delivery)
        effects.senders = toClient.senders + toServer.senders
        return effects
    }

    /// Why the call ends: nothing of it took effect where the handler has not started.
    private func vouched(_ error: RPCError) -> RPCError {
        var error = error
        if !handlerHasStarted { error.isNotProcessed = true }
        return error
    }

    /// Whether the call has just become one of which nothing is left: it is over, and its handler
    /// has returned.
    ///
    /// True only once.
    mutating func release() -> Bool {
        guard isStarted, pipes.toClient.isOver, !handlerRuns, !isReleased else { return false }
        isReleased = true
        return true
    }
}

extension CallStatus {
    /// The status as it comes out of its encoded form, which is what another process would see.
    fileprivate var travelled: CallStatus {
        guard error != nil || !trailers.isEmpty else { return self }
        return CallStatus(bytes: unsafe bytes.span.bytes)
    }
}

extension RPCError {
    /// What a sender is told whose call has ended.
    static var callIsOver: RPCError { RPCError(.cancelled, "the call is over") }

    /// What a sender is told whose task was cancelled.
    static var senderCancelled: RPCError {
        RPCError(.cancelled, "the sender was cancelled")
    }
}
