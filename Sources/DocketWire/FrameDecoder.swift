package import NIOCore

/// Cuts the bytes of a connection into frames.
///
/// A header is judged as soon as its 8 bytes are there, before any of the payload is waited for,
/// and no memory is set aside on the strength of a claim. Bytes that do not make a whole frame yet
/// are kept; nothing is kept when a turn ends on a frame's border.
package struct FrameDecoder: Sendable {
    private let maximumPayload: Int
    /// Whether HELLO has come, behind which alone frames may be skipped.
    private var isGreeted: Bool
    private var bytes = ByteBuffer()
    /// Whether `bytes` shares its memory with what came in or was given away.
    private var isShared = false
    /// Whether a frame has ended since `settle` was called.
    private var hasCut = false

    /// Makes a decoder that refuses payloads longer than `maximumPayload` bytes.
    ///
    /// It begins with the connection, or behind its HELLO if that is said.
    package init(maximumPayload: Int, isGreeted: Bool = false) {
        self.maximumPayload = maximumPayload
        self.isGreeted = isGreeted
    }

    /// Whether a frame has begun and not ended.
    package var isWithinFrame: Bool { bytes.readableBytes > 0 }

    /// How much memory is held for bytes that do not make a whole frame yet.
    var heldBytes: Int { bytes.capacity }

    /// Takes the next bytes of the connection.
    package mutating func append(_ next: ByteBuffer) {
        guard bytes.readableBytes == 0 else {
            bytes.writeImmutableBuffer(next)
            return
        }
        bytes = next
        isShared = true
    }

    /// Gives the next whole frame, or nil when more bytes are needed.
    ///
    /// Frames of unknown kinds that may be skipped are skipped. After an error the connection's
    /// framing is lost and the decoder must not be used again.
    package mutating func next() throws(ProtocolViolation) -> Frame? {
        while let word: UInt64 = bytes.getInteger(at: bytes.readerIndex) {
            let header = FrameHeader(word: word)
            let kind = try judge(header)
            guard bytes.readableBytes - FrameHeader.size >= header.length else { return nil }
            bytes.moveReaderIndex(forwardBy: FrameHeader.size)
            guard let payload = bytes.readSlice(length: header.length) else { return nil }
            hasCut = true
            guard let kind else { continue }
            isGreeted = true
            isShared = true
            return Frame(kind, flags: header.flags, stream: header.stream, payload: payload)
        }
        return nil
    }

    /// Lets go of the memory behind frames that were given away: an unfinished frame moves to
    /// memory of its own, and without one nothing is held.
    ///
    /// To be called at the end of a turn. Gives where its bytes ended.
    @discardableResult
    package mutating func settle() -> FrameProgress {
        defer { hasCut = false }
        if bytes.readableBytes == 0 {
            bytes = ByteBuffer()
        } else if isShared {
            bytes = ByteBuffer(bytes: bytes.readableBytesView)
        }
        isShared = false
        guard isWithinFrame else { return .border }
        return hasCut ? .begun : .continued
    }

    /// Checks a header on its own; gives nil for a kind that is to be skipped.
    private func judge(_ header: FrameHeader) throws(ProtocolViolation) -> FrameKind? {
        guard header.length <= maximumPayload else {
            throw .frameTooLarge(length: header.length, limit: maximumPayload)
        }
        guard let kind = FrameKind(rawValue: header.rawKind) else {
            guard header.rawKind >= FrameKind.firstIgnorable else {
                throw .unknownKind(header.rawKind)
            }
            guard isGreeted else { throw .skippedBeforeHello(header.rawKind) }
            return nil
        }
        guard !header.flags.contains(.compressed) else { throw .compressedFrame }
        guard kind.concernsConnection == (header.stream == .connection),
            header.stream <= .last
        else { throw .wrongStream(kind, header.stream) }
        return kind
    }
}
