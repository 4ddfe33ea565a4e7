internal import NIOCore

extension Frame {
    /// Throws when a flag is set that this kind does not take here, or END and MORE together.
    func requireFlags(_ allowed: FrameFlags) throws(ProtocolViolation) {
        guard allowed.isSuperset(of: flags), !flags.isSuperset(of: [.end, .more]) else {
            throw .illegalFlags(kind, flags)
        }
    }

    /// The one number that is the payload of CREDIT, STREAMS and CANCEL.
    func number() throws(ProtocolViolation) -> UInt32 {
        guard payload.readableBytes == 4,
            let number: UInt32 = payload.getInteger(at: payload.readerIndex)
        else { throw .malformedPayload(kind) }
        return number
    }

    /// The 8 bytes of PING and PONG.
    func echo() throws(ProtocolViolation) -> UInt64 {
        try requireFlags([])
        guard payload.readableBytes == 8,
            let echo: UInt64 = payload.getInteger(at: payload.readerIndex)
        else { throw .malformedPayload(kind) }
        return echo
    }
}
