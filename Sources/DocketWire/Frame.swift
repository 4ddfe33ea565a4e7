package import NIOCore

/// The number of a call's stream within its connection; 0 is the connection itself.
///
/// Only clients open streams. Their ids are dense: 1, 2, 3 and so on.
package struct StreamID: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number as it travels.
    package let rawValue: UInt32

    /// Takes the number as it travels.
    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// The id of frames that concern the whole connection.
    package static let connection = StreamID(rawValue: 0)

    /// The last id a connection may use; after it the client opens a new connection.
    package static let last = StreamID(rawValue: 0x7fff_ffff)

    /// The id that follows this one, or nil after the last.
    package var next: StreamID? {
        self < .last ? StreamID(rawValue: rawValue + 1) : nil
    }

    package static func < (left: StreamID, right: StreamID) -> Bool {
        left.rawValue < right.rawValue
    }

    package var description: String { "\(rawValue)" }
}

/// What a frame is for.
///
/// Kinds 0 to 23 are critical: who does not know one ends the connection. Kinds 24 to 31 may be
/// skipped.
package enum FrameKind: UInt8, CaseIterable, Sendable {
    /// The first frame each way, exactly once.
    case hello = 0
    /// A client begins a call.
    case open = 1
    /// A message of a call, or a fragment of one.
    case message = 2
    /// The server's last frame of a call: an error, or OK with trailers.
    case status = 3
    /// Either side gives a call up.
    case cancel = 4
    /// Adds to the peer's send credit on a stream.
    case credit = 5
    /// The highest stream id that the client may open, ever.
    case streams = 6
    /// Asks for a PONG with the same 8 bytes.
    case ping = 7
    /// Answers a PING.
    case pong = 8
    /// Drains or ends the connection.
    case goAway = 9
    /// Half close without a message.
    case fin = 10

    /// The first kind that a receiver may skip when it does not know it.
    package static let firstIgnorable: UInt8 = 24

    /// Whether frames of this kind belong to the connection rather than to a stream.
    package var concernsConnection: Bool {
        switch self {
        case .hello, .streams, .ping, .pong, .goAway: true
        case .open, .message, .status, .cancel, .credit, .fin: false
        }
    }
}

/// The three flag bits of a frame.
package struct FrameFlags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Reserved for compression; refused in this version.
    package static let compressed = FrameFlags(rawValue: 1)
    /// The sender's last message on the stream.
    package static let end = FrameFlags(rawValue: 2)
    /// The message continues in the next MSG frame of the stream.
    package static let more = FrameFlags(rawValue: 4)
}

/// The 8 bytes before every payload, big-endian: length in 24 bits, kind in 5, flags in 3 and the
/// stream id in 32.
package struct FrameHeader: Equatable, Sendable {
    /// The header's own size in bytes.
    package static let size = 8

    /// Payload bytes that follow, below 2^24.
    package var length: Int
    /// The kind as it travels; it may be one that this version does not know.
    package var rawKind: UInt8
    /// The flags.
    package var flags: FrameFlags
    /// The stream, or `.connection`.
    package var stream: StreamID

    /// Describes a payload of `length` bytes, which must be below 2^24.
    package init(length: Int, kind: FrameKind, flags: FrameFlags = [], stream: StreamID) {
        precondition(length >= 0 && length < 1 << 24, "a frame's length has 24 bits")
        self.length = length
        self.rawKind = kind.rawValue
        self.flags = flags
        self.stream = stream
    }

    /// Reads the header from its 8 bytes, taken as one big-endian number.
    package init(word: UInt64) {
        length = Int(truncatingIfNeeded: word >> 40)
        rawKind = UInt8(truncatingIfNeeded: (word >> 35) & 31)
        flags = FrameFlags(rawValue: UInt8(truncatingIfNeeded: (word >> 32) & 7))
        stream = StreamID(rawValue: UInt32(truncatingIfNeeded: word))
    }

    /// The header's 8 bytes, taken as one big-endian number.
    package var word: UInt64 {
        UInt64(truncatingIfNeeded: length) << 40 | UInt64(rawKind) << 35
            | UInt64(flags.rawValue) << 32 | UInt64(stream.rawValue)
    }
}

/// One unit of the wire, of a kind that this version knows.
package struct Frame: Equatable, Sendable {
    /// What the frame is for.
    package var kind: FrameKind
    /// Its flags.
    package var flags: FrameFlags
    /// The stream it belongs to.
    package var stream: StreamID
    /// What follows the header.
    package var payload: ByteBuffer

    /// Makes a frame of its parts.
    package init(
        _ kind: FrameKind,
        flags: FrameFlags = [],
        stream: StreamID = .connection,
        payload: ByteBuffer = ByteBuffer()
    ) {
        self.kind = kind
        self.flags = flags
        self.stream = stream
        self.payload = payload
    }
}

extension ByteBuffer {
    /// Appends a frame's header; the caller appends exactly `length` payload bytes after it.
    package mutating func writeFrameHeader(_ header: FrameHeader) {
        writeInteger(header.word)
    }

    /// Appends a whole frame.
    package mutating func writeFrame(_ frame: Frame) {
        let length = frame.payload.readableBytes
        writeFrameHeader(
            FrameHeader(
                length: length,
                kind: frame.kind,
                flags: frame.flags,
                stream: frame.stream
            )
        )
        writeImmutableBuffer(frame.payload)
    }

    /// Appends a frame whose payload is one number: CREDIT, STREAMS and CANCEL.
    package mutating func writeFrame(
        _ kind: FrameKind,
        stream: StreamID = .connection,
        number: UInt32
    ) {
        writeFrameHeader(FrameHeader(length: 4, kind: kind, stream: stream))
        writeInteger(number)
    }

    /// Appends a PING or PONG.
    package mutating func writeFrame(_ kind: FrameKind, echo: UInt64) {
        writeFrameHeader(FrameHeader(length: 8, kind: kind, stream: .connection))
        writeInteger(echo)
    }
}
