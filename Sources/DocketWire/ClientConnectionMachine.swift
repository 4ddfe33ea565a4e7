package import NIOCore

/// The client's side of one connection: which calls may be opened now, what the server's frames
/// mean, and what may be sent. It does no I/O, knows no clock and starts nothing.
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
        case greeted(Greeting)
        /// Give a message to the caller; `ends` says that the call ended with OK.
        case message(StreamID, InboundMessage, ends: Bool)
        /// The call ended with this encoded Status.
        case status(StreamID, ByteBuffer)
        /// Send credit to the server.
        case credit(StreamID, UInt32)
        /// End the call: its reply is longer than allowed. CANCEL is to be sent.
        case refuseMessage(StreamID)
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
        /// Open it on another connection: this one takes no more.
        case refuse
    }

    /// What to do with a message that is to be sent.
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
        /// Send a PING with these 8 bytes.
        case ping(UInt64)
        /// Send GOAWAY and close.
        case close(GoAway)
    }

    private struct Stream {
        enum Outbound {
            case open
            case ending
            case ended
        }
        var flow: StreamFlow
        var outbound = Outbound.open
        /// An end without a message that waits behind messages.
        var finWaits = false
    }

    private let limits: Limits
    private var streams: [StreamID: Stream] = [:]
    private var schedule = StreamSchedule()
    private var peer = Greeting()
    private var lastOpened = StreamID.connection
    private var granted: StreamID
    private var unfinishedBytes = 0
    private var lastReceived: ContinuousClock.Instant
    private var pingSent: ContinuousClock.Instant?
    private var frameBegan: ContinuousClock.Instant?
    private var pingCount: UInt64 = 0
    private var isWritable = true

    /// Where the connection stands.
    package private(set) var phase: Phase

    /// A connection that stands since `now`.
    package init(limits: Limits, now: ContinuousClock.Instant) {
        self.limits = limits
        phase = .awaitingHello(since: now)
        granted = StreamID(rawValue: Greeting().firstStreams)
        lastReceived = now
    }

    // MARK: Calls out

    /// Asks to open a call. `headLength` and `messageLength` are in bytes; no message length means
    /// that the OPEN carries none. `ends` says that nothing follows the OPEN.
    package mutating func open(
        headLength: Int, messageLength: Int?, ends: Bool
    ) -> OnOpen {
        switch phase {
        case .awaitingHello, .open: break
        case .draining, .closed: return .refuse
        }
        guard let id = lastOpened.next else { return .refuse }
        guard id <= granted, isWritable else { return .wait }
        lastOpened = id
        var stream = Stream(
            flow: StreamFlow(receiveWindow: limits.streamCredit, sendCredit: peer.streamCredit))
        let length = messageLength ?? 0
        let fits = 2 + headLength + length <= peer.maximumFrame
        if messageLength != nil, fits { stream.flow.pay(length: length) }
        if ends, fits { stream.outbound = .ended }
        streams[id] = stream
        return .write(id, withMessage: messageLength != nil && fits)
    }

    /// Asks to send a message of `length` bytes on a call.
    package mutating func send(length: Int, on id: StreamID, ends: Bool) -> OnSend {
        guard var stream = streams[id], stream.outbound == .open else { return .drop }
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

    /// Asks to end the client's side of a call without a message.
    package mutating func end(_ id: StreamID) -> OnSend {
        guard var stream = streams[id], stream.outbound == .open else { return .drop }
        let waits = stream.flow.hasWaiting || !isWritable
        stream.outbound = waits ? .ending : .ended
        stream.finWaits = waits
        streams[id] = stream
        if waits { schedule.add(id) }
        return waits ? .enqueue : .write
    }

    /// Gives a call up; true when CANCEL is to be sent.
    package mutating func cancel(_ id: StreamID) -> Bool {
        remove(id) && phase != .closed
    }

    /// The next frame that may leave, in turn, or nil when none may.
    package mutating func nextFrame() -> OutboundFrame? {
        guard isWritable, phase != .closed else { return nil }
        while let id = schedule.next() {
            guard var stream = streams[id] else { continue }
            if let frame = stream.flow.nextFrame(maximumFrame: peer.maximumFrame, on: id) {
                if stream.flow.hasWaiting || stream.finWaits { schedule.add(id) }
                if frame.flags.contains(.end) { stream.outbound = .ended }
                streams[id] = stream
                return frame
            }
            guard stream.finWaits, !stream.flow.hasWaiting else { continue }
            stream.finWaits = false
            stream.outbound = .ended
            streams[id] = stream
            return OutboundFrame(kind: .fin, flags: [], stream: id, payload: ByteBuffer())
        }
        return nil
    }

    /// Whether messages of this call wait for credit or for the socket.
    package func hasWaiting(_ id: StreamID) -> Bool {
        streams[id]?.flow.hasWaiting ?? false
    }

    /// Says whether the socket takes more. While it does not, messages wait in their streams and
    /// calls wait to be opened.
    package mutating func setWritable(_ writable: Bool) {
        isWritable = writable
    }

    /// The caller consumed a message of this cost. Gives the credit to send, if any.
    package mutating func consumed(cost: Int, on id: StreamID) -> UInt32? {
        streams[id]?.flow.consume(cost: cost)
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
        // A server that goes away may say so instead of greeting.
        if frame.kind == .goAway { return try receivedGoAway(frame) }
        guard frame.kind == .hello else { throw .helloMissing(frame.kind) }
        try frame.requireFlags([])
        let greeting = try Greeting(payload: frame.payload)
        peer = greeting
        granted = max(granted, StreamID(rawValue: greeting.firstStreams))
        phase = .open
        return .greeted(greeting)
    }

    private mutating func receivedNext(_ frame: Frame) throws(ProtocolViolation) -> OnFrame {
        switch frame.kind {
        case .message: return try receivedMessage(frame)
        case .status: return try receivedStatus(frame)
        case .credit: return try receivedCredit(frame)
        case .cancel: return try receivedCancel(frame)
        case .streams: return try receivedStreams(frame)
        case .ping: return .pong(try frame.echo())
        case .pong:
            _ = try frame.echo()
            pingSent = nil
            return .nothing
        case .goAway: return try receivedGoAway(frame)
        case .hello: throw .helloRepeated
        case .open, .fin: throw .wrongDirection(frame.kind)
        }
    }

    private mutating func receivedMessage(_ frame: Frame) throws(ProtocolViolation) -> OnFrame {
        try frame.requireFlags([.end, .more])
        guard var stream = streams[frame.stream] else { return try late(frame) }
        let before = stream.flow.unfinishedBytes
        let piece = try stream.flow.receive(
            frame.payload, continues: frame.flags.contains(.more),
            maximumMessage: limits.maximumMessage,
            room: limits.unfinishedMessages - unfinishedBytes, on: frame.stream)
        unfinishedBytes += stream.flow.unfinishedBytes - before
        streams[frame.stream] = stream
        switch piece {
        case .unfinished(let grant): return grant.map { .credit(frame.stream, $0) } ?? .nothing
        case .whole(let message):
            let ends = frame.flags.contains(.end)
            if ends { remove(frame.stream) }
            return .message(frame.stream, message, ends: ends)
        case .tooLarge:
            remove(frame.stream)
            return .refuseMessage(frame.stream)
        }
    }

    private mutating func receivedStatus(_ frame: Frame) throws(ProtocolViolation) -> OnFrame {
        try frame.requireFlags([.end])
        guard remove(frame.stream) else { return try late(frame) }
        return .status(frame.stream, frame.payload)
    }

    private mutating func receivedCancel(_ frame: Frame) throws(ProtocolViolation) -> OnFrame {
        try frame.requireFlags([])
        _ = try frame.number()
        guard remove(frame.stream) else { return try late(frame) }
        return .status(frame.stream, Self.cancelledStatus)
    }

    /// Status{code: CANCELLED} in protobuf's form.
    private static let cancelledStatus = ByteBuffer(bytes: [1 << 3, 1])

    private mutating func receivedCredit(_ frame: Frame) throws(ProtocolViolation) -> OnFrame {
        try frame.requireFlags([])
        let credit = try frame.number()
        guard streams[frame.stream] != nil else { return try late(frame) }
        guard streams[frame.stream]?.flow.add(credit: credit) == true else {
            throw .creditOverflow(frame.stream)
        }
        guard streams[frame.stream]?.flow.hasWaiting == true else { return .nothing }
        schedule.add(frame.stream)
        return .flush
    }

    private mutating func receivedStreams(_ frame: Frame) throws(ProtocolViolation) -> OnFrame {
        try frame.requireFlags([])
        let limit = StreamID(rawValue: try frame.number())
        guard limit >= granted else { throw .streamLimitLowered }
        granted = min(limit, .last)
        return .openWaiting
    }

    private mutating func receivedGoAway(_ frame: Frame) throws(ProtocolViolation) -> OnFrame {
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
        guard let stream = streams.removeValue(forKey: id) else { return false }
        unfinishedBytes -= stream.flow.unfinishedBytes
        return true
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
        if let began = frameBegan, now - began > limits.frameTime {
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

    private mutating func keepAlive(at now: ContinuousClock.Instant) -> OnTick {
        let interval = Duration.milliseconds(Int64(peer.keepaliveMilliseconds))
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
    package mutating func transportClosed() -> [StreamID] {
        phase = .closed
        defer { streams = [:] }
        return streams.keys.sorted()
    }
}
