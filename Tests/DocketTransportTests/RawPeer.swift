import DocketTestSupport
import DocketTransport
import DocketWire
import NIOCore
import NIOPosix
import Synchronization

/// One end of a connection that sends whatever a test gives it, and keeps what comes.
final class RawPeer: Sendable {
    private let channel: any Channel
    private let inbox: RawInbox

    init(channel: any Channel, inbox: RawInbox) {
        self.channel = channel
        self.inbox = inbox
    }

    /// Connects to a server.
    static func connect(to address: TransportAddress) async throws -> RawPeer {
        let inbox = RawInbox()
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { $0.pipeline.addHandler(inbox) }
        let channel =
            switch address {
            case .tcp(let host, let port): try await bootstrap.connect(host: host, port: port).get()
            case .unix(let path): try await bootstrap.connect(unixDomainSocketPath: path).get()
            }
        return RawPeer(channel: channel, inbox: inbox)
    }

    /// Sends bytes; what comes too late for the peer is lost.
    func send(_ bytes: ByteBuffer) {
        channel.writeAndFlush(bytes, promise: nil)
    }

    func send(_ frames: Frame...) {
        var bytes = ByteBuffer()
        for frame in frames { bytes.writeFrame(frame) }
        send(bytes)
    }

    /// Sends nothing more.
    func endOutput() async throws {
        try await channel.close(mode: .output)
    }

    func close() {
        channel.close(promise: nil)
    }

    /// Reads no byte from the socket until told otherwise.
    func setReading(_ isOn: Bool) async throws {
        try await channel.setOption(.autoRead, value: isOn).get()
        if isOn { channel.read() }
    }

    /// Everything that has come, once it fulfils the condition or nothing more can come.
    @discardableResult
    func frames(until isMet: @escaping @Sendable ([Frame]) -> Bool) async -> [Frame] {
        Self.frames(in: await inbox.wait { isMet(Self.frames(in: $0)) })
    }

    /// Everything that comes until the peer sends nothing more.
    func framesToEnd() async -> [Frame] {
        Self.frames(in: await bytesToEnd())
    }

    /// Everything that comes until the peer sends nothing more.
    @discardableResult
    func bytesToEnd() async -> ByteBuffer {
        await inbox.wait { _ in false }
    }

    /// Everything that has come, once it fulfils the condition or nothing more can come.
    func bytes(until isMet: @escaping @Sendable (ByteBuffer) -> Bool) async -> ByteBuffer {
        await inbox.wait(until: isMet)
    }

    static func frames(in bytes: ByteBuffer) -> [Frame] {
        var decoder = FrameDecoder(maximumPayload: Limits.frameRange.upperBound)
        decoder.append(bytes)
        var frames: [Frame] = []
        while let frame = try? decoder.next() { frames.append(frame) }
        return frames
    }
}

/// Keeps the bytes of a connection.
final class RawInbox: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private struct Waiter {
        let isMet: @Sendable (ByteBuffer) -> Bool
        let continuation: CheckedContinuation<ByteBuffer, Never>
    }

    private struct State {
        var bytes = ByteBuffer()
        var hasEnded = false
        var waiters: [Waiter] = []

        mutating func takeMet() -> [Waiter] {
            let met = waiters.filter { hasEnded || $0.isMet(bytes) }
            waiters.removeAll { hasEnded || $0.isMet(bytes) }
            return met
        }
    }

    private let state = Mutex(State())

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let more = unwrapInboundIn(data)
        change { $0.bytes.writeImmutableBuffer(more) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed {
            change { $0.hasEnded = true }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        change { $0.hasEnded = true }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func change(_ body: (inout State) -> Void) {
        let (met, bytes) = state.withLock { state in
            body(&state)
            return (state.takeMet(), state.bytes)
        }
        for waiter in met { waiter.continuation.resume(returning: bytes) }
    }

    func wait(until isMet: @escaping @Sendable (ByteBuffer) -> Bool) async -> ByteBuffer {
        await withCheckedContinuation { continuation in
            let bytes = state.withLock { state -> ByteBuffer? in
                if state.hasEnded || isMet(state.bytes) { return state.bytes }
                state.waiters.append(Waiter(isMet: isMet, continuation: continuation))
                return nil
            }
            if let bytes { continuation.resume(returning: bytes) }
        }
    }
}

/// Listens for one connection after another and leaves them as they are.
final class RawServer: Sendable {
    let address: TransportAddress
    private let listener: any Channel
    private let accepted: AsyncStream<RawPeer>

    private init(address: TransportAddress, listener: any Channel, accepted: AsyncStream<RawPeer>) {
        self.address = address
        self.listener = listener
        self.accepted = accepted
    }

    static func run<Result>(_ body: (RawServer) async throws -> Result) async throws -> Result {
        let path = Protection.socketPath()
        let (accepted, continuation) = AsyncStream.makeStream(of: RawPeer.self)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                let inbox = RawInbox()
                continuation.yield(RawPeer(channel: channel, inbox: inbox))
                return channel.pipeline.addHandler(inbox)
            }
            .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
        let server = RawServer(
            address: .unix(path: path),
            listener: listener,
            accepted: accepted
        )
        defer { listener.close(promise: nil) }
        return try await body(server)
    }

    /// The next connection.
    func accept() async throws -> RawPeer {
        for await peer in accepted { return peer }
        throw NeverHappened()
    }

    /// Connects a client of ours.
    func connect(
        change: (inout ClientConnection.Configuration) -> Void = { _ in }
    ) async throws -> ClientConnection {
        var configuration = ClientConnection.Configuration(security: .none)
        change(&configuration)
        let resources = LoopResources(
            eventLoop: MultiThreadedEventLoopGroup.singleton.next(),
            sweepInterval: .milliseconds(20)
        )
        return try await ClientConnection.connect(
            to: address,
            configuration,
            resources: resources
        )
    }
}

extension Frame {
    /// A client's HELLO with a token, or none.
    static func hello(token: [UInt8] = []) -> Frame {
        var greeting = Greeting()
        greeting.token = token
        return greeting.frame
    }

    /// An OPEN with a whole message that is the last.
    static func open(_ stream: UInt32, _ method: UInt32, message: [UInt8]? = []) -> Frame {
        let head = CallHead(method: method).bytes
        var payload = ByteBuffer()
        payload.writeInteger(UInt16(head.readableBytes) | (message == nil ? 0 : 0x8000))
        payload.writeImmutableBuffer(head)
        payload.writeBytes(message ?? [])
        return Frame(
            .open,
            flags: message == nil ? [] : .end,
            stream: StreamID(rawValue: stream),
            payload: payload
        )
    }

    /// The content of a GOAWAY.
    var goAway: GoAway? {
        kind == .goAway ? try? GoAway(payload: payload) : nil
    }
}
