import DocketTLS
import DocketWire
import NIOCore
import NIOEmbedded
import Testing

@testable import DocketTransport

/// A socket that takes nothing until told.
private final class StalledSocket: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    var held: [(buffer: ByteBuffer, promise: EventLoopPromise<Void>?)] = []
    var isStalled = true

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard isStalled else {
            promise?.succeed()
            return
        }
        held.append((unwrapOutboundIn(data), promise))
    }

    func goOn() {
        isStalled = false
        let promises = held.map(\.promise)
        held = []
        for promise in promises { promise?.succeed() }
    }
}

/// Gives the connection what it needs of a channel.
private final class Pipeline: ChannelInboundHandler, ConnectionDriver {
    typealias InboundIn = ByteBuffer

    let io: ConnectionIO
    var memberIndex = -1

    init(io: ConnectionIO) {
        self.io = io
    }

    func handlerAdded(context: ChannelHandlerContext) {
        io.activate(context, for: self)
    }

    func send(_ count: Int) {
        for _ in 0..<count {
            io.write { $0.writeRepeatingByte(1, count: 150) }
            io.flush()
        }
    }

    func received(_ frame: Frame, at now: ContinuousClock.Instant) -> Bool { true }
    func receivedBytes(at now: ContinuousClock.Instant, _ progress: FrameProgress) {}
    func failed(_ violation: ProtocolViolation) {}
    func established() {}
    func failed(_ error: TLSError) {}
    func ended() {}
    func transportClosed() {}
    func tick(at now: ContinuousClock.Instant) {}
    func flushTurn() {}
}

@Suite("A socket that leaves bytes lying")
struct BacklogTests {
    @Test("holds the bytes of small records, and not the buffers they were written in")
    func smallRecords() throws {
        let channel = EmbeddedChannel()
        let resources = LoopResources(eventLoop: channel.eventLoop)
        // As after the reading of many records: every buffer of the loop has much room.
        for _ in 0..<16 {
            resources.giveBack(ByteBuffer(repeating: 0, count: LoopResources.plaintextCapacity))
        }
        let socket = StalledSocket()
        let pipeline = Pipeline(
            io: ConnectionIO(
                layer: ByteLayer(resources: resources),
                resources: resources,
                limits: Limits()
            )
        )
        try channel.pipeline.syncOperations.addHandlers([socket, pipeline])
        pipeline.send(400)
        let held = socket.held.map(\.buffer.storageCapacity)
        #expect(held.count == 400)
        #expect(held.reduce(0, +) <= LoopResources.plaintextCapacity + 400 * 256)
        #expect(socket.held.reduce(0) { $0 + $1.buffer.readableBytes } == 400 * 150)
        // Once everything was taken, records go out as they were written.
        socket.goOn()
        pipeline.send(2)
        socket.isStalled = true
        pipeline.send(1)
        #expect(socket.held.map(\.buffer.storageCapacity) == [LoopResources.plaintextCapacity])
    }
}
