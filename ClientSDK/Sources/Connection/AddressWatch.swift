internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// Tells when this machine gets an address, as the kernel says it on a netlink socket.
///
/// One socket, which is opened when somebody first wants to know, serves the process. Where the
/// kernel gives none, nothing is ever told, and clients wait as long as they would have.
final class AddressWatch: Sendable {
    private struct State {
        var isOpen = false
        var observers: [Int: AsyncStream<Void>.Continuation] = [:]
        var lastNumber = 0
    }

    /// The process's own.
    static let shared = AddressWatch()

    private let state = Mutex(State())

    /// The changes from now on, for one reader; a slow one is told several as one.
    var changes: AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Void.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        let (number, isFirst) = state.withLock { state in
            defer { state.isOpen = true }
            state.lastNumber += 1
            state.observers[state.lastNumber] = continuation
            return (state.lastNumber, !state.isOpen)
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.observers.removeValue(forKey: number) }
        }
        if isFirst { listen() }
        return stream
    }

    /// Tells everybody that the machine has got an address.
    private func tell() {
        for observer in state.withLock({ $0.observers.inOrder }) { observer.yield() }
    }

    private func listen() {
        guard let descriptor = Self.socket() else { return }
        NIOPipeBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let reader = NoticeReader { self.tell() }
                    try channel.pipeline.syncOperations.addHandler(reader)
                }
            }
            .takingOwnershipOfDescriptor(input: descriptor)
            .whenFailure { _ in close(descriptor) }
    }

    /// A socket on which the kernel tells of addresses; nil where there is none.
    private static func socket() -> CInt? {
        let kind = CInt(SOCK_RAW.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        let descriptor = Glibc.socket(AF_NETLINK, kind, AddressNotice.routing)
        guard descriptor >= 0 else { return nil }
        // What came while nobody read is no error, but one more change.
        var isQuiet: CInt = 1
        let length = socklen_t(MemoryLayout<CInt>.size)
        _ = unsafe setsockopt(
            descriptor,
            AddressNotice.level,
            AddressNotice.noOverflow,
            &isQuiet,
            length
        )
        // `struct sockaddr_nl`: the family, two unused bytes, no port, the groups.
        var address = (UInt16(AF_NETLINK), UInt16(0), UInt32(0), AddressNotice.groups)
        let isBound = unsafe withUnsafeBytes(of: &address) { bytes in
            guard let address = bytes.baseAddress else { return false }
            let size = socklen_t(bytes.count)
            return unsafe bind(descriptor, address.assumingMemoryBound(to: sockaddr.self), size)
                == 0
        }
        guard isBound else {
            close(descriptor)
            return nil
        }
        return descriptor
    }
}

/// Reads the kernel's notices.
private final class NoticeReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let tell: () -> Void

    init(_ tell: @escaping () -> Void) {
        self.tell = tell
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if AddressNotice.tellsOfNewAddress(unwrapInboundIn(data)) { tell() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Without the socket nothing is told any more, and nothing else depends on it.
        context.close(promise: nil)
    }
}

/// What the kernel says of addresses, as rtnetlink(7) lays it down.
enum AddressNotice {
    /// `NETLINK_ROUTE`: links, addresses and routes.
    static let routing: CInt = 0
    /// `RTMGRP_IPV4_IFADDR` and `RTMGRP_IPV6_IFADDR`.
    static let groups: UInt32 = 0x10 | 0x100
    /// `SOL_NETLINK`.
    static let level: CInt = 270
    /// `NETLINK_NO_ENOBUFS`.
    static let noOverflow: CInt = 5
    /// `RTM_NEWADDR`: also told when the lifetime of an address is set anew.
    private static let newAddress: UInt16 = 20
    /// The size of `struct nlmsghdr`, in bytes.
    private static let headerLength = 16

    /// Whether one of the messages tells of an address that is new or valid for longer.
    ///
    /// What is cut off or makes no sense tells nothing.
    static func tellsOfNewAddress(_ bytes: ByteBuffer) -> Bool {
        var bytes = bytes
        while let length = bytes.getInteger(
            at: bytes.readerIndex,
            endianness: .host,
            as: UInt32.self
        ),
            let type = bytes.getInteger(
                at: bytes.readerIndex + 4,
                endianness: .host,
                as: UInt16.self
            ),
            length >= headerLength, length <= bytes.readableBytes
        {
            if type == newAddress { return true }
            // Every message begins at a multiple of four bytes.
            let padded = (Int(length) + 3) & ~3
            bytes.moveReaderIndex(forwardBy: min(padded, bytes.readableBytes))
        }
        return false
    }
}
