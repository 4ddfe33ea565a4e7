internal import NIOCore

/// The server's side of one call's stream.
struct ServerStream {
    /// Whether the client may still send.
    enum Inbound {
        /// Messages may come.
        case open
        /// The client has ended its side.
        case ended
        /// A message was refused; what was on its way behind it is dropped.
        case refused
        /// The client gave the call up and sends nothing more.
        case cancelled
    }

    /// Whether the handler may still send.
    enum Outbound {
        /// Messages and a status are taken.
        case open
        /// The last message or the status waits.
        case ending
        /// The last frame has left, or the client has given the call up.
        case ended
    }

    /// What came of a frame with a message.
    struct Received {
        /// What the frame amounts to, or nil when nobody listens any more.
        var piece: StreamFlow.Piece?
        /// By how much the bytes of unfinished messages grew or shrank.
        var unfinishedChange = 0
    }

    /// What came of a CANCEL.
    struct Cancelled {
        /// Whether a handler is to be cancelled.
        var handlerRuns: Bool
        /// Bytes of unfinished messages that were dropped.
        var unfinishedBytes: Int
        /// Bytes of replies that waited and were dropped.
        var waitingBytes: Int
    }

    private(set) var flow: StreamFlow
    private(set) var inbound = Inbound.open
    private(set) var outbound = Outbound.open
    private(set) var isScheduled = false
    private var status: ByteBuffer?
    private var handlerRuns = true

    /// A stream at its beginning: what the client may send, and what may be sent to it.
    init(receiveWindow: Int, sendCredit: Int) {
        flow = StreamFlow(receiveWindow: receiveWindow, sendCredit: sendCredit)
    }

    /// Whether the handler has returned and the last frame has left.
    var isOver: Bool { !handlerRuns && outbound == .ended }

    /// Whether the handler still runs.
    var isHandled: Bool { handlerRuns }

    /// Whether frames of this stream could leave now or when credit comes.
    private var hasOutput: Bool { flow.hasWaiting || status != nil }

    /// The most messages, and a FIN, that the client may have under way while it does not know
    /// that nobody listens any more.
    var lateMessages: Int {
        switch inbound {
        case .open: flow.framesLeft + 1
        case .ended, .refused, .cancelled: 0
        }
    }

    // MARK: In

    /// Takes a message or a part of one; throws when the client had ended its side or sends
    /// without credit.
    mutating func receive(
        _ message: ByteBuffer,
        flags: FrameFlags,
        maximumMessage: Int,
        room: Int,
        on id: StreamID
    ) throws(ProtocolViolation) -> Received {
        guard try listens(id) else { return Received() }
        let before = flow.unfinishedBytes
        let piece = try flow.receive(
            message,
            continues: flags.contains(.more),
            maximumMessage: maximumMessage,
            room: room,
            on: id
        )
        if flags.contains(.end) { inbound = .ended }
        return Received(piece: piece, unfinishedChange: flow.unfinishedBytes - before)
    }

    /// Drops what has come of a message that has not ended; gives its bytes.
    mutating func dropUnfinished() -> Int {
        defer { flow.dropUnfinished() }
        return flow.unfinishedBytes
    }

    /// Stops listening, since a message was refused.
    mutating func refuse() {
        if inbound == .open { inbound = .refused }
    }

    /// Takes the end of the client's side where no message came with it; false when nobody listens
    /// any more.
    mutating func receiveEnd(on id: StreamID) throws(ProtocolViolation) -> Bool {
        guard try listens(id) else { return false }
        guard !flow.isWithinMessage else { throw .malformedPayload(.fin) }
        inbound = .ended
        return true
    }

    /// The OPEN said that no message follows.
    mutating func endInbound() {
        inbound = .ended
    }

    private func listens(_ id: StreamID) throws(ProtocolViolation) -> Bool {
        guard outbound == .open else { return false }
        switch inbound {
        case .open: return true
        case .ended: throw .streamEnded(id)
        case .refused, .cancelled: return false
        }
    }

    /// The client gave the call up; nil when it had done so before.
    mutating func cancel() -> Cancelled? {
        guard inbound != .cancelled else { return nil }
        let cancelled = Cancelled(
            handlerRuns: handlerRuns,
            unfinishedBytes: flow.unfinishedBytes,
            waitingBytes: flow.waitingBytes
        )
        flow.dropUnfinished()
        flow.dropWaiting()
        inbound = .cancelled
        outbound = .ended
        status = nil
        return cancelled
    }

    /// Takes credit of the client.
    mutating func add(
        credit: UInt32,
        on id: StreamID
    ) throws(ProtocolViolation) -> StreamFlow.Credited {
        guard flow.add(credit: credit) else { throw .creditOverflow(id) }
        guard flow.mayContinue else { return .nothing }
        return schedule() ? .joinsLine : .standsInLine
    }

    /// The handler consumed a message of this cost; gives the credit to send, if any.
    mutating func consume(cost: Int) -> UInt32? {
        guard inbound == .open, outbound == .open else { return nil }
        return flow.consume(cost: cost)
    }

    // MARK: Out

    /// Asks to send a message.
    mutating func send(
        length: Int,
        ends: Bool,
        isWritable: Bool,
        maximumFrame: Int
    ) -> ServerConnectionMachine.OnSend {
        guard outbound == .open else { return .drop }
        guard isWritable, flow.maySend(length: length, maximumFrame: maximumFrame) else {
            return .enqueue
        }
        flow.pay(length: length)
        if ends { outbound = .ended }
        return .write
    }

    /// Lets a message wait; true when the stream is to be put in line for sending.
    mutating func enqueue(_ message: ByteBuffer, ends: Bool) -> Bool {
        guard outbound == .open else { return false }
        flow.wait(message, ends: ends)
        if ends { outbound = .ending }
        return schedule()
    }

    /// Asks to end the call with a status.
    ///
    /// It waits behind messages when it says OK and takes their place otherwise, also the place of
    /// a last message that has not left entirely.
    mutating func end(
        with status: ByteBuffer,
        isSuccess: Bool,
        isWritable: Bool
    ) -> ServerConnectionMachine.OnSend {
        let isLeaving = outbound == .ending && flow.hasWaiting
        guard outbound == .open || (isLeaving && !isSuccess) else { return .drop }
        self.status = nil
        flow.dropUnfinished()
        if !isSuccess { flow.dropWaiting() }
        guard isWritable, !flow.hasWaiting else {
            outbound = .ending
            self.status = status
            return .enqueue
        }
        outbound = .ended
        return .write
    }

    /// The next frame that may leave, or nil when nothing waits or there is no credit.
    mutating func nextFrame(maximumFrame: Int, on id: StreamID) -> OutboundFrame? {
        isScheduled = false
        if let frame = flow.nextFrame(maximumFrame: maximumFrame, on: id) {
            if frame.flags.contains(.end) { outbound = .ended }
            return frame
        }
        guard !flow.hasWaiting, let status = status.take() else { return nil }
        outbound = .ended
        return OutboundFrame(kind: .status, flags: [], stream: id, payload: status)
    }

    /// Takes a place in line when there is something to send; true when the stream has none yet.
    mutating func schedule() -> Bool {
        guard hasOutput, !isScheduled else { return false }
        isScheduled = true
        return true
    }

    /// The handler has returned.
    mutating func finishHandler() {
        handlerRuns = false
    }
}
