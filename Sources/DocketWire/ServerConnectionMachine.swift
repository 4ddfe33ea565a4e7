package import NIOCore

/// The server's side of one connection: which frames are legal now, what they mean, and what may
/// be sent. It does no I/O, knows no clock and starts nothing.
///
/// The driver feeds it whole frames and the moments at which they came, and carries out the
/// actions it returns. Streams are named by id; the driver keeps what belongs to them.
///
/// A stream lives until two things have happened: its handler has returned (`handlerFinished`),
/// and its last frame has been handed to the socket. Only then does the cumulative stream limit
/// move, whoever ended the call. So a client that opens and cancels cannot have more handlers
/// running than it may have streams (HTTP/2 lacks this: CVE-2023-44487).
///
/// Three kinds of wrong are told apart. A peer's mistake is a `ProtocolViolation` and ends the
/// connection, or the one stream where framing is intact. A frame for a stream that has just ended
/// is a legal race and is dropped. A driver that breaks the order of calls traps.
package struct ServerConnectionMachine: ~Copyable {
    /// Where the connection stands.
    package enum Phase: Equatable, Sendable {
        /// The client's HELLO has not come. May go to `deciding` and `closed`.
        case awaitingHello(since: ContinuousClock.Instant)
        /// The driver looks the token up; it feeds no frame meanwhile. May go to `serving` and
        /// `closed`.
        case deciding(since: ContinuousClock.Instant)
        /// Calls are taken. May go to `draining` and `closed`.
        case serving(signedIn: Bool)
        /// Calls that the client was already granted are taken and finished. May go to `closed`.
        case draining(until: ContinuousClock.Instant)
        /// GOAWAY was sent, or the transport is gone.
        case closed
    }

    /// What a frame asks the driver to do.
    package enum OnFrame: Equatable, Sendable {
        /// Nothing.
        case nothing
        /// Look the token up and call `decided` or `refused`; feed no frame before that.
        case decide(Greeting)
        /// Start a call.
        case open(OpenedCall)
        /// Give a message to the call's handler; `ends` says that it is the last.
        case message(StreamID, InboundMessage, ends: Bool)
        /// Tell the handler that no message follows.
        case end(StreamID)
        /// Cancel the handler.
        case cancel(StreamID)
        /// Send credit to the client.
        case credit(StreamID, UInt32)
        /// End the call with `message_too_large` and cancel its handler.
        case refuseMessage(StreamID)
        /// Fetch frames: some that waited may leave now.
        case flush
        /// Answer a PING.
        case pong(UInt64)
        /// Send GOAWAY and close.
        case close(GoAway)
    }

    /// A call that a client opened.
    package struct OpenedCall: Equatable, Sendable {
        /// Its stream.
        package var stream: StreamID
        /// Its head; nil where it is malformed, which ends the call and not the connection.
        package var head: CallHead?
        /// What came of its first message.
        package var body: Body
        /// Whether no further message follows.
        package var ends: Bool
        /// Credit to send to the client, if any.
        package var credit: UInt32?

        /// What an OPEN frame carried beside the head.
        package enum Body: Equatable, Sendable {
            /// No message.
            case absent
            /// The first part of a message.
            case unfinished
            /// A whole message.
            case whole(InboundMessage)
            /// A message over the limit: the call ends with `message_too_large`.
            case tooLarge
        }
    }

    /// What to do with a message or a status that is to be sent.
    package enum OnSend: Equatable, Sendable {
        /// Write it now, as one frame.
        case write
        /// Hand it over with `enqueue`; it leaves through `nextFrame`.
        case enqueue
        /// Drop it: the call is over.
        case drop
    }

    /// What a moment of time asks the driver to do.
    package enum OnTick: Equatable, Sendable {
        /// Nothing.
        case nothing
        /// Send GOAWAY and close.
        case close(GoAway)
    }

    /// One call's stream.
    private struct Stream {
        /// Whether the client may still send. After CANCEL what it sends is dropped.
        enum Inbound {
            case open
            case ended
            case dropped
        }
        /// Whether the handler may still send.
        enum Outbound {
            case open
            case ending
            case ended
        }
        var flow: StreamFlow
        var inbound = Inbound.open
        var outbound = Outbound.open
        var status: ByteBuffer?
        var handlerRuns = true
    }

    private let limits: Limits
    private var streams: [StreamID: Stream] = [:]
    private var schedule = StreamSchedule()
    private var peer = Greeting()
    private var lastOpened = StreamID.connection
    private var granted: StreamID
    private var closedStreams: UInt32 = 0
    private var streamWindow: Int
    private var unfinishedBytes = 0
    private var glitches = 0
    private var lateFrames = 0
    private var pings: TokenBucket
    private var lastReceived: ContinuousClock.Instant
    private var frameBegan: ContinuousClock.Instant?
    private var isWritable = true

    /// Where the connection stands.
    package private(set) var phase: Phase

    /// A connection that stands since `now`.
    package init(limits: Limits, now: ContinuousClock.Instant) {
        self.limits = limits
        phase = .awaitingHello(since: now)
        streamWindow = limits.streamsBeforeSignIn
        granted = StreamID(rawValue: UInt32(clamping: limits.streamsBeforeSignIn))
        pings = TokenBucket(burst: limits.pingBurst, perSecond: 1, now: now)
        lastReceived = now
    }

    // MARK: Frames in

    /// Takes the client's next frame.
    package mutating func received(_ frame: Frame, at now: ContinuousClock.Instant) -> OnFrame {
        do {
            switch phase {
            case .awaitingHello: return try receivedFirst(frame, at: now)
            case .deciding: preconditionFailure("no frame is fed while the token is looked up")
            case .serving, .draining: return try receivedNext(frame, at: now)
            case .closed: return .nothing
            }
        } catch {
            return .close(fail(error))
        }
    }

    /// Ends the connection for something that the peer did; gives what to tell it.
    package mutating func fail(_ violation: ProtocolViolation) -> GoAway {
        close(code: violation.code, text: violation.description)
    }

    /// Ends the connection; gives what to tell the peer.
    package mutating func close(code: GoAwayCode, text: String) -> GoAway {
        phase = .closed
        return GoAway(lastStream: lastOpened, code: code, text: text)
    }

    private mutating func receivedFirst(
        _ frame: Frame, at now: ContinuousClock.Instant
    ) throws(ProtocolViolation) -> OnFrame {
        guard frame.kind == .hello else { throw .helloMissing(frame.kind) }
        try frame.requireFlags([])
        peer = try Greeting(payload: frame.payload)
        phase = .deciding(since: now)
        return .decide(peer)
    }

    private mutating func receivedNext(
        _ frame: Frame, at now: ContinuousClock.Instant
    ) throws(ProtocolViolation) -> OnFrame {
        switch frame.kind {
        case .open: return try receivedOpen(frame)
        case .message: return try receivedMessage(frame)
        case .fin: return try receivedFin(frame)
        case .cancel: return try receivedCancel(frame)
        case .credit: return try receivedCredit(frame)
        case .ping: return try receivedPing(frame, at: now)
        case .pong:
            _ = try frame.echo()
            return try glitch()
        case .hello: throw .helloRepeated
        case .status, .streams: throw .wrongDirection(frame.kind)
        case .goAway:
            // The client says goodbye; what it began it may still cancel or wait for.
            _ = try GoAway(payload: frame.payload)
            return .nothing
        }
    }

    private mutating func receivedOpen(_ frame: Frame) throws(ProtocolViolation) -> OnFrame {
        guard let expected = lastOpened.next, frame.stream == expected else {
            throw .streamOutOfOrder(frame.stream, expected: lastOpened.next ?? .last)
        }
        guard frame.stream <= granted else {
            throw .streamLimitExceeded(frame.stream, limit: granted)
        }
        let open = try OpenPayload(payload: frame.payload)
        try frame.requireFlags(open.message == nil ? [.end] : [.end, .more])
        lastOpened = frame.stream
        var stream = Stream(
            flow: StreamFlow(receiveWindow: limits.streamCredit, sendCredit: peer.streamCredit))
        let ends = frame.flags.contains(.end)
        if ends { stream.inbound = .ended }
        var call = OpenedCall(stream: frame.stream, head: open.head, body: .absent, ends: ends)
        if let message = open.message {
            let piece = try stream.flow.receive(
                message, continues: frame.flags.contains(.more),
                maximumMessage: limits.maximumMessage, room: unfinishedRoom, on: frame.stream)
            call.take(piece)
            if piece == .tooLarge { stream.inbound = .dropped }
            unfinishedBytes += stream.flow.unfinishedBytes
        }
        streams[frame.stream] = stream
        return .open(call)
    }

    private var unfinishedRoom: Int { limits.unfinishedMessages - unfinishedBytes }

    private mutating func receivedMessage(_ frame: Frame) throws(ProtocolViolation) -> OnFrame {
        try frame.requireFlags([.end, .more])
        guard var stream = streams[frame.stream] else { return try late(frame) }
        guard stream.outbound == .open else { return try late(frame) }
        switch stream.inbound {
        case .open: break
        case .ended: throw .streamEnded(frame.stream)
        case .dropped: return try late(frame)
        }
        let before = stream.flow.unfinishedBytes
        let piece = try stream.flow.receive(
            frame.payload, continues: frame.flags.contains(.more),
            maximumMessage: limits.maximumMessage, room: unfinishedRoom, on: frame.stream)
        let ends = frame.flags.contains(.end)
        if ends { stream.inbound = .ended }
        if piece == .tooLarge {
            stream.inbound = .dropped
            stream.flow.dropUnfinished()
        }
        unfinishedBytes += stream.flow.unfinishedBytes - before
        streams[frame.stream] = stream
        switch piece {
        case .unfinished(let grant): return grant.map { .credit(frame.stream, $0) } ?? .nothing
        case .whole(let message): return .message(frame.stream, message, ends: ends)
        case .tooLarge: return .refuseMessage(frame.stream)
        }
    }

    private mutating func receivedFin(_ frame: Frame) throws(ProtocolViolation) -> OnFrame {
        try frame.requireFlags([])
        guard frame.payload.readableBytes == 0 else { throw .malformedPayload(.fin) }
        guard let stream = streams[frame.stream], stream.outbound == .open else {
            return try late(frame)
        }
        switch stream.inbound {
        case .open:
            guard !stream.flow.isWithinMessage else { throw .malformedPayload(.fin) }
            streams[frame.stream]?.inbound = .ended
            return .end(frame.stream)
        case .ended: throw .streamEnded(frame.stream)
        case .dropped: return try late(frame)
        }
    }

    private mutating func receivedCancel(_ frame: Frame) throws(ProtocolViolation) -> OnFrame {
        try frame.requireFlags([])
        _ = try frame.number()
        guard var stream = streams[frame.stream], stream.inbound != .dropped else {
            return try late(frame)
        }
        unfinishedBytes -= stream.flow.unfinishedBytes
        stream.flow.dropUnfinished()
        stream.flow.dropWaiting()
        stream.inbound = .dropped
        stream.outbound = .ended
        stream.status = nil
        let runs = stream.handlerRuns
        streams[frame.stream] = stream
        removeIfOver(frame.stream)
        return runs ? .cancel(frame.stream) : .flush
    }

    private mutating func receivedCredit(_ frame: Frame) throws(ProtocolViolation) -> OnFrame {
        try frame.requireFlags([])
        let credit = try frame.number()
        guard credit > 0, streams[frame.stream] != nil else { return try late(frame) }
        guard streams[frame.stream]?.flow.add(credit: credit) == true else {
            throw .creditOverflow(frame.stream)
        }
        guard streams[frame.stream]?.flow.hasWaiting == true else { return .nothing }
        schedule.add(frame.stream)
        return .flush
    }

    private mutating func receivedPing(
        _ frame: Frame, at now: ContinuousClock.Instant
    ) throws(ProtocolViolation) -> OnFrame {
        let echo = try frame.echo()
        guard pings.take(at: now) else { throw .pings }
        return .pong(echo)
    }

    /// A frame for a stream that is over: legal while it may have been under way when the stream
    /// ended, a glitch beyond that.
    private mutating func late(_ frame: Frame) throws(ProtocolViolation) -> OnFrame {
        guard frame.stream <= lastOpened else { throw .streamUnknown(frame.stream) }
        guard lateFrames > 0 else { return try glitch() }
        lateFrames -= 1
        return .nothing
    }

    private mutating func glitch() throws(ProtocolViolation) -> OnFrame {
        glitches += 1
        guard glitches <= limits.glitches else { throw .glitches(limit: limits.glitches) }
        return .nothing
    }

    // MARK: Identity

    /// The token was accepted, or there was none: calls are taken from now on. Gives the stream
    /// limit to send, if it rose.
    package mutating func decided(signedIn: Bool) -> UInt32? {
        guard case .deciding = phase else { return nil }
        phase = .serving(signedIn: signedIn)
        return signedIn ? raiseWindow() : nil
    }

    /// A call signed the connection in. Gives the stream limit to send, if it rose.
    package mutating func signedIn() -> UInt32? {
        switch phase {
        case .serving(signedIn: false):
            phase = .serving(signedIn: true)
            return raiseWindow()
        case .serving(signedIn: true), .draining, .closed: return nil
        case .awaitingHello, .deciding:
            preconditionFailure("calls are taken only after the token's decision")
        }
    }

    private mutating func raiseWindow() -> UInt32? {
        streamWindow = max(limits.streams, streamWindow)
        return grantStreams(atLeast: 1)
    }

    /// Moves the cumulative limit, when it would move by at least so much.
    private mutating func grantStreams(atLeast step: Int) -> UInt32? {
        guard case .serving = phase else { return nil }
        let limit = Int(closedStreams) + streamWindow
        guard limit - Int(granted.rawValue) >= step else { return nil }
        granted = min(StreamID(rawValue: UInt32(clamping: limit)), .last)
        return granted.rawValue
    }

    // MARK: Out

    /// Asks to send a message of `length` bytes on a call.
    package mutating func send(length: Int, on id: StreamID, ends: Bool) -> OnSend {
        guard var stream = streams[id], stream.outbound == .open, phase != .closed else {
            return .drop
        }
        guard isWritable, stream.flow.maySend(length: length, maximumFrame: peer.maximumFrame)
        else { return .enqueue }
        stream.flow.pay(length: length)
        if ends { stream.outbound = .ended }
        streams[id] = stream
        return .write
    }

    /// Hands over a message that cannot leave at once.
    package mutating func enqueue(_ message: ByteBuffer, on id: StreamID, ends: Bool) {
        guard streams[id]?.outbound == .open else { return }
        streams[id]?.flow.wait(message, ends: ends)
        if ends { streams[id]?.outbound = .ending }
        schedule.add(id)
    }

    /// Asks to end a call with a status. A status that says OK follows the messages that wait;
    /// any other takes their place.
    package mutating func sendStatus(
        _ status: ByteBuffer, on id: StreamID, isSuccess: Bool
    ) -> OnSend {
        guard var stream = streams[id], stream.outbound == .open, phase != .closed else {
            return .drop
        }
        unfinishedBytes -= stream.flow.unfinishedBytes
        stream.flow.dropUnfinished()
        if !isSuccess { stream.flow.dropWaiting() }
        let leavesNow = isWritable && !stream.flow.hasWaiting
        stream.outbound = leavesNow ? .ended : .ending
        if !leavesNow {
            stream.status = status
            schedule.add(id)
        }
        streams[id] = stream
        return leavesNow ? .write : .enqueue
    }

    /// The handler of a call has returned. Gives the stream limit to send, if it rose.
    package mutating func handlerFinished(_ id: StreamID) -> UInt32? {
        streams[id]?.handlerRuns = false
        removeIfOver(id)
        return grantStreams(atLeast: max(1, streamWindow / 2))
    }

    private mutating func removeIfOver(_ id: StreamID) {
        guard let stream = streams[id], !stream.handlerRuns, stream.outbound == .ended else {
            return
        }
        unfinishedBytes -= stream.flow.unfinishedBytes
        streams[id] = nil
        closedStreams += 1
        // What the client may have had under way: a CANCEL, credit for what it consumed, and
        // messages for the credit it still had.
        let messages = stream.inbound == .ended ? 0 : limits.streamCredit / Limits.minimumFrameCost
        lateFrames = min(lateFrames + 4 + messages, 1 << 20)
    }

    /// The next frame that may leave, in turn, or nil when none may.
    package mutating func nextFrame() -> OutboundFrame? {
        guard isWritable, phase != .closed else { return nil }
        while let id = schedule.next() {
            guard var stream = streams[id] else { continue }
            if let frame = stream.flow.nextFrame(maximumFrame: peer.maximumFrame, on: id) {
                if stream.flow.hasWaiting || stream.status != nil { schedule.add(id) }
                if frame.flags.contains(.end) { stream.outbound = .ended }
                streams[id] = stream
                removeIfOver(id)
                return frame
            }
            guard let status = stream.status, !stream.flow.hasWaiting else { continue }
            stream.status = nil
            stream.outbound = .ended
            streams[id] = stream
            removeIfOver(id)
            return OutboundFrame(kind: .status, flags: .end, stream: id, payload: status)
        }
        return nil
    }

    /// The stream limit to send after frames have left, if it rose by half of the window.
    package mutating func streamsToGrant() -> UInt32? {
        grantStreams(atLeast: max(1, streamWindow / 2))
    }

    /// Whether messages of this call wait for credit or for the socket.
    package func hasWaiting(_ id: StreamID) -> Bool {
        streams[id]?.flow.hasWaiting ?? false
    }

    /// Whether the call can still take a message or a status.
    package func isOpen(_ id: StreamID) -> Bool {
        streams[id]?.outbound == .open
    }

    /// Says whether the socket takes more. While it does not, messages wait in their streams.
    package mutating func setWritable(_ writable: Bool) {
        isWritable = writable
    }

    /// The handler consumed a message of this cost. Gives the credit to send, if any.
    package mutating func consumed(cost: Int, on id: StreamID) -> UInt32? {
        guard let stream = streams[id], stream.inbound == .open, stream.outbound == .open else {
            return nil
        }
        return streams[id]?.flow.consume(cost: cost)
    }

    // MARK: Time

    /// Bytes came, whether or not they made a frame; `unfinished` says that a frame has begun.
    package mutating func receivedBytes(at now: ContinuousClock.Instant, unfinished: Bool) {
        lastReceived = now
        if !unfinished {
            frameBegan = nil
        } else if frameBegan == nil {
            frameBegan = now
        }
    }

    /// Lets time pass; to be called about once a second.
    package mutating func tick(at now: ContinuousClock.Instant) -> OnTick {
        if case .closed = phase { return .nothing }
        if let late = lateness(at: now) { return .close(fail(.late(late))) }
        if case .draining(let until) = phase, now >= until || streams.isEmpty {
            return .close(close(code: .drain, text: ""))
        }
        return .nothing
    }

    private func lateness(at now: ContinuousClock.Instant) -> ProtocolViolation.Deadline? {
        if let began = frameBegan, now - began > limits.frameTime { return .frame }
        switch phase {
        case .awaitingHello(let since): return now - since > limits.helloTime ? .hello : nil
        case .deciding(let since): return now - since > limits.signInTime ? .signIn : nil
        case .serving(signedIn: false):
            return streams.isEmpty && now - lastReceived > limits.signInTime ? .signIn : nil
        case .serving(signedIn: true), .draining:
            return now - lastReceived > limits.keepalive * 3 ? .life : nil
        case .closed: return nil
        }
    }

    // MARK: Drain

    /// Begins a drain: no further streams are granted, those granted are served until the time
    /// for it is over. Gives the GOAWAY to send, if the connection was not going already.
    package mutating func drain(
        at now: ContinuousClock.Instant, retryAfterMilliseconds: UInt32
    ) -> GoAway? {
        switch phase {
        case .serving: break
        case .awaitingHello, .deciding:
            return close(code: .drain, text: "the server is going away")
        case .draining, .closed: return nil
        }
        phase = .draining(until: now + limits.drainTime)
        return GoAway(
            lastStream: granted, code: .drain, retryAfterMilliseconds: retryAfterMilliseconds,
            text: "the server is going away")
    }

    /// Whether a drain has begun and no call is left.
    package var isDrained: Bool {
        guard case .draining = phase else { return false }
        return streams.isEmpty
    }

    /// The transport is gone; gives the calls whose handlers still run.
    package mutating func transportClosed() -> [StreamID] {
        phase = .closed
        return streams.filter { $0.value.handlerRuns }.map(\.key).sorted()
    }

    /// How many calls there are.
    package var streamCount: Int { streams.count }
}

extension ServerConnectionMachine.OpenedCall {
    fileprivate mutating func take(_ piece: StreamFlow.Piece) {
        switch piece {
        case .whole(let message): body = .whole(message)
        case .unfinished(let grant): (body, credit) = (.unfinished, grant)
        case .tooLarge: body = .tooLarge
        }
    }
}
