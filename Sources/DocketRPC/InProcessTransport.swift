internal import Synchronization

/// A connection to a router in the same process.
///
/// It behaves like a connection of docket/1: messages are encoded, bounded and decoded, each
/// direction of a call has credit, calls beyond the limit wait for others to end, deadlines end
/// calls, and the connection acts as at most one principal. Nothing but bytes passes from one side
/// to the other.
///
/// Handlers start on their caller's thread, so that a call to one that does not wait costs no hop;
/// a call that had to wait starts on the thread on which another has ended.
package final class InProcessTransport: CallChannel {
    /// A call that was taken, as the how manyth.
    private struct Taken {
        let number: Int
        let call: InProcessCall
    }

    private struct State {
        var identity: CallerIdentity?
        var calls: [ObjectIdentifier: Taken] = [:]
        var lastNumber = 0
        var waiting = Queue<InProcessCall>()
        var running = 0
        var isStarting = false
        var isClosed = false

        /// Whether a call may be taken, given how many are kept.
        mutating func admit(
            _ call: InProcessCall,
            limits: InProcessLimits
        ) throws(RPCError) {
            guard !isClosed else {
                throw RPCError(
                    .connectionLost,
                    "the connection is closed",
                    isNotProcessed: true
                )
            }
            guard waiting.count < limits.waitingCalls else {
                throw RPCError(
                    .tooManyStreams,
                    "too many calls wait on this connection",
                    isNotProcessed: true
                )
            }
            lastNumber += 1
            calls[ObjectIdentifier(call)] = Taken(number: lastNumber, call: call)
            waiting.append(call)
        }

        /// The calls in the order in which they were taken.
        var callsInOrder: [InProcessCall] {
            calls.values.sorted { $0.number < $1.number }.map(\.call)
        }

        /// Takes the next call that may start.
        mutating func nextToStart(limits: InProcessLimits) -> InProcessCall? {
            let most = identity == nil ? limits.callsBeforeSignIn : limits.calls
            guard running < most, let call = waiting.popFirst() else {
                isStarting = false
                return nil
            }
            running += 1
            return call
        }
    }

    /// The client's address, as handlers see it.
    package let remoteAddress: String
    let router: Router
    let limits: InProcessLimits
    let clock: CallClock
    private let alarm: Alarm
    private let state: Mutex<State>

    /// A connection to `router`, which acts as `identity` if there is one.
    ///
    /// Deadlines are kept by `clock`.
    package init<Time: Clock>(
        router: Router,
        limits: InProcessLimits = InProcessLimits(),
        identity: CallerIdentity? = nil,
        remoteAddress: String = "",
        clock: Time = ContinuousClock()
    ) where Time.Instant == ContinuousClock.Instant {
        self.router = router
        self.limits = limits
        self.remoteAddress = remoteAddress
        self.clock = CallClock(clock)
        alarm = Alarm(clock: self.clock)
        state = Mutex(State(identity: identity))
    }

    package func begin(
        _ method: Method,
        options: CallOptions,
        first: [UInt8]?,
        ends: Bool,
        receiver: any MessageReceiver
    ) -> any ClientCall {
        let timeout = options.timeout ?? method.defaultTimeout
        let begun = clock.now()
        let call = InProcessCall(
            opening: InProcessCall.Opening(
                method: method,
                metadata: options.metadata,
                begun: begun,
                deadline: timeout.map { begun + $0 },
                first: first,
                ends: ends
            ),
            connection: self,
            receiver: receiver
        )
        do throws(RPCError) {
            try options.metadata.validate()
            guard call.deadline.map({ $0 > begun }) ?? true else {
                throw RPCError(
                    .deadlineExceeded,
                    "there is no time for the call",
                    isNotProcessed: true
                )
            }
            try state.withLock { state throws(RPCError) in
                try state.admit(call, limits: limits)
            }
            if let deadline = call.deadline { watch(deadline) }
            startWaiting()
        } catch {
            call.abort(error)
        }
        return InProcessCaller(call: call)
    }

    /// Ends the connection: every call on it fails with `connection_lost`, and so do later ones.
    package func close() {
        let calls = state.withLock { state in
            state.isClosed = true
            return state.callsInOrder
        }
        for call in calls { call.abort(RPCError(.connectionLost, "the connection was closed")) }
    }

    /// How many calls are in progress or wait.
    package var callCount: Int { state.withLock { $0.calls.count } }

    // MARK: Calls

    /// Starts the calls that may start.
    ///
    /// A call that ends at once lets another begin; one thread starts them all in turn, so that the
    /// line's length does not become the stack's.
    private func startWaiting() {
        let isFirst = state.withLock { state in
            defer { state.isStarting = true }
            return !state.isStarting
        }
        guard isFirst else { return }
        while let call = state.withLock({ $0.nextToStart(limits: limits) }) { call.start() }
    }

    /// A call that was started is over, and its handler has returned.
    func ended(_ call: InProcessCall) {
        state.withLock { state in
            state.calls[ObjectIdentifier(call)] = nil
            state.running -= 1
        }
        startWaiting()
    }

    /// A call was given up before it was started.
    func withdraw(_ call: InProcessCall) {
        state.withLock { state in
            state.calls[ObjectIdentifier(call)] = nil
            _ = state.waiting.remove { $0 === call }
        }
    }

    // MARK: Deadlines

    private func watch(_ deadline: ContinuousClock.Instant) {
        if alarm.rings(by: deadline) { return }
        alarm.set(deadline) { [weak self] in self?.expire() }
    }

    private func expire() {
        let now = clock.now()
        let calls = state.withLock { $0.callsInOrder }
        if let next = calls.compactMap(\.deadline).filter({ $0 > now }).min() { watch(next) }
        for call in calls where call.deadline.map({ $0 <= now }) ?? false {
            call.abort(RPCError(.deadlineExceeded, "the call's time is over"))
        }
    }
}

extension InProcessTransport: ServerConnection {
    package var identity: CallerIdentity? { state.withLock { $0.identity } }

    package func adopt(_ identity: CallerIdentity) throws(RPCError) {
        let isSet = state.withLock { state in
            guard state.identity == nil else { return false }
            state.identity = identity
            return true
        }
        guard isSet else {
            throw RPCError(.alreadySignedIn, "the connection has a principal already")
        }
        startWaiting()
    }
}
