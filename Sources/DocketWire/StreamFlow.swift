package import NIOCore

/// A whole message of a peer.
package struct InboundMessage: Equatable, Sendable {
    /// Its bytes.
    package var bytes: ByteBuffer
    /// What to give back as credit once it is consumed, in cost units.
    package var cost: Int

    /// Makes a message of its parts.
    package init(bytes: ByteBuffer, cost: Int) {
        self.bytes = bytes
        self.cost = cost
    }
}

/// A frame that is due to leave on a stream.
package struct OutboundFrame: Equatable, Sendable {
    /// `.message`, `.status` or `.fin`.
    package var kind: FrameKind
    /// Its flags.
    package var flags: FrameFlags
    /// Its stream.
    package var stream: StreamID
    /// Its payload.
    package var payload: ByteBuffer
}

/// What both machines know of the bytes of one stream, in and out.
struct StreamFlow {
    /// What an arriving piece of a message amounts to.
    enum Piece: Equatable {
        /// More of the message is to come; credit to grant at once, if any.
        case unfinished(grant: UInt32?)
        /// The message is whole.
        case whole(InboundMessage)
        /// The message is longer than allowed, or than the connection's budget.
        case refused(MessageRefusal)
    }

    /// What credit of the peer brings about.
    enum Credited {
        /// Nothing waits for it, or it is not enough yet.
        case nothing
        /// Something may leave, and the stream is to be put in line.
        case joinsLine
        /// Something may leave, and the stream stands in line already.
        case standsInLine
    }

    /// A message that waits for credit or for the socket.
    private struct Waiting {
        var bytes: ByteBuffer
        var ends: Bool
        /// The length of the whole message: its memory is free when its last byte has left.
        let length: Int
    }

    private var window: ReceiveWindow
    private var sendCredit: Int
    private var unfinished: ByteBuffer?
    private var waiting: [Waiting] = []
    /// Bytes of the messages that wait, each counted whole until its last byte has left.
    private(set) var waitingBytes = 0

    /// A stream at its beginning: what the peer may send, and what may be sent to it.
    init(receiveWindow: Int, sendCredit: Int) {
        window = ReceiveWindow(size: receiveWindow)
        self.sendCredit = sendCredit
    }

    // MARK: In

    /// Bytes of a message that has begun and not ended.
    var unfinishedBytes: Int { unfinished?.readableBytes ?? 0 }

    /// Takes a message or a part of one.
    ///
    /// `room` is how many bytes of unfinished messages the connection may still hold.
    mutating func receive(
        _ bytes: ByteBuffer,
        continues: Bool,
        maximumMessage: Int,
        room: Int,
        on stream: StreamID
    ) throws(ProtocolViolation) -> Piece {
        let cost = Limits.cost(bytes.readableBytes)
        guard window.receive(cost: cost) else { throw .creditExceeded(stream) }
        guard unfinishedBytes + bytes.readableBytes <= maximumMessage else {
            return refuse(.tooLarge)
        }
        guard !continues || bytes.readableBytes <= room else {
            return refuse(.tooManyUnfinishedBytes)
        }
        if !continues, unfinished == nil { return .whole(InboundMessage(bytes: bytes, cost: cost)) }
        unfinished.append(bytes)
        if continues { return .unfinished(grant: window.release(cost: cost)) }
        defer { unfinished = nil }
        return .whole(InboundMessage(bytes: unfinished ?? bytes, cost: cost))
    }

    private mutating func refuse(_ refusal: MessageRefusal) -> Piece {
        unfinished = nil
        return .refused(refusal)
    }

    /// The most frames with messages that the peer may have under way.
    var framesLeft: Int { window.framesLeft }

    /// Whether a message has begun and not ended.
    var isWithinMessage: Bool { unfinished != nil }

    /// Drops what has come of an unfinished message.
    mutating func dropUnfinished() {
        unfinished = nil
    }

    /// Says that a whole message of this cost was consumed; gives the credit to grant, if any.
    mutating func consume(cost: Int) -> UInt32? {
        window.release(cost: cost)
    }

    // MARK: Out

    /// Whether messages wait for credit or for the socket.
    var hasWaiting: Bool { !waiting.isEmpty }

    /// Whether `length` bytes may leave at once, as one frame of at most `maximumFrame`.
    func maySend(length: Int, maximumFrame: Int) -> Bool {
        waiting.isEmpty && sendCredit > 0 && length <= maximumFrame
    }

    /// Whether something waits and has the credit to leave.
    var mayContinue: Bool { !waiting.isEmpty && sendCredit > 0 }

    /// Pays for a frame that leaves.
    mutating func pay(length: Int) {
        sendCredit -= Limits.cost(length)
    }

    /// Lets a message wait for credit or for the socket.
    mutating func wait(_ bytes: ByteBuffer, ends: Bool) {
        waiting.append(Waiting(bytes: bytes, ends: ends, length: bytes.readableBytes))
        waitingBytes += bytes.readableBytes
    }

    /// Drops what waits.
    mutating func dropWaiting() {
        waiting = []
        waitingBytes = 0
    }

    /// Takes what the peer grants beyond the credit that was assumed before its greeting came.
    mutating func extend(by difference: Int) {
        sendCredit += difference
    }

    /// Takes credit of the peer; false when it cannot be counted.
    mutating func add(credit: UInt32) -> Bool {
        guard Int(credit) <= Limits.maximumCredit - sendCredit else { return false }
        sendCredit += Int(credit)
        return true
    }

    /// The next frame that may leave, or nil when nothing waits or there is no credit.
    mutating func nextFrame(maximumFrame: Int, on stream: StreamID) -> OutboundFrame? {
        guard sendCredit > 0, let length = waiting.first?.bytes.readableBytes,
            let payload = waiting[0].bytes.readSlice(length: min(length, maximumFrame))
        else { return nil }
        pay(length: payload.readableBytes)
        guard length <= maximumFrame else {
            return OutboundFrame(kind: .message, flags: .more, stream: stream, payload: payload)
        }
        let left = waiting.removeFirst()
        waitingBytes -= left.length
        let flags: FrameFlags = left.ends ? .end : []
        return OutboundFrame(kind: .message, flags: flags, stream: stream, payload: payload)
    }
}

extension ByteBuffer? {
    /// Adds bytes to what is there.
    ///
    /// The first piece is copied, so that a fragment does not keep the whole buffer alive in which
    /// it arrived.
    fileprivate mutating func append(_ bytes: ByteBuffer) {
        var buffer = self ?? ByteBuffer()
        self = nil
        buffer.writeImmutableBuffer(bytes)
        self = buffer
    }
}
