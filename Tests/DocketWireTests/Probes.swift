import DocketTestSupport
import NIOCore

@testable import DocketWire

/// Bytes from a list of numbers.
func buffer(_ bytes: [UInt8]) -> ByteBuffer { ByteBuffer(bytes: bytes) }

/// A message of so many equal bytes.
func filled(_ count: Int, with byte: UInt8 = 0x6d) -> ByteBuffer {
    ByteBuffer(repeating: byte, count: count)
}

/// The bytes of frames, one after the other.
func encoded(_ frames: [Frame]) -> ByteBuffer {
    var bytes = ByteBuffer()
    for frame in frames { bytes.writeFrame(frame) }
    return bytes
}

extension ByteBuffer {
    /// The bytes in pieces of at most `size`, each in memory of its own.
    func cut(into size: Int) -> [ByteBuffer] {
        cut { size }
    }

    /// The bytes in pieces of random lengths, each in memory of its own.
    func cut(with random: inout SeededRandom) -> [ByteBuffer] {
        let longest = Int.random(in: 1...max(1, readableBytes), using: &random)
        return cut { Int.random(in: 1...longest, using: &random) }
    }

    private func cut(length: () -> Int) -> [ByteBuffer] {
        var (rest, pieces) = (self, [ByteBuffer]())
        while rest.readableBytes > 0,
            let piece = rest.readBytes(length: min(length(), rest.readableBytes))
        {
            pieces.append(ByteBuffer(bytes: piece))
        }
        return pieces
    }
}

extension Frame {
    /// An OPEN with a head of only a method.
    static func open(
        _ id: UInt32,
        message: ByteBuffer? = nil,
        _ flags: FrameFlags = [],
        head: ByteBuffer = CallHead(method: 7).bytes
    ) -> Frame {
        var payload = ByteBuffer()
        let lead = UInt16(head.readableBytes) | (message == nil ? 0 : 0x8000)
        payload.writeInteger(lead)
        payload.writeImmutableBuffer(head)
        if let message { payload.writeImmutableBuffer(message) }
        return Frame(.open, flags: flags, stream: StreamID(rawValue: id), payload: payload)
    }

    static func message(_ id: UInt32, _ bytes: ByteBuffer, _ flags: FrameFlags = []) -> Frame {
        Frame(.message, flags: flags, stream: StreamID(rawValue: id), payload: bytes)
    }

    static func status(_ id: UInt32, _ bytes: ByteBuffer = ByteBuffer()) -> Frame {
        Frame(.status, stream: StreamID(rawValue: id), payload: bytes)
    }

    /// The bytes of a frame of a kind that nobody knows and that is skipped.
    static func ignorable(_ length: Int) -> ByteBuffer {
        var bytes = ByteBuffer(integer: UInt64(length) << 40 | UInt64(24) << 35)
        bytes.writeImmutableBuffer(filled(length))
        return bytes
    }

    static func fin(_ id: UInt32) -> Frame { Frame(.fin, stream: StreamID(rawValue: id)) }

    static func cancel(_ id: UInt32) -> Frame { number(.cancel, id, 1) }

    static func credit(_ id: UInt32, _ units: UInt32) -> Frame { number(.credit, id, units) }

    static func streams(_ limit: UInt32) -> Frame { number(.streams, 0, limit) }

    static func ping(_ echo: UInt64) -> Frame { Frame(.ping, payload: ByteBuffer(integer: echo)) }

    static func pong(_ echo: UInt64) -> Frame { Frame(.pong, payload: ByteBuffer(integer: echo)) }

    static func goAway(_ code: GoAwayCode, last: UInt32 = 0) -> Frame {
        var payload = ByteBuffer()
        payload.writeMultipleIntegers(last, code.rawValue, UInt32(0))
        return Frame(.goAway, payload: payload)
    }

    static func number(_ kind: FrameKind, _ id: UInt32, _ number: UInt32) -> Frame {
        Frame(kind, stream: StreamID(rawValue: id), payload: ByteBuffer(integer: number))
    }
}

/// A server's machine with a clock that a test moves.
final class ServerProbe {
    var machine: ServerConnectionMachine
    var now: ContinuousClock.Instant
    let limits: Limits

    /// A connection that has just been made.
    init(_ limits: Limits = Limits()) {
        self.limits = limits
        now = .now
        machine = ServerConnectionMachine(limits: limits, now: now)
    }

    /// A connection whose client has greeted and been let in, signed in or not.
    convenience init(
        serving limits: Limits = Limits(),
        hello: Greeting = Greeting(),
        signedIn: Bool = true
    ) {
        self.init(limits)
        _ = receive(hello.frame)
        _ = machine.decided(signedIn: signedIn)
    }

    func receive(_ frame: Frame) -> ServerConnectionMachine.OnFrame {
        machine.received(frame, at: now)
    }

    func tick(after time: Duration = .zero) -> ServerConnectionMachine.OnTick {
        now += time
        return machine.tick(at: now)
    }

    /// Opens the next calls with END, ends each with a message and lets its handler return.
    func complete(_ ids: ClosedRange<UInt32>) -> [UInt32] {
        ids.compactMap { id in
            _ = receive(.open(id, message: buffer([1]), .end))
            return finish(id)
        }
    }

    /// Ends a call with a message and lets its handler return.
    func finish(_ id: UInt32) -> UInt32? {
        _ = machine.send(length: 1, on: StreamID(rawValue: id), ends: true)
        return machine.handlerFinished(StreamID(rawValue: id))
    }

    /// All frames that may leave now.
    func drainFrames() -> [OutboundFrame] {
        var frames: [OutboundFrame] = []
        while let frame = machine.nextFrame() { frames.append(frame) }
        return frames
    }

    /// The code with which the connection ends when this frame comes.
    func fatal(_ frame: Frame) -> GoAwayCode? {
        guard case .close(let goAway) = receive(frame) else { return nil }
        return goAway.code
    }
}

/// A client's machine with a clock that a test moves.
final class ClientProbe {
    var machine: ClientConnectionMachine
    var now: ContinuousClock.Instant

    /// A connection that has just been made, with the keepalive interval that the server says.
    convenience init(_ limits: Limits = Limits()) {
        var middle = MiddleGenerator()
        self.init(limits, using: &middle)
    }

    /// A connection that has just been made.
    init(_ limits: Limits = Limits(), using random: inout some RandomNumberGenerator) {
        now = .now
        machine = ClientConnectionMachine(limits: limits, now: now, using: &random)
    }

    /// A connection whose server has greeted and granted streams.
    convenience init(
        open limits: Limits = Limits(),
        hello: Greeting = Greeting(),
        granted: UInt32 = 100
    ) {
        self.init(limits)
        _ = receive(hello.frame)
        _ = receive(.streams(granted))
    }

    func receive(_ frame: Frame) -> ClientConnectionMachine.OnFrame {
        machine.received(frame, at: now)
    }

    func tick(after time: Duration = .zero) -> ClientConnectionMachine.OnTick {
        now += time
        return machine.tick(at: now)
    }

    func open(message: Int? = nil, ends: Bool = false) -> ClientConnectionMachine.OnOpen {
        machine.open(headLength: 5, messageLength: message, ends: ends)
    }

    func drainFrames() -> [OutboundFrame] {
        var frames: [OutboundFrame] = []
        while let frame = machine.nextFrame() { frames.append(frame) }
        return frames
    }

    func fatal(_ frame: Frame) -> GoAwayCode? {
        guard case .close(let goAway) = receive(frame) else { return nil }
        return goAway.code
    }
}

/// Chance that always falls in the middle.
struct MiddleGenerator: RandomNumberGenerator {
    mutating func next() -> UInt64 { 1 << 63 }
}

/// A stream's id.
func stream(_ id: UInt32) -> StreamID { StreamID(rawValue: id) }
