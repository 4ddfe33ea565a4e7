internal import NIOCore

/// The client's side of one call's stream.
///
/// It is gone as soon as the call has ended.
struct ClientStream {
    /// Whether the caller may still send.
    enum Outbound {
        /// Messages are taken.
        case open
        /// The last message or a FIN waits.
        case ending
        /// The last frame has left.
        case ended
    }

    var flow: StreamFlow
    private var outbound = Outbound.open
    private var isScheduled = false
    /// An end without a message that waits behind messages.
    private var finWaits = false

    /// A stream at its beginning: what the server may send, and what may be sent to it.
    init(receiveWindow: Int, sendCredit: Int) {
        flow = StreamFlow(receiveWindow: receiveWindow, sendCredit: sendCredit)
    }

    /// The OPEN takes a message of `length` bytes along, or none, and perhaps the end.
    mutating func open(withMessageOf length: Int?, ends: Bool) {
        if let length { flow.pay(length: length) }
        if ends { outbound = .ended }
    }

    /// Asks to send a message.
    mutating func send(
        length: Int,
        ends: Bool,
        isWritable: Bool,
        maximumFrame: Int
    ) -> ClientConnectionMachine.OnSend {
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

    /// Asks to end the caller's side without a message.
    mutating func end(isWritable: Bool) -> ClientConnectionMachine.OnSend {
        guard outbound == .open else { return .drop }
        guard isWritable, !flow.hasWaiting else {
            outbound = .ending
            finWaits = true
            return .enqueue
        }
        outbound = .ended
        return .write
    }

    /// Takes credit of the server.
    mutating func add(
        credit: UInt32,
        on id: StreamID
    ) throws(ProtocolViolation) -> StreamFlow.Credited {
        guard flow.add(credit: credit) else { throw .creditOverflow(id) }
        return goesOn()
    }

    /// Takes what the server's greeting grants beyond the credit that was assumed before it came.
    mutating func extend(by difference: Int) -> StreamFlow.Credited {
        flow.extend(by: difference)
        return goesOn()
    }

    /// What more credit brings about.
    private mutating func goesOn() -> StreamFlow.Credited {
        guard flow.mayContinue else { return .nothing }
        return schedule() ? .joinsLine : .standsInLine
    }

    /// The next frame that may leave, or nil when nothing waits or there is no credit.
    mutating func nextFrame(maximumFrame: Int, on id: StreamID) -> OutboundFrame? {
        isScheduled = false
        if let frame = flow.nextFrame(maximumFrame: maximumFrame, on: id) {
            if frame.flags.contains(.end) { outbound = .ended }
            return frame
        }
        guard finWaits, !flow.hasWaiting else { return nil }
        finWaits = false
        outbound = .ended
        return OutboundFrame(kind: .fin, flags: [], stream: id, payload: ByteBuffer())
    }

    /// Takes a place in line when there is something to send; true when the stream has none yet.
    mutating func schedule() -> Bool {
        guard flow.hasWaiting || finWaits, !isScheduled else { return false }
        isScheduled = true
        return true
    }

    /// Whether the stream stands in line for sending.
    var standsInLine: Bool { isScheduled }
}
