package import NIOCore

/// The server's side of one connection: which frames are legal now, what they mean, and what may be
/// sent.
///
/// It does no I/O, knows no clock and starts nothing.
///
/// The driver feeds it whole frames and the moments at which they came, and carries out the
/// actions it returns. Streams are named by id; the driver keeps what belongs to them.
///
/// A stream lives until two things have happened: its handler owes nothing more
/// (`handlerFinished`), and its last frame has been handed to the socket. Only then does the
/// cumulative stream limit move, whoever ended the call. So a client that opens and cancels cannot
/// have more handlers running than it may have streams (HTTP/2 lacks this: CVE-2023-44487).
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
        /// End the call with this refusal's reason and cancel its handler.
        case refuseMessage(StreamID, MessageRefusal)
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
        /// Its head, or the fault that ends the call and not the connection.
        package var head: Result<CallHead, CallHead.Fault>
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
            /// A message over a limit: the call ends with this refusal's reason.
            case refused(MessageRefusal)
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
        /// End the call with `message_too_large`: the client takes no message of this length.
        case tooLarge
        /// End the call with `too_many_unread_replies`: as much waits for the client as may.
        case noRoom
    }

    /// What a moment of time asks the driver to do.
    package enum OnTick: Equatable, Sendable {
        /// Nothing.
        case nothing
        /// Send GOAWAY and close.
        case close(GoAway)
    }

    /// The frames that carry no message and that a client may have under way when a call is over:
    /// a CANCEL, and two CREDITs of half a window each.
    private static var lateControlFrames: Int { 3 }
    /// What late frames are counted up to at most.
    ///
    /// It is beyond what any connection has under way.
    private static var maximumLateFrames: Int { 1 << 20 }

    private let limits: Limits
    private var streams = StreamTable<ServerStream>()
    private var schedule = StreamSchedule()
    private var peer = Greeting()
    private var lastOpened = StreamID.connection
    private var granted: StreamID
    private var closedStreams: UInt32 = 0
    private var streamWindow: Int
    /// The longest message taken, and how many bytes of unfinished ones: less before signing in.
    private var room: (message: Int, unfinished: Int)
    /// Bytes of messages that have begun and not ended.
    package private(set) var unfinishedBytes = 0
    /// Bytes of replies that wait for credit or for the socket, each counted whole until its last
    /// byte has left.
    package private(set) var waitingBytes = 0
    private var lateFrames = 0
    private var glitches: TokenBucket
    private var pings: TokenBucket
    private var lastReceived: ContinuousClock.Instant
    private var lastSent: ContinuousClock.Instant
    private var hasSent = false
    private var lastBusy: ContinuousClock.Instant
    private let began: ContinuousClock.Instant
    private var frameClock = FrameClock()
    private var isWritable = true

    /// Where the connection stands.
    package private(set) var phase: Phase
    /// What the client was late with, when that ended the connection.
    package private(set) var lateWith: ProtocolViolation.Deadline?

    /// Whether nothing is taken or sent any more; asked for every message, so it compares no
    /// payloads.
    private var isClosed: Bool {
        switch phase {
        case .closed: true
        case .awaitingHello, .deciding, .serving, .draining: false
        }
    }

    /// A connection that was accepted at `now`; every limit must be within its range.
    package init(limits: Limits, now: ContinuousClock.Instant) {
        precondition(limits.outOfRange == nil, "a limit is out of its range")
        self.limits = limits
        phase = .awaitingHello(since: now)
        streamWindow = limits.streamsBeforeSignIn
        room = (
            message: min(limits.maximumMessage, limits.maximumMessageBeforeSignIn),
            unfinished: min(limits.unfinishedMessages, limits.unfinishedMessagesBeforeSignIn)
        )
        granted = StreamID(rawValue: UInt32(clamping: limits.streamsBeforeSignIn))
        glitches = TokenBucket(burst: limits.glitches, perSecond: 1, now: now)
        pings = TokenBucket(burst: limits.pingBurst, perSecond: 1, now: now)
        lastReceived = now
        lastSent = now
        lastBusy = now
        began = now
    }

    /// The handshake is done, if there is one: from now on HELLO may come.
    ///
    /// The life of a connection without a principal runs since it was accepted all the same.
    package mutating func established(at now: ContinuousClock.Instant) {
        guard case .awaitingHello = phase else { return }
        phase = .awaitingHello(since: now)
        lastReceived = now
        lastSent = now
        lastBusy = now
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
        _ frame: Frame,
        at now: ContinuousClock.Instant
    ) throws(ProtocolViolation) -> OnFrame {
        guard frame.kind == .hello else { throw .helloMissing(frame.kind) }
        try frame.requireFlags([])
        peer = try Greeting(payload: frame.payload, from: .client)
        lastBusy = now
        phase = .deciding(since: now)
        return .decide(peer)
    }

    private mutating func receivedNext(
        _ frame: Frame,
        at now: ContinuousClock.Instant
    ) throws(ProtocolViolation) -> OnFrame {
        switch frame.kind {
        case .open: return try receivedOpen(frame, at: now)
        case .message: return try receivedMessage(frame, at: now)
        case .fin: return try receivedFin(frame, at: now)
        case .cancel: return try receivedCancel(frame, at: now)
        case .credit: return try receivedCredit(frame, at: now)
        case .ping: return try receivedPing(frame, at: now)
        case .pong:
            _ = try frame.echo()
            return try glitch(at: now)
        case .hello: throw .helloRepeated
        case .status, .streams: throw .wrongDirection(frame.kind)
        case .goAway:
            // The client says goodbye; what it began it may still cancel or wait for.
            try frame.requireFlags([])
            _ = try GoAway(payload: frame.payload)
            return .nothing
        }
    }

    private mutating func receivedOpen(
        _ frame: Frame,
        at now: ContinuousClock.Instant
    ) throws(ProtocolViolation) -> OnFrame {
        guard let expected = lastOpened.next, frame.stream == expected else {
            throw .streamOutOfOrder(frame.stream, expected: lastOpened.next ?? .last)
        }
        guard frame.stream <= granted else {
            throw .streamLimitExceeded(frame.stream, limit: granted)
        }
        let open = try OpenPayload(payload: frame.payload)
        try frame.requireFlags(open.message == nil ? [.end] : [.end, .more])
        lastOpened = frame.stream
        lastBusy = now
        let ends = frame.flags.contains(.end)
        var call = OpenedCall(stream: frame.stream, head: open.head, body: .absent, ends: ends)
        var stream = ServerStream(
            receiveWindow: limits.streamCredit,
            sendCredit: peer.streamCredit
        )
        if let message = open.message {
            let received = try stream.receive(
                message,
                flags: frame.flags,
                maximumMessage: room.message,
                room: unfinishedRoom,
                on: frame.stream
            )
            call.take(account(for: received, of: &stream))
        } else if ends {
            stream.endInbound()
        }
        streams.insert(stream, for: frame.stream)
        return .open(call)
    }

    private var unfinishedRoom: Int { room.unfinished - unfinishedBytes }

    private mutating func receivedMessage(
        _ frame: Frame,
        at now: ContinuousClock.Instant
    ) throws(ProtocolViolation) -> OnFrame {
        try frame.requireFlags([.end, .more])
        let (unfinished, maximum) = (unfinishedRoom, room.message)
        let received = try streams.update(frame.stream) {
            (stream) throws(ProtocolViolation) in
            try stream.receive(
                frame.payload,
                flags: frame.flags,
                maximumMessage: maximum,
                room: unfinished,
                on: frame.stream
            )
        }
        unfinishedBytes += received?.unfinishedChange ?? 0
        switch received?.piece {
        case nil: return try late(frame, at: now)
        case .unfinished(let grant): return grant.map { .credit(frame.stream, $0) } ?? .nothing
        case .whole(let message):
            return .message(frame.stream, message, ends: frame.flags.contains(.end))
        case .refused(let refusal):
            refuseMessages(on: frame.stream)
            return .refuseMessage(frame.stream, refusal)
        }
    }

    /// Counts the bytes of the piece that an OPEN carried; gives the piece.
    private mutating func account(
        for received: ServerStream.Received,
        of stream: inout ServerStream
    ) -> StreamFlow.Piece? {
        unfinishedBytes += received.unfinishedChange
        if case .refused = received.piece {
            expectLate(stream.lateMessages)
            stream.refuse()
        }
        return received.piece
    }

    /// Refuses every message that has begun and not ended; gives their streams, whose calls end.
    package mutating func refuseUnfinished() -> [StreamID] {
        let unfinished = streams.sortedIDs.filter { streams[$0]?.flow.unfinishedBytes ?? 0 > 0 }
        for id in unfinished {
            let dropped = streams.update(id) { $0.dropUnfinished() }
            unfinishedBytes -= dropped ?? 0
            refuseMessages(on: id)
        }
        return unfinished
    }

    private mutating func refuseMessages(on id: StreamID) {
        let late = streams.update(id) { stream in
            defer { stream.refuse() }
            return stream.lateMessages
        }
        expectLate(late ?? 0)
    }

    private mutating func receivedFin(
        _ frame: Frame,
        at now: ContinuousClock.Instant
    ) throws(ProtocolViolation) -> OnFrame {
        try frame.requireFlags([])
        guard frame.payload.readableBytes == 0 else { throw .malformedPayload(.fin) }
        let ended = try streams.update(frame.stream) { (stream) throws(ProtocolViolation) in
            try stream.receiveEnd(on: frame.stream)
        }
        return ended == true ? .end(frame.stream) : try late(frame, at: now)
    }

    private mutating func receivedCancel(
        _ frame: Frame,
        at now: ContinuousClock.Instant
    ) throws(ProtocolViolation) -> OnFrame {
        try frame.requireFlags([])
        _ = try frame.number()
        guard let cancelled = streams.update(frame.stream, { $0.cancel() }) ?? nil else {
            return try late(frame, at: now)
        }
        unfinishedBytes -= cancelled.unfinishedBytes
        waitingBytes -= cancelled.waitingBytes
        guard cancelled.handlerRuns else {
            remove(frame.stream)
            return .flush
        }
        return .cancel(frame.stream)
    }

    private mutating func receivedCredit(
        _ frame: Frame,
        at now: ContinuousClock.Instant
    ) throws(ProtocolViolation) -> OnFrame {
        try frame.requireFlags([])
        let credit = try frame.number()
        guard credit > 0 else { return try glitch(at: now) }
        let credited = try streams.update(frame.stream) { (stream) throws(ProtocolViolation) in
            try stream.add(credit: credit, on: frame.stream)
        }
        switch credited {
        case nil: return try late(frame, at: now)
        case .nothing: return .nothing
        case .joinsLine: schedule.add(frame.stream)
        case .standsInLine: break
        }
        return .flush
    }

    private mutating func receivedPing(
        _ frame: Frame,
        at now: ContinuousClock.Instant
    ) throws(ProtocolViolation) -> OnFrame {
        let echo = try frame.echo()
        guard pings.take(at: now) else { throw .pings }
        return .pong(echo)
    }

    /// A frame for a stream that is over: legal while it may have been under way when the stream
    /// ended, a glitch beyond that.
    private mutating func late(
        _ frame: Frame,
        at now: ContinuousClock.Instant
    ) throws(ProtocolViolation) -> OnFrame {
        guard frame.stream <= lastOpened else { throw .streamUnknown(frame.stream) }
        guard lateFrames > 0 else { return try glitch(at: now) }
        lateFrames -= 1
        return .nothing
    }

    private mutating func expectLate(_ frames: Int) {
        lateFrames = min(lateFrames + frames, Self.maximumLateFrames)
    }

    private mutating func glitch(
        at now: ContinuousClock.Instant
    ) throws(ProtocolViolation) -> OnFrame {
        guard glitches.take(at: now) else { throw .glitches(limit: limits.glitches) }
        return .nothing
    }

    // MARK: Identity

    /// The token was accepted, or there was none: calls are taken from now on.
    ///
    /// Gives the stream limit to send, if it rose.
    package mutating func decided(signedIn: Bool) -> UInt32? {
        guard case .deciding = phase else { return nil }
        phase = .serving(signedIn: signedIn)
        return signedIn ? raiseWindow() : nil
    }

    /// A call signed the connection in.
    ///
    /// Gives the stream limit to send, if it rose.
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
        room = (message: limits.maximumMessage, unfinished: limits.unfinishedMessages)
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

    /// The longest payload of a frame that the client accepts, in bytes.
    package var maximumFrame: Int { peer.maximumFrame }

    /// The longest message that the client accepts, in bytes.
    package var peerMaximumMessage: Int { peer.maximumMessage }

    /// Asks to send a message of `length` bytes on a call.
    package mutating func send(length: Int, on id: StreamID, ends: Bool) -> OnSend {
        guard !isClosed else { return .drop }
        guard length <= peer.maximumMessage else { return streams.contains(id) ? .tooLarge : .drop }
        let (writable, maximum) = (isWritable, peer.maximumFrame)
        let sent = streams.update(id) { stream in
            let answer = stream.send(
                length: length,
                ends: ends,
                isWritable: writable,
                maximumFrame: maximum
            )
            return (answer: answer, late: stream.lateMessages, isOver: stream.isOver)
        }
        guard let sent else { return .drop }
        guard case .write = sent.answer else {
            guard case .enqueue = sent.answer else { return sent.answer }
            return length <= limits.waitingReplies - waitingBytes ? .enqueue : .noRoom
        }
        hasSent = true
        if ends { expectLate(sent.late) }
        if sent.isOver { remove(id) }
        return .write
    }

    /// Hands over a message that cannot leave at once.
    package mutating func enqueue(_ message: ByteBuffer, on id: StreamID, ends: Bool) {
        let queued = streams.update(id) { stream in
            let wasOpen = stream.outbound == .open
            let before = stream.flow.waitingBytes
            let joins = stream.enqueue(message, ends: ends)
            return (
                joins: joins, late: wasOpen && ends ? stream.lateMessages : 0,
                added: stream.flow.waitingBytes - before
            )
        }
        guard let queued else { return }
        waitingBytes += queued.added
        if queued.joins { schedule.add(id) }
        expectLate(queued.late)
    }

    /// Asks to end a call with a status.
    ///
    /// A status that says OK follows the messages that wait; any other takes their place, also that
    /// of a call's last message as long as a part of it waits. The frame that carries it has no
    /// flags.
    package mutating func sendStatus(
        _ status: ByteBuffer,
        on id: StreamID,
        isSuccess: Bool
    ) -> OnSend {
        guard !isClosed else { return .drop }
        let writable = isWritable
        let ended = streams.update(id) { stream in
            let unfinished = stream.flow.unfinishedBytes
            let (waiting, wasOpen) = (stream.flow.waitingBytes, stream.outbound == .open)
            let answer = stream.end(with: status, isSuccess: isSuccess, isWritable: writable)
            return (
                answer: answer, dropped: unfinished - stream.flow.unfinishedBytes,
                freed: waiting - stream.flow.waitingBytes, joins: stream.schedule(),
                late: wasOpen ? stream.lateMessages : 0, isOver: stream.isOver
            )
        }
        guard let ended, ended.answer != .drop else { return .drop }
        unfinishedBytes -= ended.dropped
        waitingBytes -= ended.freed
        expectLate(ended.late)
        if ended.answer == .write { hasSent = true }
        if ended.joins { schedule.add(id) }
        if ended.isOver { remove(id) }
        return ended.answer
    }

    /// The handler of a call has returned.
    ///
    /// Gives the stream limit to send, if it rose.
    package mutating func handlerFinished(_ id: StreamID) -> UInt32? {
        let isOver = streams.update(id) { stream in
            stream.finishHandler()
            return stream.isOver
        }
        guard isOver == true else { return nil }
        remove(id)
        return streamsToGrant()
    }

    private mutating func remove(_ id: StreamID) {
        guard let stream = streams.remove(id) else { return }
        unfinishedBytes -= stream.flow.unfinishedBytes
        waitingBytes -= stream.flow.waitingBytes
        closedStreams += 1
        expectLate(Self.lateControlFrames)
        if stream.isScheduled { schedule.prune(open: streams) }
    }

    /// The next frame that may leave, in turn, or nil when none may.
    package mutating func nextFrame() -> OutboundFrame? {
        guard isWritable, !isClosed else { return nil }
        let maximum = peer.maximumFrame
        while let id = schedule.next() {
            let turn = streams.update(id) { stream in
                let before = stream.flow.waitingBytes
                let frame = stream.nextFrame(maximumFrame: maximum, on: id)
                let joins = frame != nil && stream.schedule()
                return (
                    frame: frame, joins: joins, freed: before - stream.flow.waitingBytes,
                    isOver: stream.isOver
                )
            }
            guard let turn, let frame = turn.frame else { continue }
            waitingBytes -= turn.freed
            if turn.joins { schedule.add(id) }
            if turn.isOver { remove(id) }
            hasSent = true
            return frame
        }
        return nil
    }

    /// The stream limit to send after frames have left, if it rose by half of the window.
    package mutating func streamsToGrant() -> UInt32? {
        grantStreams(atLeast: max(1, streamWindow / 2))
    }

    /// Whether messages of this call wait for credit or for the socket.
    package func hasWaiting(_ id: StreamID) -> Bool {
        streams[id]?.flow.hasWaiting == true
    }

    /// Whether the call can still take a message or a status.
    package func isOpen(_ id: StreamID) -> Bool {
        streams[id]?.outbound == .open
    }

    /// Says whether the socket takes more.
    ///
    /// While it does not, messages wait in their streams.
    package mutating func setWritable(_ writable: Bool) {
        isWritable = writable
    }

    /// The handler consumed a message of this cost.
    ///
    /// Gives the credit to send, if any.
    package mutating func consumed(cost: Int, on id: StreamID) -> UInt32? {
        streams.update(id) { $0.consume(cost: cost) } ?? nil
    }

    // MARK: Time

    /// Bytes came, whether or not they made a frame; `progress` says where they ended.
    package mutating func receivedBytes(
        at now: ContinuousClock.Instant,
        _ progress: FrameProgress
    ) {
        lastReceived = now
        frameClock.received(progress, at: now)
    }

    /// Lets time pass; to be called about once a second.
    package mutating func tick(at now: ContinuousClock.Instant) -> OnTick {
        if case .closed = phase { return .nothing }
        if hasSent { lastSent = now }
        hasSent = false
        if let late = lateness(at: now) {
            lateWith = late
            return .close(fail(.late(late)))
        }
        if !streams.isEmpty { lastBusy = now }
        guard case .draining(let until) = phase else { return .nothing }
        let isQuiet = streams.isEmpty && now >= until - limits.drainTime + limits.drainQuietTime
        guard isQuiet || now >= until else { return .nothing }
        return .close(close(code: .drain, text: ""))
    }

    private func lateness(at now: ContinuousClock.Instant) -> ProtocolViolation.Deadline? {
        if frameClock.isLate(after: limits.frameTime, at: now) { return .frame }
        let isOverdue = now - began > limits.lifeWithoutPrincipal
        switch phase {
        case .awaitingHello(let since): return now - since > limits.helloTime ? .hello : nil
        case .deciding(let since):
            if isOverdue { return .principal }
            return now - since > limits.signInTime ? .signIn : nil
        case .serving(signedIn: false):
            // Neither a call nor a PING makes this longer.
            if isOverdue { return .principal }
            if streams.isEmpty, now - lastBusy > limits.signInTime { return .signIn }
        case .serving(signedIn: true), .draining: break
        case .closed: return nil
        }
        return now - max(lastReceived, lastSent) > limits.keepalive * 3 ? .life : nil
    }

    // MARK: Drain

    /// Begins a drain: no further streams are granted, those granted are served until the time for
    /// it is over.
    ///
    /// Gives the GOAWAY to send, if the connection was not going already.
    package mutating func drain(
        at now: ContinuousClock.Instant,
        retryAfterMilliseconds: UInt32
    ) -> GoAway? {
        let lastStream: StreamID
        switch phase {
        case .serving:
            lastStream = granted
            phase = .draining(until: now + limits.drainTime)
        case .awaitingHello, .deciding:
            // No call was looked at, so none is on its way to be served.
            lastStream = lastOpened
            phase = .closed
        case .draining, .closed: return nil
        }
        return GoAway(
            lastStream: lastStream,
            code: .drain,
            retryAfterMilliseconds: retryAfterMilliseconds,
            text: "the server is going away"
        )
    }

    /// Whether a drain has begun and no call is left; `tick` ends such a connection once no call
    /// can be on its way any more.
    package var isDrained: Bool {
        guard case .draining = phase else { return false }
        return streams.isEmpty
    }

    /// The transport is gone; gives the calls whose handlers still run.
    ///
    /// Nothing is known of any call after this.
    package mutating func transportClosed() -> [StreamID] {
        phase = .closed
        let running = streams.sortedIDs.filter { streams[$0]?.isHandled == true }
        streams = StreamTable()
        schedule = StreamSchedule()
        unfinishedBytes = 0
        waitingBytes = 0
        return running
    }

    /// How many calls there are.
    package var streamCount: Int { streams.count }
}

extension ServerConnectionMachine.OpenedCall {
    fileprivate mutating func take(_ piece: StreamFlow.Piece?) {
        switch piece {
        case nil: body = .absent
        case .whole(let message): body = .whole(message)
        case .unfinished(let grant): (body, credit) = (.unfinished, grant)
        case .refused(let refusal): body = .refused(refusal)
        }
    }
}
