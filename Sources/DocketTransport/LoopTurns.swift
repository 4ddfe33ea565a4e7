internal import Glibc
internal import NIOCore
internal import NIOPosix

/// Puts work off until an event loop has looked at its sockets again.
///
/// What is given to a loop with `execute` runs before the loop looks at its sockets, and so does
/// whatever that gives to it in turn: work that goes on by itself would keep every other connection
/// of the loop waiting. A timer is no better, since it may be due before the loop is done with its
/// tasks. So the loop has a pipe to itself: what it writes there it meets among what its sockets
/// bring.
///
/// Confined to its event loop. That is why it may claim to be Sendable.
final class LoopTurns: @unchecked Sendable {
    /// The pipe, which is made when it is first needed.
    private enum Pipe {
        case unmade
        case opening
        case open(any Channel)
        /// There are no more descriptors, or the loop is none with sockets.
        case unavailable
    }

    /// How long work waits while there is no pipe.
    private static let pause = TimeAmount.milliseconds(1)

    private static let nudge = ByteBuffer(integer: UInt8(0))

    private let eventLoop: any EventLoop
    private var waiting: [() -> Void] = []
    private var pipe = Pipe.unmade

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    deinit {
        if case .open(let channel) = pipe { channel.close(promise: nil) }
    }

    /// Does something once the loop has looked at its sockets.
    func afterSockets(_ work: @escaping () -> Void) {
        waiting.append(work)
        guard waiting.count == 1 else { return }
        switch pipe {
        case .open(let channel): channel.writeAndFlush(Self.nudge, promise: nil)
        case .unmade:
            makePipe()
            afterPause()
        case .opening, .unavailable: afterPause()
        }
    }

    private func afterPause() {
        _ = eventLoop.assumeIsolated().scheduleTask(in: Self.pause) { self.run() }
    }

    /// Does what was put off before; what that puts off waits for the next look.
    fileprivate func run() {
        let due = waiting
        waiting = []
        for work in due { work() }
    }

    private func makePipe() {
        var ends: [CInt] = [-1, -1]
        guard let bootstrap = NIOPipeBootstrap(validatingGroup: eventLoop),
            unsafe Glibc.pipe(&ends) == 0
        else { return pipe = .unavailable }
        let (input, output) = (ends[0], ends[1])
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        pipe = .opening
        bootstrap
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(NudgeHandler(turns: self))
                }
            }
            .takingOwnershipOfDescriptors(input: input, output: output)
            .assumeIsolated()
            .whenComplete { outcome in
                switch outcome {
                case .success(let channel): self.pipe = .open(channel)
                case .failure:
                    self.pipe = .unavailable
                    close(input)
                    close(output)
                }
            }
    }
}

/// Has work done that was put off.
private final class NudgeHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// Whose deinitializer closes the pipe.
    private weak var turns: LoopTurns?

    init(turns: LoopTurns) {
        self.turns = turns
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        turns?.run()
    }
}
