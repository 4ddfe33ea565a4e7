import DocketTransport
import DocketWire
import Glibc
import NIOCore

/// A client's Unix socket without an event loop: what it is given is in the server's socket when
/// `send` returns, whatever runs meanwhile.
final class BlockingSocket: Sendable {
    private let descriptor: CInt

    init(to server: TransportAddress) throws {
        guard case .unix(let path) = server else { throw NeverHappened() }
        descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let status = withUnsafeBytes(of: &address) { bytes in
            connect(
                descriptor,
                bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                socklen_t(bytes.count)
            )
        }
        guard status == 0 else { throw NeverHappened() }
    }

    deinit {
        close(descriptor)
    }

    func send(_ frames: Frame...) {
        var bytes = ByteBuffer()
        for frame in frames { bytes.writeFrame(frame) }
        bytes.withUnsafeReadableBytes { bytes in
            let sent = write(descriptor, bytes.baseAddress, bytes.count)
            precondition(sent == bytes.count, "the socket has no room")
        }
    }
}
