internal import DocketCrypto
internal import DocketRPC
internal import DocketTLS
internal import DocketWire
internal import Logging
internal import NIOCore
internal import Synchronization

/// Drives one connection of a server: bytes to frames, frames to the machine, the machine's actions
/// to calls, and back.
///
/// Everything but `identity`, `number` and `remoteAddress` is confined to the connection's event
/// loop; calls that are used from elsewhere hop to it first. That is why the class may claim to be
/// Sendable.
final class ServerConnectionHandler: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let server: ServerSettings
    private let io: ConnectionIO
    let resources: LoopResources
    /// Under which the registry knows the connection.
    let number: Places.Number
    let remoteAddress: String
    private let adopted = Mutex<CallerIdentity?>(nil)
    private var machine: ServerConnectionMachine
    private var calls = OpenCalls<ServerCallHandle>()
    private var waitingWriters: Set<StreamID> = []
    private var isEstablished = false
    /// Once a drain has begun, the moment at which the client is asked to come back.
    private var returnAt: ContinuousClock.Instant?
    /// A drain that began during the handshake, of which the client is told behind it.
    private var drainToAnnounce: (retryAfterMilliseconds: UInt32, since: ContinuousClock.Instant)?
    private let connectedAt = ContinuousClock.now
    /// How many of the bytes that wait for the client are counted in those of all connections.
    private var countedReplies = 0
    /// How many of the bytes of unfinished messages are counted in those of all connections.
    private var countedUnfinished = 0
    var memberIndex = -1

    init(
        server: ServerSettings,
        layer: ByteLayer,
        resources: LoopResources,
        number: Places.Number,
        remoteAddress: String
    ) {
        self.server = server
        self.resources = resources
        self.number = number
        self.remoteAddress = remoteAddress
        io = ConnectionIO(layer: layer, resources: resources, limits: server.limits)
        machine = ServerConnectionMachine(limits: server.limits, now: .now)
    }

    // MARK: Channel

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { activate(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        activate(context)
    }

    private func activate(_ context: ChannelHandlerContext) {
        resources.add(self)
        io.activate(context, for: self)
        // One that comes while the server stops is told so like those before it.
        switch server.connections.add(self) {
        case .serve: break
        case .drain(let retryAfterMilliseconds):
            drain(retryAfterMilliseconds: retryAfterMilliseconds)
        case .giveWay: shutDown()
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        // A socket that never became active has no other end.
        server.connections.remove(number)
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
        machine.setWritable(context.channel.isWritable)
        if context.channel.isWritable { sendWaiting() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        io.deactivate()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        server.tally.add(.broken, address: remoteAddress)
        server.logger.debug("connection failed", metadata: ["error": "\(ConnectFailure(error))"])
        io.fail()
    }

    func transportClosed() {
        resources.remove(self)
        server.connections.remove(number)
        for stream in machine.transportClosed() {
            calls[stream]?.cancelled(RPCError(.connectionLost, "the client's connection is gone"))
        }
        waitingWriters = []
        for (stream, call) in calls.sorted {
            if call.repliesLeft() { calls.remove(stream) }
        }
        countReplies()
        _ = countUnfinished()
    }

    // MARK: Frames out

    /// Sends a reply of a call.
    ///
    /// True when the next one may be sent at once.
    func send(_ reply: [UInt8], on stream: StreamID, ends: Bool) -> SendOutcome {
        switch machine.send(length: reply.count, on: stream, ends: ends) {
        case .write:
            let header = FrameHeader(
                length: reply.count,
                kind: .message,
                flags: ends ? .end : [],
                stream: stream
            )
            io.write { out in
                out.writeFrameHeader(header)
                out.writeBytes(reply)
            }
            noticeBacklog()
            return .sent
        case .enqueue:
            machine.enqueue(ByteBuffer(bytes: reply), on: stream, ends: ends)
            sendWaiting()
            guard machine.hasWaiting(stream) else { return .sent }
            waitingWriters.insert(stream)
            switch server.replies.decide(for: self) {
            case .stay: return .waits
            case .go: return refuseReply(on: stream, .waitingRepliesInAll)
            }
        case .drop: return .over
        case .tooLarge:
            calls[stream]?.cancelled(
                RPCError(.messageTooLarge, "the reply is longer than the client accepts")
            )
            return .over
        case .noRoom: return refuseReply(on: stream, .waitingReplies)
        }
    }

    /// Ends a call whose reply may not wait beside those that wait already.
    private func refuseReply(on stream: StreamID, _ limit: TransportLimit) -> SendOutcome {
        count(limit)
        calls[stream]?.cancelled(Self.tooManyReplies)
        return .over
    }

    private static let tooManyReplies = RPCError(
        .tooManyUnreadReplies,
        "too many bytes of replies wait for credit"
    )

    /// Ends every call whose reply waits: nobody holds more of what the server has room for.
    func giveUpReplies() {
        for stream in waitingWriters.sorted() {
            count(.waitingRepliesInAll)
            calls[stream]?.replyEnds(Self.tooManyReplies)
        }
        noticeLeft()
    }

    /// Whose the bytes are that this connection holds.
    var holder: SharedRoom.Holder {
        identity.map { .principal($0.id) } ?? .network(RemoteNetwork(address: remoteAddress).name)
    }

    /// Counts that a bound was met on this connection.
    func count(_ limit: TransportLimit) {
        server.tally.add(.limit(limit), address: remoteAddress)
    }

    /// Keeps the bytes that wait on all connections in step with those of this one.
    private func countReplies() {
        let difference = machine.waitingBytes - countedReplies
        guard difference != 0 else { return }
        countedReplies += difference
        server.replies.change(by: difference, on: self)
    }

    /// How long a finished reply may wait for credit or for the socket.
    var replyTime: Duration { server.limits.replyTime }

    /// The longest message that the client takes, in bytes.
    var maximumReply: Int { machine.peerMaximumMessage }

    /// Ends a call with a status.
    ///
    /// A failure takes the place of replies that wait, also of a last one.
    func send(_ status: CallStatus, on stream: StreamID) {
        let bytes = ByteBuffer(bytes: status.bytes(atMost: machine.maximumFrame))
        switch machine.sendStatus(bytes, on: stream, isSuccess: status.error == nil) {
        case .write:
            io.write { $0.writeFrame(Frame(.status, stream: stream, payload: bytes)) }
            grant(machine.streamsToGrant())
            countReplies()
        case .enqueue: sendWaiting()
        // A status is no message: it is cut to what the client takes, and always has room.
        case .drop, .tooLarge, .noRoom: break
        }
    }

    /// Whether messages of a call wait for credit or for the socket.
    func isWaiting(_ stream: StreamID) -> Bool {
        !waitingWriters.isEmpty && machine.hasWaiting(stream)
    }

    /// The handler of a call has returned.
    ///
    /// The call is kept while its reply waits, since its deadline still runs.
    func handlerReturned(_ stream: StreamID) {
        if !isWaiting(stream) {
            calls.remove(stream)
            if !waitingWriters.isEmpty { waitingWriters.remove(stream) }
        }
        grant(machine.handlerFinished(stream))
    }

    /// A message of a call was consumed.
    func consumed(cost: Int, on stream: StreamID) {
        guard let credit = machine.consumed(cost: cost, on: stream) else { return }
        io.write { $0.writeFrame(.credit, stream: stream, number: credit) }
    }

    /// Sends frames that waited, as far as credit and socket allow.
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
            noticeBacklog()
        }
        grant(machine.streamsToGrant())
        countReplies()
        noticeLeft()
    }

    /// Tells the calls of which nothing waits any more.
    func noticeLeft() {
        guard !waitingWriters.isEmpty else { return }
        for stream in waitingWriters where !machine.hasWaiting(stream) {
            waitingWriters.remove(stream)
            if calls[stream]?.repliesLeft() == true { calls.remove(stream) }
        }
    }

    /// Has messages wait in their streams once enough waits for the socket.
    private func noticeBacklog() {
        guard io.waitingBytes >= server.limits.outboundBytes else { return }
        io.flush()
    }

    private func grant(_ limit: UInt32?) {
        guard let limit else { return }
        io.write { $0.writeFrame(.streams, number: limit) }
    }

    private func close(_ goAway: GoAway) {
        server.tally.add(.closed(goAway.code, late: machine.lateWith), address: remoteAddress)
        server.logger.debug(
            "closing a connection",
            metadata: ["code": "\(goAway.code)", "text": "\(goAway.text)"]
        )
        io.write { $0.writeFrame(goAway) }
        io.close()
    }

    /// Takes no new call beyond those granted, and ends the subscriptions; `tick` closes when all
    /// is done and nothing can be on its way any more.
    func drain(retryAfterMilliseconds: UInt32) {
        let now = ContinuousClock.now
        guard isEstablished else {
            drainToAnnounce = (retryAfterMilliseconds, since: now)
            return
        }
        guard let goAway = machine.drain(at: now, retryAfterMilliseconds: retryAfterMilliseconds)
        else { return }
        io.write { $0.writeFrame(goAway) }
        if machine.phase == .closed { return io.close() }
        let returnAt = now + .milliseconds(Int64(retryAfterMilliseconds))
        self.returnAt = returnAt
        let error = RPCError.draining(goAway.text, returnAt: returnAt, at: now)
        for (_, call) in calls.sorted where call.method.isSubscription {
            call.cancelled(error)
        }
    }

    /// Ends what a drain has left.
    ///
    /// The client has had its GOAWAY.
    private func endDrain(at now: ContinuousClock.Instant) {
        let error = RPCError.draining(
            "the time for a drain is over",
            returnAt: returnAt ?? now,
            at: now
        )
        for (stream, call) in calls.sorted where !call.isFinished || isWaiting(stream) {
            let status = call.ending(error).bytes(atMost: machine.maximumFrame)
            io.write {
                $0.writeFrame(Frame(.status, stream: stream, payload: ByteBuffer(bytes: status)))
            }
            call.cancelled(error)
        }
        io.close()
    }

    /// Closes now.
    func shutDown() {
        io.abort()
    }
}

/// What became of a message that was to be sent.
enum SendOutcome {
    /// It is on its way, and the next one may follow.
    case sent
    /// It waits for credit or for the socket.
    case waits
    /// The call is over.
    case over
}

// MARK: - Frames in

extension ServerConnectionHandler: FrameConsumer {
    func established() {
        isEstablished = true
        server.connections.established(number)
        machine.established(at: .now)
        var greeting = Greeting(limits: server.limits, software: server.software)
        greeting.catalog = server.catalog
        greeting.serverTimeMilliseconds = server.wallClock()
        io.write { $0.writeFrame(greeting.frame) }
        if let drainToAnnounce {
            drain(retryAfterMilliseconds: drainToAnnounce.retryAfterMilliseconds)
        }
    }

    func received(_ frame: Frame, at now: ContinuousClock.Instant) -> Bool {
        switch machine.received(frame, at: now) {
        case .nothing: break
        case .decide(let greeting): return decide(greeting)
        case .open(let opened): open(opened, at: now)
        case .message(let stream, let message, let ends): deliver(message, to: stream, ends: ends)
        case .end(let stream): calls[stream]?.receivedEnd()
        case .cancel(let stream):
            calls[stream]?.cancelled(RPCError(.cancelled, "the caller gave up"))
        case .credit(let stream, let credit):
            io.write { $0.writeFrame(.credit, stream: stream, number: credit) }
        case .refuseMessage(let stream, let refusal):
            calls[stream]?.cancelled(RPCError(refusal))
        case .flush: sendWaiting()
        case .pong(let echo): io.write { $0.writeFrame(.pong, echo: echo) }
        case .close(let goAway): close(goAway)
        }
        return true
    }

    func receivedBytes(at now: ContinuousClock.Instant, _ progress: FrameProgress) {
        machine.receivedBytes(at: now, progress)
        guard countUnfinished() > 0, case .go = server.unfinished.decide(for: self) else { return }
        giveUpUnfinished()
    }

    /// Keeps the bytes of unfinished messages on all connections in step with those of this one;
    /// gives how many more there are.
    private func countUnfinished() -> Int {
        let difference = machine.unfinishedBytes - countedUnfinished
        guard difference != 0 else { return 0 }
        countedUnfinished += difference
        server.unfinished.change(by: difference, on: self)
        return difference
    }

    /// Ends every call with an unfinished message: nobody holds more of what the server has room
    /// for.
    func giveUpUnfinished() {
        for stream in machine.refuseUnfinished() {
            count(.unfinishedMessagesInAll)
            calls[stream]?.cancelled(RPCError(.tooManyUnfinishedBytes))
        }
        _ = countUnfinished()
    }

    func failed(_ violation: ProtocolViolation) {
        close(machine.fail(violation))
    }

    func failed(_ error: TLSError) {
        server.tally.add(.failed(error), address: remoteAddress)
        server.logger.debug("TLS failed", metadata: ["error": "\(ConnectFailure(error))"])
        io.close()
    }

    func ended() {
        io.close()
    }

    private func deliver(_ message: InboundMessage, to stream: StreamID, ends: Bool) {
        guard let call = calls[stream] else { return }
        call.received(message)
        if ends { call.receivedEnd() }
    }

    private func open(
        _ opened: ServerConnectionMachine.OpenedCall,
        at now: ContinuousClock.Instant
    ) {
        let head: CallHead
        switch opened.head {
        case .success(let sound): head = sound
        case .failure(let fault): return refuse(opened.stream, RPCError(fault))
        }
        guard let route = server.router.route(hash: head.method) else {
            return refuse(opened.stream, Router.unknownMethod(hash: head.method))
        }
        if let returnAt, route.method.isSubscription {
            return refuse(
                opened.stream,
                .draining("the server is going away", returnAt: returnAt, at: now)
            )
        }
        if let credit = opened.credit {
            io.write { $0.writeFrame(.credit, stream: opened.stream, number: credit) }
        }
        let call = ServerCallHandle(
            connection: self,
            stream: opened.stream,
            route: route,
            head: head,
            began: now
        )
        calls.insert(call, for: opened.stream)
        call.start(body: opened.body, ends: opened.ends)
    }

    /// Ends a call that is given to no method.
    private func refuse(_ stream: StreamID, _ error: RPCError) {
        var error = error
        error.isNotProcessed = true
        server.tally.add(.refused(error), address: remoteAddress)
        send(CallStatus(error), on: stream)
        grant(machine.handlerFinished(stream))
    }
}

// MARK: - Identity

extension ServerConnectionHandler: ServerConnection {
    var identity: CallerIdentity? {
        adopted.withLock { $0 }
    }

    func adopt(_ identity: CallerIdentity) throws(RPCError) {
        let isFirst = adopted.withLock { adopted in
            guard adopted == nil else { return false }
            adopted = identity
            return true
        }
        guard isFirst else {
            throw RPCError(.alreadySignedIn, "the connection acts as somebody already")
        }
        takePlace(of: identity)
        onLoop { $0.grant($0.machine.signedIn()) }
    }

    /// Takes a place of somebody who has signed in, for whom another connection may give way.
    private func takePlace(of identity: CallerIdentity) {
        let contact = identity.caller == .contact ? identity.id.hexadecimal : nil
        guard let gone = server.connections.hasPrincipal(number, contact: contact) else { return }
        count(gone.limit)
        gone.connection?.onLoop { $0.shutDown() }
    }

    /// Decides on the token of a HELLO.
    ///
    /// False when that takes longer than this turn.
    private func decide(_ greeting: Greeting) -> Bool {
        guard !greeting.token.isEmpty else {
            grant(machine.decided(signedIn: false))
            return true
        }
        let authenticator = server.authenticator
        Task.immediate(executorPreference: resources.executor) {
            do throws(RPCError) {
                let identity = try await authenticator.authenticate(token: greeting.token)
                self.decided(identity)
            } catch {
                // The time for the decision may have been over before.
                guard case .deciding = self.machine.phase else { return }
                self.close(self.machine.close(code: error.endOfHello, text: "\(error.reason)"))
            }
        }
        if case .deciding = machine.phase { return false }
        return true
    }

    private func decided(_ identity: CallerIdentity) {
        adopted.withLock { $0 = identity }
        takePlace(of: identity)
        grant(machine.decided(signedIn: true))
        io.resume()
    }

    /// Whether the caller runs on the connection's event loop, so that nothing has to hop.
    var isOnLoop: Bool { resources.eventLoop.inEventLoop }

    /// Does something on the connection's event loop: at once when this is it.
    func onLoop(_ body: @escaping @Sendable (ServerConnectionHandler) -> Void) {
        if resources.eventLoop.inEventLoop {
            body(self)
        } else {
            resources.eventLoop.execute { body(self) }
        }
    }
}

// MARK: - Time

extension ServerConnectionHandler: ConnectionDriver {
    func tick(at now: ContinuousClock.Instant) {
        io.tick(at: now)
        guard isEstablished else {
            guard now > handshakeEnd else { return }
            count(.handshakeTime)
            return io.abort()
        }
        if io.stallTime(at: now) > server.limits.stallTime {
            count(.stallTime)
            return io.abort()
        }
        // One that was closed waits for its peer to go too, and ends once.
        if case .closed = machine.phase { return }
        if let identity, !server.authenticator.isValid(identity) {
            close(machine.close(code: .authenticationFailed, text: "\(Reason.sessionExpired)"))
            return
        }
        switch machine.tick(at: now) {
        case .nothing: break
        case .close(let goAway) where goAway.code == .drain: endDrain(at: now)
        case .close(let goAway): close(goAway)
        }
    }

    /// When the handshake has to be over: soon, once the server is to stop.
    private var handshakeEnd: ContinuousClock.Instant {
        let end = connectedAt + server.limits.handshakeTime
        guard let drainToAnnounce else { return end }
        return min(end, drainToAnnounce.since + server.limits.drainQuietTime)
    }

    func flushTurn() {
        io.flush()
    }
}

extension Method {
    /// Whether a call goes on for as long as its client listens, so that a drain ends it.
    fileprivate var isSubscription: Bool {
        switch shape {
        case .unary, .clientStreaming: false
        case .serverStreaming, .bidirectional: true
        }
    }
}

extension RPCError {
    /// The code that a connection ends with when its token could not be accepted.
    ///
    /// Only a session that is over may say `authentication_failed`, at which a client forgets its
    /// token: a store that cannot be read for a moment would sign everybody out.
    fileprivate var endOfHello: GoAwayCode {
        reason == .sessionExpired ? .authenticationFailed : .internalError
    }
}
