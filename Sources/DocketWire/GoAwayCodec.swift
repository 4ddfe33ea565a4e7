package import NIOCore

extension GoAway {
    /// Reads the payload of a GOAWAY frame; a code that this version does not know counts as an
    /// internal error of the peer.
    package init(payload: ByteBuffer) throws(ProtocolViolation) {
        var payload = payload
        guard
            let (last, code, retry) = payload.readMultipleIntegers(
                as: (UInt32, UInt32, UInt32).self
            ),
            payload.readableBytes <= GoAway.maximumText,
            let text = payload.readString(length: payload.readableBytes)
        else { throw .malformedPayload(.goAway) }
        self.init(
            lastStream: StreamID(rawValue: last),
            code: GoAwayCode(rawValue: code) ?? .internalError,
            retryAfterMilliseconds: retry,
            text: text
        )
    }
}

extension ByteBuffer {
    /// Appends a GOAWAY frame, its text cut at the limit on a character's border.
    package mutating func writeFrame(_ goAway: GoAway) {
        var text = goAway.text.prefix(GoAway.maximumText)
        while text.utf8.count > GoAway.maximumText { text = text.dropLast() }
        writeFrameHeader(
            FrameHeader(length: 12 + text.utf8.count, kind: .goAway, stream: .connection)
        )
        writeMultipleIntegers(
            goAway.lastStream.rawValue,
            goAway.code.rawValue,
            goAway.retryAfterMilliseconds
        )
        writeSubstring(text)
    }
}
