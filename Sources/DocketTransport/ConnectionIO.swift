internal import DocketTLS
internal import DocketWire
internal import NIOCore

/// What a connection's machine does with what its bytes amount to.
protocol FrameConsumer: AnyObject {
    /// Takes a frame. False stops the reading until `ConnectionIO.resume` is called.
    func received(_ frame: Frame, at now: ContinuousClock.Instant) -> Bool
    /// Bytes came; `progress` says where they ended.
    func receivedBytes(at now: ContinuousClock.Instant, _ progress: FrameProgress)
    /// The peer's bytes are no frames.
    func failed(_ violation: ProtocolViolation)
    /// TLS stands: frames may be sent from now on.
    func established()
    /// TLS failed.
    func failed(_ error: TLSError)
    /// The peer sends nothing more, and what it had sent has been taken.
    func ended()
    /// The socket is gone, and what had come through it has been taken.
    ///
    /// Nothing follows.
    func transportClosed()
}

/// What drives a connection: it takes its frames, and its loop's housekeeping looks after it.
protocol ConnectionDriver: FrameConsumer, LoopMember {}

/// Carries frames between a connection's machine and its socket.
///
/// Frames written during one turn of the event loop leave together: in one call of the TLS session,
/// in as few records as may be, and in one write to the socket. Confined to its event loop.
///
/// Whatever ends a connection comes behind the frames that had arrived before it: an announced end,
/// a failure of TLS and a socket that is gone all wait until a paused reader has gone on and taken
/// them.
final class ConnectionIO {
    /// How the peer's bytes end.
    private enum Ending {
        /// In order, or by the end of a socket without TLS.
        case inOrder
        /// By a fault of TLS, such as an end that was not announced.
        case failed(TLSError)
    }

    private let layer: ByteLayer
    private let resources: LoopResources
    private let framesPerTurn: Int
    private var decoder: FrameDecoder
    private var context: ChannelHandlerContext?
    private var outbound = ByteBuffer()
    private var isReading = false
    private var isPaused = false
    private var ending: Ending?
    private var hasEnded = false
    private var isGone = false
    private var isClosing = false
    private var wasEstablished = false
    private var lastBytes = ContinuousClock.now
    private var holdsBuffers = false
    /// Bytes given to the socket's queue since the beginning, and how many of them it had taken
    /// when that was last looked at.
    private var queuedBytes = 0
    private var takenBytes = 0
    private var lastTaken = ContinuousClock.now
    /// Whether the socket has left something lying, so that what follows waits too.
    ///
    /// It then waits in memory of its own size: a buffer of the loop's has room for many records,
    /// and a reader that takes its time would hold one for each.
    private var isBacklogged = false
    private var copies = 0

    /// The machine's driver, for as long as the socket is there: the driver owns this object, so a
    /// longer reference would keep both alive for ever, and a weak one would make every reference
    /// to the driver slow.
    private var driver: (any ConnectionDriver)?

    init(layer: ByteLayer, resources: LoopResources, limits: Limits) {
        self.layer = layer
        self.resources = resources
        framesPerTurn = limits.framesPerTurn
        decoder = FrameDecoder(maximumPayload: limits.maximumFrame)
    }

    // MARK: Life

    /// The socket is there.
    func activate(_ context: ChannelHandlerContext, for driver: any ConnectionDriver) {
        self.context = context
        self.driver = driver
        write(layer.takePending())
        noticeEstablished()
    }

    /// The socket is gone.
    func deactivate() {
        context = nil
        isGone = true
        conclude()
    }

    /// The peer's bytes end here.
    private func end(_ ending: Ending) {
        if self.ending == nil { self.ending = ending }
        conclude()
    }

    /// Tells the driver that its peer or its socket has ended, once nothing that came before waits.
    private func conclude() {
        guard !isPaused || isClosing else { return }
        if let ending, !hasEnded, !isClosing {
            hasEnded = true
            switch ending {
            case .inOrder: driver?.ended()
            case .failed(let error): driver?.failed(error)
            }
        }
        guard isGone else { return }
        isClosing = true
        driver.take()?.transportClosed()
    }

    /// What the handshake settled; nil without TLS or before it.
    var peer: TLSPeer? { layer.peer }

    private func noticeEstablished() {
        guard layer.isEstablished, !wasEstablished else { return }
        wasEstablished = true
        driver?.established()
    }

    // MARK: In

    /// Takes bytes from the socket.
    func read(_ bytes: ByteBuffer, at now: ContinuousClock.Instant) {
        guard !isClosing else { return }
        isReading = true
        lastBytes = now
        holdsBuffers = true
        let outcome = layer.open(bytes, at: now) { plaintext in
            self.noticeEstablished()
            self.decoder.append(plaintext)
            self.decode(at: now)
        }
        noticeEstablished()
        switch outcome {
        case .proceeds: break
        case .ended: end(.inOrder)
        case .failed(let error):
            write(layer.takePending())
            end(.failed(error))
        }
    }

    /// The socket has nothing more in this turn: what was written during the turn leaves.
    func readComplete() {
        isReading = false
        flush()
    }

    /// The socket's end of input.
    func endOfInput() {
        end(layer.receivedEndOfInput().map(Ending.failed) ?? .inOrder)
    }

    /// The socket failed.
    ///
    /// What it had brought is still taken.
    func fail() {
        context?.close(promise: nil)
    }

    private func decode(at now: ContinuousClock.Instant) {
        var count = 0
        do throws(ProtocolViolation) {
            while !isPaused, !isClosing, let frame = try decoder.next() {
                count += 1
                if driver?.received(frame, at: now) == false { pause() }
                if count == framesPerTurn { yieldTurn() }
            }
        } catch {
            driver?.failed(error)
        }
        let progress = decoder.settle()
        driver?.receivedBytes(at: now, isPaused ? .border : progress)
    }

    /// Reads no further until `resume`.
    ///
    /// What has come stays where it is; what comes stays in the socket, so a peer cannot fill
    /// memory meanwhile.
    private func pause() {
        isPaused = true
        setAutoRead(false)
    }

    /// Lets other connections have their turn.
    private func yieldTurn() {
        guard !isPaused else { return }
        pause()
        resources.turns.afterSockets { self.resume() }
    }

    /// Goes on reading.
    func resume() {
        guard isPaused, !isClosing else { return }
        isPaused = false
        isReading = true
        decode(at: .now)
        isReading = false
        flush()
        guard !isPaused else { return }
        setAutoRead(true)
        conclude()
    }

    private func setAutoRead(_ isOn: Bool) {
        // The option exists on every socket channel; a closed one has no use for it.
        try? context?.channel.syncOptions?.setOption(.autoRead, value: isOn)
    }

    // MARK: Out

    /// Writes frames into the connection's buffer; they leave at the end of the turn.
    func write(_ body: (inout ByteBuffer) -> Void) {
        guard !isClosing else { return }
        if outbound.capacity == 0 { outbound = resources.takeBuffer() }
        let wasEmpty = outbound.readableBytes == 0
        body(&outbound)
        if wasEmpty, !isReading, let driver { resources.markDirty(driver) }
    }

    /// Writes frames ahead of those that wait already: the greeting comes before calls that were
    /// begun while TLS was being set up.
    func writeFirst(_ body: (inout ByteBuffer) -> Void) {
        let waiting = outbound
        outbound = ByteBuffer()
        write(body)
        write { $0.writeImmutableBuffer(waiting) }
    }

    /// Bytes of frames that have not been given to the socket yet.
    var waitingBytes: Int { outbound.readableBytes }

    /// Gives what was written to the socket.
    func flush() {
        write(layer.takePending())
        guard outbound.readableBytes > 0, layer.isEstablished else { return }
        let frames = outbound
        outbound = ByteBuffer()
        let sealed = layer.seal(frames)
        let isCopied = isBacklogged
        write(sealed)
        resources.giveBack(consume frames)
        let isTaken = resources.giveBack(consume sealed)
        if !isCopied, !isTaken { isBacklogged = true }
    }

    private func write(_ bytes: ByteBuffer) {
        guard bytes.readableBytes > 0, let context else { return }
        queuedBytes += bytes.readableBytes
        guard isBacklogged else { return context.writeAndFlush(NIOAny(bytes), promise: nil) }
        let copy = ByteBuffer(bytes: bytes.readableBytesView)
        copies += 1
        let number = copies
        context.writeAndFlush(NIOAny(copy)).assumeIsolated().whenComplete { _ in
            if number == self.copies { self.isBacklogged = false }
        }
    }

    /// Sends what waits, says goodbye, and closes once the peer has had time to read it.
    func close() {
        guard !isClosing else { return }
        flush()
        isClosing = true
        outbound = ByteBuffer()
        write(layer.close())
        // Bytes that the peer is still sending would make the kernel reset the connection and take
        // our last words from the peer, so only our half is closed now.
        setAutoRead(true)
        context?.close(mode: .output, promise: nil)
        if let context {
            _ = resources.isolatedLoop.scheduleTask(in: Self.lingerTime) {
                context.close(promise: nil)
            }
        }
        // A socket that went while the token was decided has no more to wait for.
        conclude()
    }

    /// How long a closed connection waits for its peer to close too.
    private static let lingerTime = TimeAmount.seconds(1)

    /// Closes at once, without a word.
    func abort() {
        isClosing = true
        context?.close(promise: nil)
        conclude()
    }

    /// How long the peer has taken no byte although some wait for it; to be asked regularly.
    func stallTime(at now: ContinuousClock.Instant) -> Duration {
        guard queuedBytes > takenBytes else {
            lastTaken = now
            return .zero
        }
        // The option exists on every socket channel; what cannot be asked has no queue.
        let waiting = (try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        if takenBytes != queuedBytes - waiting {
            takenBytes = queuedBytes - waiting
            lastTaken = now
        }
        return waiting > 0 ? now - lastTaken : .zero
    }

    /// Gives memory back once the connection has been quiet for a while.
    func tick(at now: ContinuousClock.Instant) {
        guard holdsBuffers, now - lastBytes > .seconds(Self.quietSeconds) else { return }
        holdsBuffers = false
        layer.releaseIdleBuffers()
    }

    /// How long a connection is quiet before its buffers go.
    private static let quietSeconds = 2
}
