/// Why a connection ends, as it travels in GOAWAY.
package enum GoAwayCode: UInt32, CaseIterable, Sendable {
    /// Nothing is wrong: what was begun is finished, nothing new is begun.
    case drain = 0
    /// The peer broke a rule of framing or of the order of frames.
    case protocolError = 1
    /// A frame was longer than the receiver's HELLO allows.
    case frameTooLarge = 2
    /// The peer sent without credit, or credit overflowed.
    case flowControlError = 3
    /// HELLO was missing, repeated, late or out of range.
    case helloError = 4
    /// The token expired, was revoked or never was one.
    case authenticationFailed = 5
    /// The peer spent a budget for misbehaviour.
    case limitExceeded = 6
    /// Something that had to happen did not happen in time.
    case timeout = 7
    /// The sender failed.
    case internalError = 8
}

/// What a peer did that ends the connection.
///
/// These are the peer's mistakes. Our own are traps, and what a race makes legal is dropped in
/// silence, so neither is here.
package enum ProtocolViolation: Error, Equatable, Sendable {
    /// A frame's length is over the limit, both in bytes.
    case frameTooLarge(length: Int, limit: Int)
    /// A call's head is over the limit, both in bytes.
    case headTooLarge(length: Int, limit: Int)
    /// A critical kind that this version does not know.
    case unknownKind(UInt8)
    /// The reserved flag is set.
    case compressedFrame
    /// A connection's frame on a stream, or a stream's frame on the connection.
    case wrongStream(FrameKind, StreamID)
    /// The kind never comes from this side.
    case wrongDirection(FrameKind)
    /// The payload does not have the kind's form.
    case malformedPayload(FrameKind)
    /// A flag that the kind does not have, or flags that exclude each other.
    case illegalFlags(FrameKind, FrameFlags)
    /// A frame came before HELLO.
    case helloMissing(FrameKind)
    /// A frame that may be skipped came before HELLO.
    case skippedBeforeHello(UInt8)
    /// HELLO came again.
    case helloRepeated
    /// A value of HELLO is out of its range; the text names it.
    case helloOutOfRange(String)
    /// A stream id is not the one that follows.
    case streamOutOfOrder(StreamID, expected: StreamID)
    /// A stream id is above the highest one granted.
    case streamLimitExceeded(StreamID, limit: StreamID)
    /// A frame on a stream that never was.
    case streamUnknown(StreamID)
    /// The peer sent after it had ended its side of the stream.
    case streamEnded(StreamID)
    /// The peer sent while it had no credit.
    case creditExceeded(StreamID)
    /// The peer gave more credit than can be counted.
    case creditOverflow(StreamID)
    /// Too many frames that mean nothing.
    case glitches(limit: Int)
    /// PINGs came faster than the budget refills.
    case pings
    /// What had to happen in time did not.
    case late(Deadline)

    /// What a peer can be late with.
    package enum Deadline: String, Equatable, Sendable {
        /// HELLO after the connection stood.
        case hello = "HELLO"
        /// The decision on the token, or signing in.
        case signIn = "signing in"
        /// Acting for somebody, counted since the connection was accepted.
        case principal = "a principal"
        /// The rest of a frame.
        case frame = "the rest of a frame"
        /// Any byte at all.
        case life = "a sign of life"
        /// Taking bytes from its socket.
        case reading = "reading"
    }

    /// The code under which the peer is told.
    package var code: GoAwayCode {
        switch self {
        case .frameTooLarge, .headTooLarge: .frameTooLarge
        case .creditExceeded, .creditOverflow: .flowControlError
        case .helloMissing, .skippedBeforeHello, .helloRepeated, .helloOutOfRange,
            .malformedPayload(.hello):
            .helloError
        case .glitches, .pings: .limitExceeded
        case .late: .timeout
        case .unknownKind, .compressedFrame, .wrongStream, .wrongDirection, .malformedPayload,
            .illegalFlags, .streamOutOfOrder, .streamLimitExceeded, .streamUnknown, .streamEnded:
            .protocolError
        }
    }
}

extension ProtocolViolation: CustomStringConvertible {
    package var description: String {
        switch self {
        case .frameTooLarge(let length, let limit):
            "a frame of \(length) bytes is over the limit of \(limit)"
        case .headTooLarge(let length, let limit):
            "a head of \(length) bytes is over the limit of \(limit)"
        case .unknownKind(let kind): "frame kind \(kind) is unknown and critical"
        case .compressedFrame: "the reserved flag of a frame is set"
        case .wrongStream(let kind, let stream): "\(kind) does not belong on stream \(stream)"
        case .wrongDirection(let kind): "\(kind) never comes from this side"
        case .malformedPayload(let kind): "the payload of \(kind) is malformed"
        case .illegalFlags(let kind, let flags): "\(kind) does not take flags \(flags.rawValue)"
        case .helloMissing(let kind): "\(kind) came before hello"
        case .skippedBeforeHello(let kind): "frame kind \(kind) came before hello"
        case .helloRepeated: "hello came twice"
        case .helloOutOfRange(let field): "hello's \(field) is out of range"
        case .streamOutOfOrder(let stream, let expected):
            "stream \(stream) was opened where \(expected) had to follow"
        case .streamLimitExceeded(let stream, let limit):
            "stream \(stream) is above the granted \(limit)"
        case .streamUnknown(let stream): "stream \(stream) was never opened"
        case .streamEnded(let stream): "stream \(stream) had been ended by its sender"
        case .creditExceeded(let stream): "stream \(stream) was sent on without credit"
        case .creditOverflow(let stream): "the credit of stream \(stream) overflowed"
        case .glitches(let limit): "more than \(limit) frames meant nothing"
        case .pings: "pings came too fast"
        case .late(let deadline): "\(deadline.rawValue) came too late"
        }
    }
}

/// The content of a GOAWAY frame.
package struct GoAway: Error, Equatable, Sendable {
    /// The longest text, in bytes of UTF-8.
    package static let maximumText = 256

    /// The highest stream id that the sender will still work on.
    package var lastStream: StreamID
    /// Why.
    package var code: GoAwayCode
    /// The earliest moment at which connecting again makes sense, in milliseconds from now.
    package var retryAfterMilliseconds: UInt32
    /// For a person who debugs.
    package var text: String

    /// Makes the content of its parts; `text` is cut at its limit when it is written.
    package init(
        lastStream: StreamID,
        code: GoAwayCode,
        retryAfterMilliseconds: UInt32 = 0,
        text: String = ""
    ) {
        self.lastStream = lastStream
        self.code = code
        self.retryAfterMilliseconds = retryAfterMilliseconds
        self.text = text
    }
}
