package import NIOCore

/// The client's side of one connection: which calls may be opened now, what the server's frames
/// mean, and what may be sent.
///
/// It does no I/O, knows no clock and starts nothing.
///
/// Calls may be opened before the server's HELLO has come, within the defaults that every server
/// grants, so that the first answer needs no round trip of its own for the greeting.
///
/// A stream lives until the server has ended it or the client has cancelled it. Frames for a
/// stream that is over are a legal race and are dropped.
package struct ClientConnectionMachine: ~Copyable {
    /// Where the connection stands.
    package enum Phase: Equatable, Sendable {
        /// The server's HELLO has not come. May go to `open` and `closed`.
        case awaitingHello(since: ContinuousClock.Instant)
        /// Calls are opened and answered. May go to `draining` and `closed`.
        case open
        /// The server takes no further call. May go to `closed`.
        case draining(GoAway)
        /// GOAWAY ended the connection, or the transport is gone.
        case closed
    }

    /// What a frame asks the driver to do.
    package enum OnFrame: Equatable, Sendable {
        /// Nothing.
        case nothing
        /// The server greets: the connection is usable and the token was not yet refused.
        ///
        /// Fetch frames, for it may have granted more credit, and open the calls that wait.
        case greeted(Greeting)
        /// Give a message to the caller; `ends` says that the call ended with OK.
        case message(StreamID, InboundMessage, ends: Bool)
        /// The call ended with this encoded Status.
        case status(StreamID, ByteBuffer)
        /// Send credit to the server.
        case credit(StreamID, UInt32)
        /// End the call: its reply is longer than allowed. CANCEL is to be sent.
        case refuseMessage(StreamID, MessageRefusal)
        /// Fetch frames: some that waited may leave now.
        case flush
        /// Streams were granted: open the calls that wait.
        case openWaiting
        /// Answer a PING.
        case pong(UInt64)
        /// The server drains: open new calls on another connection.
        case drain(GoAway)
        /// The server ended the connection.
        case ended(GoAway)
        /// Send GOAWAY and close.
        case close(GoAway)
    }

    /// What to do with a call that is to be opened.
    package enum OnOpen: Equatable, Sendable {
        /// Write OPEN on this stream, with the message in it if that is said.
        case write(StreamID, withMessage: Bool)
        /// Keep the call until streams are granted.
        case wait
        /// Open it on another connection: this one accepts no further calls.
        case refuse
        /// Fail it with `message_too_large`: its head or its message is longer than the server
        /// accepts.
        case tooLarge
    }

    /// What to do with a message that is to be sent.
    package enum OnSend: Equatable, Sendable {
        /// Write it now, as one frame.
        case write
        /// Hand it over with `enqueue`; it leaves through `nextFrame`.
        case enqueue
        /// Drop it: the call is over.
        case drop
        /// Cancel the call and fail it with `message_too_large`: the server does not accept a
        /// message of this length.
        case tooLarge
    }

    /// What a moment of time asks the driver to do.
    package enum OnTick: Equatable, Sendable {
        /// Nothing.
        case nothing
        /// Send a PING with these 8 bytes.
        case ping(UInt64)
        /// Send GOAWAY and close.
        case close(GoAway)
    }

    private let limits: Limits
    private let keepaliveFactor: Double
    private var streams = StreamTable<ClientStream>()
    private var schedule = StreamSchedule()
    private var peer = Greeting()
    private var lastOpened = StreamID.connection
    private var granted: StreamID
    private var unfinishedBytes = 0
    private var lastReceived: ContinuousClock.Instant
    private var pingSent: ContinuousClock.Instant?
    private var frameClock = FrameClock()
    private var pingCount: UInt64 = 0
    private var isWritable = true

    /// Where the connection stands.
    package private(set) var phase: Phase

    /// Whether nothing is taken or sent any more; asked for every message, so it compares no
    /// payloads.
    private var isClosed: Bool {
        switch phase {
        case .closed: true
        case .awaitingHello, .open, .draining: false
        }
    }

    /// A connection that stands since `now`; every limit must be within its range.
    ///
    /// `random` decides how far the interval of its PINGs is from the one that the server says.
    package init(
        limits: Limits,
        now: ContinuousClock.Instant,
        using random: inout some RandomNumberGenerator
    ) {
        precondition(limits.outOfRange == nil, "a limit is out of its range")
        self.limits = limits
        keepaliveFactor = 1 + Double.random(in: Limits.keepaliveVariation, using: &random)
        phase = .awaitingHello(since: now)
        granted = StreamID(rawValue: Greeting().firstStreams)
        lastReceived = now
    }

    /// The handshake is done, if there is one: from now on HELLO may come.
    package mutating func established(at now: ContinuousClock.Instant) {
        guard case .awaitingHello = phase else { return }
        phase = .awaitingHello(since: now)
        lastReceived = now
    }

    // MARK: Calls out

    /// Asks to open a call.
    ///
    /// `headLength` and `messageLength` are in bytes; no message length means that the OPEN carries
    /// none. `ends` says that nothing follows the OPEN.
    package mutating func open(
        headLength: Int,
        messageLength: Int?,
        ends: Bool
    ) -> OnOpen {
        switch phase {
        case .awaitingHello, .open: break
        case .draining, .closed: return .refuse
        }
        guard let id = lastOpened.next else { return .refuse }
        let openLength = OpenPayload.leadLength + headLength
        guard headLength <= Limits.maximumHead, openLength <= peer.maximumFrame,
            messageLength ?? 0 <= peer.maximumMessage
        else { return .tooLarge }
        guard id <= granted, isWritable else { return .wait }
        lastOpened = id
        let carried = messageLength.flatMap { openLength + $0 <= peer.maximumFrame ? $0 : nil }
        var stream = ClientStream(
            receiveWindow: limits.streamCredit,
            sendCredit: peer.streamCredit
        )
        // A message that does not fit follows in frames of its own, and the end with it.
        stream.open(withMessageOf: carried, ends: ends && carried == messageLength)
        streams.insert(stream, for: id)
        return .write(id, withMessage: carried != nil)
    }

    /// Asks to send a message of `length` bytes on a call.
    package mutating func send(length: Int, on id: StreamID, ends: Bool) -> OnSend {
        guard !isClosed else { return .drop }
        guard length <= peer.maximumMessage else { return streams.contains(id) ? .tooLarge : .drop }
        let (writable, maximum) = (isWritable, peer.maximumFrame)
        return streams.update(id) {
            $0.send(length: length, ends: ends, isWritable: writable, maximumFrame: maximum)
        } ?? .drop
    }

    /// Hands over a message that cannot leave at once.
    package mutating func enqueue(_ message: ByteBuffer, on id: StreamID, ends: Bool) {
        if streams.update(id, { $0.enqueue(message, ends: ends) }) == true { schedule.add(id) }
    }

    /// Asks to end the client's side of a call without a message.
    package mutating func end(_ id: StreamID) -> OnSend {
        guard !isClosed else { return .drop }
        let writable = isWritable
        let ended = streams.update(id) { stream in
            (answer: stream.end(isWritable: writable), joins: stream.schedule())
        }
        guard let ended else { return .drop }
        if ended.joins { schedule.add(id) }
        return ended.answer
    }

    /// Gives a call up; true when CANCEL is to be sent.
    package mutating func cancel(_ id: StreamID) -> Bool {
        remove(id) && !isClosed
    }

    /// The next frame that may leave, in turn, or nil when none may.
    package mutating func nextFrame() -> OutboundFrame? {
        guard isWritable, !isClosed else { return nil }
        let maximum = peer.maximumFrame
        while let id = schedule.next() {
            let turn = streams.update(id) { stream in
                let frame = stream.nextFrame(maximumFrame: maximum, on: id)
                return (frame: frame, joins: frame != nil && stream.schedule())
            }
            guard let turn, let frame = turn.frame else { continue }
            if turn.joins { schedule.add(id) }
            return frame
        }
        return nil
    }

    /// Whether messages of this call wait for credit or for the socket.
    package func hasWaiting(_ id: StreamID) -> Bool {
        streams[id]?.flow.hasWaiting == true
    }

    /// Says whether the socket takes more.
    ///
    /// While it does not, messages wait in their streams and calls wait to be opened.
    package mutating func setWritable(_ writable: Bool) {
        isWritable = writable
    }

    /// The caller consumed a message of this cost.
    ///
    /// Gives the credit to send, if any.
    package mutating func consumed(cost: Int, on id: StreamID) -> UInt32? {
        streams.update(id) { $0.flow.consume(cost: cost) } ?? nil
    }

    /// The longest message that the server accepts, in bytes.
    package var maximumMessage: Int { peer.maximumMessage }

    /// How many calls are under way.
    package var streamCount: Int { streams.count }

    /// How many calls may be opened now.
    package var openable: Int {
        switch phase {
        case .awaitingHello, .open: Int(granted.rawValue) - Int(lastOpened.rawValue)
        case .draining, .closed: 0
        }
    }

    // MARK: Frames in

    /// Takes the server's next frame.
    package mutating func received(_ frame: Frame, at now: ContinuousClock.Instant) -> OnFrame {
        do {
            switch phase {
            case .awaitingHello: return try receivedFirst(frame)
            case .open, .draining: return try receivedNext(frame)
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
        return GoAway(lastStream: .connection, code: code, text: text)
    }

    private mutating func receivedFirst(_ frame: Frame) throws(ProtocolViolation) -> OnFrame {
        guard frame.kind == .hello else { throw .helloMissing(frame.kind) }
        try frame.requireFlags([])
        let greeting = try Greeting(payload: frame.payload, from: .server)
        if !streams.isEmpty || lastOpened > .connection { try greeting.requireDefaults() }
        for id in streams.sortedIDs {
            // These streams began with the credit that every server grants.
            let difference = greeting.streamCredit - peer.streamCredit
            switch streams.update(id, { $0.extend(by: difference) }) {
            case .joinsLine: schedule.add(id)
            case .standsInLine, .nothing, nil: break
            }
        }
        peer = greeting
        granted = max(granted, min(StreamID(rawValue: greeting.firstStreams), .last))
        phase = .open
        return .greeted(greeting)
    }

    private mutating func receivedNext(_ frame: Frame) throws(ProtocolViolation) -> OnFrame {
        switch frame.kind {
        case .message: return try receivedMessage(frame)
        case .status: return try receivedStatus(frame)
        case .credit: return try receivedCredit(frame)
        case .streams: return try receivedStreams(frame)
        case .ping: return .pong(try frame.echo())
        case .pong:
            _ = try frame.echo()
            pingSent = nil
            return .nothing
        case .goAway: return try receivedGoAway(frame)
        case .hello: throw .helloRepeated
        case .open, .fin, .cancel: throw .wrongDirection(frame.kind)
        }
    }

    private mutating func receivedMessage(_ frame: Frame) throws(ProtocolViolation) -> OnFrame {
        try frame.requireFlags([.end, .more])
        let (room, maximum) = (limits.unfinishedMessages - unfinishedBytes, limits.maximumMessage)
        let received = try streams.update(frame.stream) { (stream) throws(ProtocolViolation) in
            let before = stream.flow.unfinishedBytes
            let piece = try stream.flow.receive(
                frame.payload,
                continues: frame.flags.contains(.more),
                maximumMessage: maximum,
                room: room,
                on: frame.stream
            )
            return (piece: piece, change: stream.flow.unfinishedBytes - before)
        }
        unfinishedBytes += received?.change ?? 0
        switch received?.piece {
        case nil: return try late(frame)
        case .unfinished(let grant): return grant.map { .credit(frame.stream, $0) } ?? .nothing
        case .whole(let message):
            let ends = frame.flags.contains(.end)
            if ends { remove(frame.stream) }
            return .message(frame.stream, message, ends: ends)
        case .refused(let refusal):
            remove(frame.stream)
            return .refuseMessage(frame.stream, refusal)
        }
    }

    private mutating func receivedStatus(_ frame: Frame) throws(ProtocolViolation) -> OnFrame {
        try frame.requireFlags([])
        guard remove(frame.stream) else { return try late(frame) }
        return .status(frame.stream, frame.payload)
    }

    private mutating func receivedCredit(_ frame: Frame) throws(ProtocolViolation) -> OnFrame {
        try frame.requireFlags([])
        let credit = try frame.number()
        let credited = try streams.update(frame.stream) { (stream) throws(ProtocolViolation) in
            try stream.add(credit: credit, on: frame.stream)
        }
        switch credited {
        case nil: return try late(frame)
        case .nothing: return .nothing
        case .joinsLine: schedule.add(frame.stream)
        case .standsInLine: break
        }
        return .flush
    }

    private mutating func receivedStreams(_ frame: Frame) throws(ProtocolViolation) -> OnFrame {
        try frame.requireFlags([])
        let limit = min(StreamID(rawValue: try frame.number()), .last)
        guard limit > granted else { return .nothing }
        granted = limit
        return phase == .open ? .openWaiting : .nothing
    }

    private mutating func receivedGoAway(_ frame: Frame) throws(ProtocolViolation) -> OnFrame {
        try frame.requireFlags([])
        let goAway = try GoAway(payload: frame.payload)
        guard goAway.code == .drain, case .open = phase else {
            phase = .closed
            return .ended(goAway)
        }
        phase = .draining(goAway)
        return .drain(goAway)
    }

    private func late(_ frame: Frame) throws(ProtocolViolation) -> OnFrame {
        guard frame.stream <= lastOpened else { throw .streamUnknown(frame.stream) }
        return .nothing
    }

    @discardableResult
    private mutating func remove(_ id: StreamID) -> Bool {
        guard let stream = streams.remove(id) else { return false }
        unfinishedBytes -= stream.flow.unfinishedBytes
        if stream.standsInLine { schedule.prune(open: streams) }
        return true
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
        if !isClosed, frameClock.isLate(after: limits.frameTime, at: now) {
            return .close(fail(.late(.frame)))
        }
        switch phase {
        case .closed: return .nothing
        case .awaitingHello(let since):
            guard now - since > limits.helloTime else { return .nothing }
            return .close(fail(.late(.hello)))
        case .open, .draining:
            return keepAlive(at: now)
        }
    }

    /// The silence after which a PING is due: as the server said, within reason, and a little more
    /// or less by chance.
    var keepalive: Duration {
        let told = Duration.milliseconds(Int64(peer.keepaliveMilliseconds))
        return min(told, Limits.longestKeepalive) * keepaliveFactor
    }

    private mutating func keepAlive(at now: ContinuousClock.Instant) -> OnTick {
        let interval = keepalive
        let silence = now - lastReceived
        guard silence > interval else {
            pingSent = nil
            return .nothing
        }
        guard silence <= interval * 3 else { return .close(fail(.late(.life))) }
        if let sent = pingSent, now - sent < interval { return .nothing }
        pingSent = now
        pingCount += 1
        return .ping(pingCount)
    }

    /// The transport is gone; gives the calls that were under way.
    ///
    /// Nothing is known of any call after this.
    package mutating func transportClosed() -> [StreamID] {
        phase = .closed
        let running = streams.sortedIDs
        streams = StreamTable()
        schedule = StreamSchedule()
        unfinishedBytes = 0
        return running
    }
}
