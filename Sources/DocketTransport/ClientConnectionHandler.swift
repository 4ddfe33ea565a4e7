internal import DocketRPC
internal import DocketTLS
internal import DocketWire
internal import NIOCore

/// Drives one connection of a client: calls to the machine, its actions to frames, and back.
///
/// Confined to the connection's event loop; `onLoop` is the way in from elsewhere. That is why the
/// class may claim to be Sendable.
final class ClientConnectionHandler: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// A call that waits for a stream.
    private struct Waiting {
        let call: ClientCallHandle
        let first: [UInt8]?
        let ends: Bool
    }

    /// A drain that the server has announced.
    private struct Drain {
        let goAway: GoAway
        /// The moment before which the server is not to be asked again.
        let returnAt: ContinuousClock.Instant

        /// Why a call fails now.
        var error: RPCError { .draining(goAway.text, returnAt: returnAt, at: .now) }
    }

    private let configuration: ClientConnection.Configuration
    private let io: ConnectionIO
    let resources: LoopResources
    private var machine: ClientConnectionMachine
    private var calls = OpenCalls<ClientCallHandle>()
    private var waiting = CircularBuffer<Waiting>()
    private var waitingWriters: Set<StreamID> = []
    private var greeting: Greeting?
    private var ending: RPCError?
    private var isEstablished = false
    private var drain: Drain?
    private var isWritable = true
    /// What the socket failed with.
    private var socketFault: String?
    private var connectedAt = ContinuousClock.now
    private var greeted: [(Result<Greeting, RPCError>) -> Void] = []
    private var closed: [(RPCError) -> Void] = []
    private var refusing: [(RPCError) -> Void] = []
    var memberIndex = -1

    init(
        configuration: ClientConnection.Configuration,
        layer: ByteLayer,
        resources: LoopResources
    ) {
        self.configuration = configuration
        self.resources = resources
        io = ConnectionIO(layer: layer, resources: resources, limits: configuration.limits)
        var random = SystemRandomNumberGenerator()
        machine = ClientConnectionMachine(
            limits: configuration.limits,
            now: .now,
            using: &random
        )
    }

    // MARK: Channel

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { activate(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        activate(context)
    }

    private func activate(_ context: ChannelHandlerContext) {
        connectedAt = .now
        resources.add(self)
        io.activate(context, for: self)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        io.read(unwrapInboundIn(data), at: .now)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        sendWaiting()
        io.readComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed {
            io.endOfInput()
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        isWritable = context.channel.isWritable
        machine.setWritable(isWritable)
        guard isWritable else { return }
        sendWaiting()
        openWaiting()
    }

    func channelInactive(context: ChannelHandlerContext) {
        io.deactivate()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        socketFault = "\(ConnectFailure(error))"
        io.fail()
    }

    func transportClosed() {
        resources.remove(self)
        lose(socketFault ?? "the server's connection is gone")
        _ = machine.transportClosed()
    }

    /// Does something on the connection's event loop: at once when this is it.
    func onLoop(_ body: @escaping @Sendable (ClientConnectionHandler) -> Void) {
        if resources.eventLoop.inEventLoop {
            body(self)
        } else {
            resources.eventLoop.execute { body(self) }
        }
    }

    // MARK: Life

    var peer: TLSPeer? { io.peer }

    var isOpen: Bool { ending == nil && drain == nil }

    func whenGreeted(_ body: @escaping (Result<Greeting, RPCError>) -> Void) {
        if let ending {
            body(.failure(ending))
        } else if let greeting {
            body(.success(greeting))
        } else {
            greeted.append(body)
        }
    }

    func whenClosed(_ body: @escaping (RPCError) -> Void) {
        if let ending { body(ending) } else { closed.append(body) }
    }

    func whenRefusing(_ body: @escaping (RPCError) -> Void) {
        if let error = ending ?? drain?.error { body(error) } else { refusing.append(body) }
    }

    func close() {
        guard ending == nil else { return }
        let goAway = machine.close(code: .drain, text: "the client is done")
        io.write { $0.writeFrame(goAway) }
        io.close()
        end(RPCError(.cancelled, "the connection was closed here"))
    }

    private func close(_ goAway: GoAway) {
        io.write { $0.writeFrame(goAway) }
        io.close()
        end(Self.error(for: goAway))
    }

    /// The server's bytes have ended: as the drain announced that it has begun, or for a reason
    /// that nobody knows.
    private func lose(_ text: String) {
        guard let drain else { return end(RPCError(.connectionLost, text)) }
        end(drain.error, lastStream: drain.goAway.lastStream)
    }

    /// Fails everything that is under way; the first reason stands.
    ///
    /// Calls above `lastStream` were not looked at by the server, and may be made again.
    private func end(_ error: RPCError, lastStream: StreamID = .last) {
        guard ending == nil else { return }
        ending = error
        let open = calls
        let unopened = waiting
        calls = OpenCalls()
        waiting = CircularBuffer()
        var notProcessed = error
        notProcessed.isNotProcessed = true
        for (stream, call) in open.sorted {
            call.ended(CallStatus(stream > lastStream ? notProcessed : error))
        }
        for call in unopened { call.call.ended(CallStatus(notProcessed)) }
        for body in greeted { body(.failure(error)) }
        for body in closed { body(error) }
        greeted = []
        closed = []
        noticeRefusing(error)
    }

    private func noticeRefusing(_ error: RPCError) {
        for body in refusing { body(error) }
        refusing = []
    }

    // MARK: Calls

    /// Opens a call, or has it wait for a stream.
    func begin(_ call: ClientCallHandle, first: [UInt8]?, ends: Bool) {
        guard !call.isOver else { return }
        if var ending {
            ending.isNotProcessed = true
            return call.ended(CallStatus(ending))
        }
        call.setDeadline()
        guard waiting.isEmpty else { return wait(call, first: first, ends: ends) }
        open(call, first: first, ends: ends)
    }

    private func open(_ call: ClientCallHandle, first: [UInt8]?, ends: Bool) {
        var head = resources.takeBuffer()
        call.head.write(to: &head)
        open(call, head: head, first: first, ends: ends)
        resources.giveBack(consume head)
    }

    private func open(_ call: ClientCallHandle, head: ByteBuffer, first: [UInt8]?, ends: Bool) {
        let action = machine.open(
            headLength: head.readableBytes,
            messageLength: first?.count,
            ends: ends
        )
        switch action {
        case .write(let stream, let withMessage):
            calls.insert(call, for: stream)
            let isComplete = withMessage || first == nil
            writeOpen(
                stream,
                head: head,
                first: withMessage ? first : nil,
                ends: ends && isComplete
            )
            if let first, !isComplete { _ = send(first, on: stream, ends: ends) }
            call.opened(on: stream)
        case .wait:
            wait(call, first: first, ends: ends)
        case .tooLarge:
            call.ended(CallStatus(.overServerLimit))
        case .refuse:
            var error =
                drain?.error ?? RPCError(.draining, "the connection takes no more calls")
            error.isNotProcessed = true
            call.ended(CallStatus(error))
        }
    }

    private func writeOpen(_ stream: StreamID, head: ByteBuffer, first: [UInt8]?, ends: Bool) {
        let lead = UInt16(head.readableBytes) | (first == nil ? 0 : 0x8000)
        let header = FrameHeader(
            length: 2 + head.readableBytes + (first?.count ?? 0),
            kind: .open,
            flags: ends ? .end : [],
            stream: stream
        )
        io.write { out in
            out.writeFrameHeader(header)
            out.writeInteger(lead)
            out.writeImmutableBuffer(head)
            if let first { out.writeBytes(first) }
        }
    }

    private func wait(_ call: ClientCallHandle, first: [UInt8]?, ends: Bool) {
        // Calls that were given up keep their place until somebody needs it.
        if waiting.count >= configuration.limits.waitingCalls {
            waiting.removeAll { $0.call.isOver }
        }
        guard waiting.count < configuration.limits.waitingCalls else {
            return call.ended(
                CallStatus(
                    RPCError(.tooManyStreams, "too many calls wait", isNotProcessed: true)
                )
            )
        }
        waiting.append(Waiting(call: call, first: first, ends: ends))
    }

    private func openWaiting() {
        while isWritable, machine.openable > 0, let next = waiting.popFirst() {
            guard !next.call.isOver else { continue }
            open(next.call, first: next.first, ends: next.ends)
        }
    }

    /// Sends a message of a call.
    ///
    /// Gives whether the next one may be sent at once.
    func send(_ message: [UInt8], on stream: StreamID, ends: Bool) -> SendOutcome {
        switch machine.send(length: message.count, on: stream, ends: ends) {
        case .write:
            let header = FrameHeader(
                length: message.count,
                kind: .message,
                flags: ends ? .end : [],
                stream: stream
            )
            io.write { out in
                out.writeFrameHeader(header)
                out.writeBytes(message)
            }
            return .sent
        case .enqueue:
            machine.enqueue(ByteBuffer(bytes: message), on: stream, ends: ends)
            sendWaiting()
            guard machine.hasWaiting(stream) else { return .sent }
            waitingWriters.insert(stream)
            return .waits
        case .drop: return .over
        case .tooLarge:
            let call = calls[stream]
            cancel(stream, .brokenLimit)
            // What was sent before may have taken effect.
            var error = RPCError.overServerLimit
            error.isNotProcessed = false
            call?.ended(CallStatus(error))
            return .over
        }
    }

    func isWaiting(_ stream: StreamID) -> Bool {
        machine.hasWaiting(stream)
    }

    func sendEnd(_ stream: StreamID) {
        guard machine.end(stream) == .write else { return sendWaiting() }
        io.write { $0.writeFrame(Frame(.fin, stream: stream)) }
    }

    /// Gives a call up.
    func cancel(_ stream: StreamID, _ reason: CancelReason) {
        remove(stream)
        guard machine.cancel(stream) else { return }
        io.write { $0.writeFrame(.cancel, stream: stream, number: reason.rawValue) }
    }

    func consumed(cost: Int, on stream: StreamID) {
        guard let credit = machine.consumed(cost: cost, on: stream) else { return }
        io.write { $0.writeFrame(.credit, stream: stream, number: credit) }
    }

    private func sendWaiting() {
        while let frame = machine.nextFrame() {
            io.write { out in
                out.writeFrame(
                    Frame(
                        frame.kind,
                        flags: frame.flags,
                        stream: frame.stream,
                        payload: frame.payload
                    )
                )
            }
            if io.waitingBytes >= configuration.limits.outboundBytes { io.flush() }
        }
        guard !waitingWriters.isEmpty else { return }
        for stream in waitingWriters where !machine.hasWaiting(stream) {
            waitingWriters.remove(stream)
            calls[stream]?.mayWrite()
        }
    }
}

// MARK: - Frames

extension ClientConnectionHandler: FrameConsumer {
    func established() {
        isEstablished = true
        machine.established(at: .now)
        var greeting = Greeting(limits: configuration.limits, software: configuration.software)
        greeting.token = configuration.token
        io.writeFirst { $0.writeFrame(greeting.frame) }
    }

    func received(_ frame: Frame, at now: ContinuousClock.Instant) -> Bool {
        switch machine.received(frame, at: now) {
        case .nothing: break
        case .greeted(let greeting):
            self.greeting = greeting
            for body in greeted { body(.success(greeting)) }
            greeted = []
            sendWaiting()
            openWaiting()
        case .message(let stream, let message, let ends):
            deliver(message, on: stream, ends: ends)
        case .status(let stream, let status):
            finish(stream, CallStatus(bytes: status.readableBytesSpan))
        case .credit(let stream, let credit):
            io.write { $0.writeFrame(.credit, stream: stream, number: credit) }
        case .refuseMessage(let stream, let refusal):
            let reason = CancelReason.brokenLimit
            io.write { $0.writeFrame(.cancel, stream: stream, number: reason.rawValue) }
            finish(stream, CallStatus(RPCError(refusal)))
        case .flush: sendWaiting()
        case .openWaiting: openWaiting()
        case .pong(let echo): io.write { $0.writeFrame(.pong, echo: echo) }
        case .drain(let goAway): drained(goAway, at: now)
        case .ended(let goAway): ended(goAway)
        case .close(let goAway): close(goAway)
        }
        return true
    }

    private func deliver(_ message: InboundMessage, on stream: StreamID, ends: Bool) {
        guard let call = ends ? remove(stream) : calls[stream] else { return }
        call.received(message)
        if ends { call.ended(CallStatus()) }
    }

    private func finish(_ stream: StreamID, _ status: CallStatus) {
        remove(stream)?.ended(status)
    }

    /// Forgets a call that is over.
    @discardableResult
    private func remove(_ stream: StreamID) -> ClientCallHandle? {
        if !waitingWriters.isEmpty { waitingWriters.remove(stream) }
        return calls.remove(stream)
    }

    /// The server takes no more calls here: those that wait go elsewhere, those under way go on.
    private func drained(_ goAway: GoAway, at now: ContinuousClock.Instant) {
        let drain = Drain(
            goAway: goAway,
            returnAt: now + .milliseconds(Int64(goAway.retryAfterMilliseconds))
        )
        self.drain = drain
        let error = drain.error
        var notProcessed = error
        notProcessed.isNotProcessed = true
        let unopened = waiting
        waiting = CircularBuffer()
        for call in unopened { call.call.ended(CallStatus(notProcessed)) }
        noticeRefusing(error)
    }

    private func ended(_ goAway: GoAway) {
        io.close()
        end(Self.error(for: goAway), lastStream: goAway.lastStream)
    }

    private static func error(for goAway: GoAway) -> RPCError {
        var error =
            switch goAway.code {
            case .drain: RPCError(.draining, goAway.text)
            case .authenticationFailed: RPCError(.sessionExpired, goAway.text)
            case .limitExceeded: RPCError(.limitExceeded, goAway.text)
            case .timeout: RPCError(.timeout, goAway.text)
            case .frameTooLarge: RPCError(.frameTooLarge, goAway.text)
            case .flowControlError: RPCError(.flowControlError, goAway.text)
            case .helloError: RPCError(.helloError, goAway.text)
            case .protocolError: RPCError(.protocolError, goAway.text)
            case .internalError: RPCError(.serverError, goAway.text)
            }
        if goAway.retryAfterMilliseconds > 0 {
            error.retryAfter = .milliseconds(Int64(goAway.retryAfterMilliseconds))
        }
        return error
    }

    func receivedBytes(at now: ContinuousClock.Instant, _ progress: FrameProgress) {
        machine.receivedBytes(at: now, progress)
    }

    func failed(_ violation: ProtocolViolation) {
        close(machine.fail(violation))
    }

    func failed(_ error: TLSError) {
        // Frames leave only once TLS stands, so before that the server has seen no call.
        let text = isEstablished ? "the connection failed" : "cannot make a secure connection"
        end(
            RPCError(
                .connectionLost,
                "\(text): \(error.explanation)",
                isNotProcessed: !isEstablished
            )
        )
        io.close()
    }

    func ended() {
        lose("the server closed the connection")
        io.close()
    }
}

// MARK: - Time

extension ClientConnectionHandler: ConnectionDriver {
    func tick(at now: ContinuousClock.Instant) {
        io.tick(at: now)
        guard isEstablished else {
            guard now - connectedAt > configuration.limits.handshakeTime else { return }
            end(RPCError(.timeout, "the TLS handshake took too long", isNotProcessed: true))
            return io.abort()
        }
        switch machine.tick(at: now) {
        case .nothing: break
        case .ping(let echo): io.write { $0.writeFrame(.ping, echo: echo) }
        case .close(let goAway): close(goAway)
        }
    }

    func flushTurn() {
        io.flush()
    }
}

/// Why a client gives a call up, as CANCEL tells the server for its logs and counters.
enum CancelReason: UInt32 {
    /// The caller lost interest.
    case lostInterest = 1
    /// The caller's deadline passed.
    case deadline = 2
    /// A message broke a limit or a rule.
    case brokenLimit = 3
}

extension RPCError {
    /// The refusal of a message that the server would not accept.
    fileprivate static var overServerLimit: RPCError {
        RPCError(
            .messageTooLarge,
            "the message is longer than the server accepts",
            isNotProcessed: true
        )
    }
}
