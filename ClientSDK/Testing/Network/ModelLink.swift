internal import DocketClient
internal import DocketRPC
internal import FoundationEssentials
internal import Synchronization

/// One connection of a `ModelNetwork`.
final class ModelLink: ServerLink {
    private struct State {
        var end: RPCError?
        var waiters: [CheckedContinuation<RPCError, Never>] = []
        var late: [LateCall] = []
    }

    private let network: ModelNetwork
    private let transport: InProcessTransport
    private let greeting: RPCError?
    private let state = Mutex(State())

    init(on network: ModelNetwork, token: [UInt8]) {
        self.network = network
        var identity: CallerIdentity?
        var refusal: RPCError?
        do throws(RPCError) {
            identity = try network.services.identity(of: token)
        } catch {
            refusal = error
        }
        greeting = refusal
        // The model answers at once, so only calls that are held up watch their time, and they do
        // it themselves: more deadlines would stand in the way of `passNextWait(within:)`.
        transport = InProcessTransport(
            router: network.services.router(),
            identity: identity,
            clock: VirtualClock()
        )
    }

    /// The token of the session through which the connection acts.
    var token: Data? { (transport.identity?.details as? ModelServices.Token)?.bytes }

    /// Whether the connection stands.
    var isOpen: Bool { state.withLock { $0.end == nil } }

    func greeted() async throws(RPCError) -> Timestamp? {
        if let greeting { throw greeting }
        return network.services.moment
    }

    func ended() async -> RPCError {
        await withCheckedContinuation { continuation in
            let end = state.withLock { state in
                if state.end == nil { state.waiters.append(continuation) }
                return state.end
            }
            if let end { continuation.resume(returning: end) }
        }
    }

    func close() {
        cut(RPCError(.cancelled, "closed here"))
    }

    /// Ends the connection, unless it has ended.
    func cut(_ error: RPCError) {
        let ended = state.withLock { state -> State? in
            guard state.end == nil else { return nil }
            let ended = state
            state = State(end: error)
            return ended
        }
        guard let ended else { return }
        network.services.ended(self)
        transport.close()
        for call in ended.late { call.connectionEnded() }
        for waiter in ended.waiters { waiter.resume(returning: error) }
    }

    func begin(
        _ method: Method,
        options: CallOptions,
        first: [UInt8]?,
        ends: Bool,
        receiver: any MessageReceiver
    ) -> any ClientCall {
        let name = MethodName(method)
        let opening = CallOpening(method: method, options: options, first: first, ends: ends)
        let watched = LinkReceiver(receiver, of: name, on: network, self)
        switch isOpen ? network.takeFate(of: name) : .passes {
        case .passes: return start(opening, watched)
        case .losesReply:
            watched.losesReply = true
            return start(opening, watched)
        case .comesTwice:
            let call = start(opening, watched)
            _ = start(opening, DeafReceiver())
            return call
        case .comesLate(let delay): return hold(opening, watched, for: delay)
        case .isLost:
            cut(.wireCut)
            receiver.finish(CallStatus(.wireCut))
            return DeadCall()
        case .isRefused(let error):
            receiver.finish(CallStatus(error))
            return DeadCall()
        }
    }

    /// Gives a call to the server.
    func start(_ opening: CallOpening, _ receiver: any MessageReceiver) -> any ClientCall {
        transport.begin(
            opening.method,
            options: opening.options,
            first: opening.first,
            ends: opening.ends,
            receiver: receiver
        )
    }

    private func hold(
        _ opening: CallOpening,
        _ receiver: any MessageReceiver,
        for delay: Duration
    ) -> any ClientCall {
        let call = LateCall(opening, receiver, on: self)
        state.withLock { $0.late.append(call) }
        call.wait(for: delay, network.services.clock)
        return call
    }

    /// A call that was held up is on its way.
    func released(_ call: LateCall) {
        state.withLock { $0.late.removeAll { $0 === call } }
    }
}

/// What a caller says when it begins a call.
struct CallOpening: Sendable {
    let method: Method
    let options: CallOptions
    let first: [UInt8]?
    let ends: Bool
}

/// Takes what comes back for a call, and lets happen to it what the network wants.
final class LinkReceiver: MessageReceiver {
    private let receiver: any MessageReceiver
    private let method: MethodName
    private let network: ModelNetwork
    private let link: ModelLink
    private let isLosing = Mutex(false)

    init(
        _ receiver: any MessageReceiver,
        of method: MethodName,
        on network: ModelNetwork,
        _ link: ModelLink
    ) {
        self.receiver = receiver
        self.method = method
        self.network = network
        self.link = link
    }

    /// Whether the next message that comes back is lost with its connection.
    var losesReply: Bool {
        get { isLosing.withLock { $0 } }
        set { isLosing.withLock { $0 = newValue } }
    }

    func receive(_ bytes: RawSpan, cost: Int) {
        guard !losesReply else { return loseConnection() }
        switch network.takeMessageFate(of: method) {
        case .passes: receiver.receive(bytes, cost: cost)
        case .isDropped: break
        case .comesTwice:
            receiver.receive(bytes, cost: cost)
            receiver.receive(bytes, cost: 0)
        case .cutsConnection: loseConnection()
        }
    }

    private func loseConnection() {
        losesReply = true
        // The end of a call comes right behind its only reply; a feed has no end.
        if method == .subscribe { link.cut(.wireCut) }
    }

    func finish(_ status: CallStatus) {
        guard !losesReply else {
            link.cut(.wireCut)
            return receiver.finish(CallStatus(.wireCut))
        }
        receiver.finish(status)
        if let error = status.error, error.reason == .sessionExpired { link.cut(error) }
    }
}

/// Takes what nobody hears.
private final class DeafReceiver: MessageReceiver {
    func receive(_ bytes: RawSpan, cost: Int) {}

    func finish(_ status: CallStatus) {}
}

/// A call that is over before it began.
private final class DeadCall: ClientCall {
    func send(_ message: [UInt8]) async throws(RPCError) { throw .wireCut }

    func end() {}

    func cancel() {}

    func consumed(cost: Int) {}
}

/// A call that is on its way for a while.
///
/// When its caller gives up, it comes to the server all the same, and what that says is lost.
final class LateCall: ClientCall {
    private enum State {
        case waiting
        case arriving
        case begun(any ClientCall)
        case isOver
    }

    private let opening: CallOpening
    private let receiver: any MessageReceiver
    private let link: ModelLink
    private let state = Mutex(State.waiting)

    init(_ opening: CallOpening, _ receiver: any MessageReceiver, on link: ModelLink) {
        self.opening = opening
        self.receiver = receiver
        self.link = link
    }

    /// Lets the call come to the server after a time, and its caller give up before if its own is
    /// over.
    func wait(for delay: Duration, _ clock: VirtualClock) {
        let now = clock.now
        Task {
            guard (try? await clock.sleep(until: now + delay)) != nil else { return }
            self.arrive(after: delay)
        }
        guard let timeout = opening.options.timeout ?? opening.method.defaultTimeout,
            timeout <= delay
        else { return }
        Task {
            guard (try? await clock.sleep(until: now + timeout)) != nil else { return }
            self.giveUp(RPCError(.deadlineExceeded, "the call's time is over"))
        }
    }

    private func arrive(after delay: Duration) {
        link.released(self)
        guard link.isOpen else { return }
        let timeout = opening.options.timeout ?? opening.method.defaultTimeout
        let isHeard = state.withLock { state in
            guard case .waiting = state else { return false }
            state = .arriving
            return true
        }
        let opening = CallOpening(
            method: opening.method,
            options: CallOptions(
                timeout: isHeard ? timeout.map { $0 - delay } : nil,
                metadata: opening.options.metadata
            ),
            first: opening.first,
            ends: opening.ends
        )
        guard isHeard else {
            _ = link.start(opening, DeafReceiver())
            return
        }
        let call = link.start(opening, receiver)
        state.withLock { $0 = .begun(call) }
    }

    /// The connection ends before the call has come to the server.
    func connectionEnded() {
        giveUp(.wireCut)
    }

    private func giveUp(_ error: RPCError) {
        let isFirst = state.withLock { state in
            guard case .waiting = state else { return false }
            state = .isOver
            return true
        }
        if isFirst { receiver.finish(CallStatus(error)) }
    }

    private var begun: (any ClientCall)? {
        state.withLock { if case .begun(let call) = $0 { call } else { nil } }
    }

    func send(_ message: [UInt8]) async throws(RPCError) {
        guard let begun else { throw .wireCut }
        try await begun.send(message)
    }

    func end() {
        begun?.end()
    }

    func cancel() {
        guard let begun else { return giveUp(RPCError(.cancelled, "the caller gave up")) }
        begun.cancel()
    }

    func consumed(cost: Int) {
        begun?.consumed(cost: cost)
    }
}
