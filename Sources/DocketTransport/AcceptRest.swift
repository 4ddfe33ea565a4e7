internal import DocketRPC
internal import Glibc
internal import NIOCore

/// Rests from accepting connections while the system has no room for one more.
///
/// A listener that fails to accept stays readable, so it would be asked again at once, thousands of
/// times a second. (NIO's `AcceptBackoffHandler` delays the next read alone; where the first accept
/// of a read fails, that read goes on.) What waits meanwhile stays in the kernel's line.
///
/// Confined to the listener's event loop.
final class AcceptRest: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    /// How long a rest is: files are closed and connections end within seconds.
    static let time = TimeAmount.seconds(1)

    private let tally: Tally

    /// Tells the tally of every rest.
    init(tally: Tally) {
        self.tally = tally
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? IOError, Self.isShortage(error.errnoCode) else {
            return context.fireErrorCaught(error)
        }
        tally.add(.limit(.descriptors))
        setAccepting(false, context.channel)
        let channel = context.channel
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.time) {
            self.setAccepting(true, channel)
        }
    }

    private func setAccepting(_ isOn: Bool, _ channel: any Channel) {
        // The option exists on every listener; a closed one has no use for it.
        try? channel.syncOptions?.setOption(.autoRead, value: isOn)
    }

    /// Whether a later attempt may succeed, since nothing is wrong but that something ran out.
    static func isShortage(_ number: CInt) -> Bool {
        [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(number)
    }
}
