internal import Foundation

/// A port of this machine at which the demo listens.
final class LoopbackListener: Sendable {
    /// How many connections may wait.
    private static let backlog: Int32 = 16

    private let descriptor: Int32
    /// Where it is, as HOST:PORT.
    let place: String

    /// Begins to listen, and serves each connection on a thread of its own.
    ///
    /// - Parameter serve: Serves a connection, which is closed when it returns.
    /// - Throws: What the system has against it.
    init(serve: @escaping @Sendable (Int32) -> Void) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw POSIXError(.EMFILE) }
        var address = Self.address(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        // The pointer is used during the calls only.
        let isBound = unsafe withUnsafeMutablePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(descriptor, address, length) == 0
                    && listen(descriptor, Self.backlog) == 0
                    && getsockname(descriptor, address, &length) == 0
            }
        }
        guard isBound else {
            close(descriptor)
            throw POSIXError(.EADDRINUSE)
        }
        self.descriptor = descriptor
        place = "127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
        Thread.detachNewThread {
            while true {
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0 else { break }
                Thread.detachNewThread {
                    serve(connection)
                    close(connection)
                }
            }
            // Here and not in stop(): the number may be another socket's at once.
            close(descriptor)
        }
    }

    /// Takes no more connections.
    func stop() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// Connects with a port of this machine; nil where nobody listens.
    static func connect(to port: UInt16) -> Int32? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        var address = address(port: port)
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        // The pointer is used during the call only.
        let isConnected = unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe Foundation.connect(descriptor, address, length) == 0
            }
        }
        if isConnected { return descriptor }
        close(descriptor)
        return nil
    }

    private static func address(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = port.bigEndian
        return address
    }
}
