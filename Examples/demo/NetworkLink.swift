internal import Dispatch
internal import Foundation
internal import Synchronization

/// A network between a customer's program and the server, which the demo can cut.
final class NetworkLink: Sendable {
    /// How many bytes are carried at once.
    private static let pieceLength = 65_536

    private struct State {
        var isCut = false
        /// The ends that are open now.
        var ends: Set<Int32> = []
    }

    /// The state, which the threads that carry bytes have too.
    private final class Shared: Sendable {
        let content = Mutex(State())
    }

    private let state: Shared
    private let listener: LoopbackListener

    /// A network that leads to a server of this machine.
    init(to port: UInt16) throws {
        let state = Shared()
        self.state = state
        listener = try LoopbackListener { connection in Self.carry(connection, port, state) }
    }

    deinit {
        cut()
        listener.stop()
    }

    /// Where its other end is, as HOST:PORT.
    var place: String { listener.place }

    /// Breaks every connection, and lets no other through.
    func cut() {
        state.content.withLock { state in
            state.isCut = true
            for end in state.ends { shutdown(end, Int32(SHUT_RDWR)) }
        }
    }

    /// Lets connections through again.
    func restore() {
        state.content.withLock { $0.isCut = false }
    }

    /// Carries bytes both ways until one side ends, or the network is cut.
    private static func carry(_ near: Int32, _ port: UInt16, _ state: Shared) {
        guard let far = LoopbackListener.connect(to: port) else { return }
        defer { close(far) }
        let isUp = state.content.withLock { state in
            if !state.isCut { state.ends.formUnion([near, far]) }
            return !state.isCut
        }
        guard isUp else { return }
        let isDone = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            pass(from: far, to: near)
            isDone.signal()
        }
        pass(from: near, to: far)
        isDone.wait()
        // Before they are closed: their numbers may be other sockets' then.
        state.content.withLock { $0.ends.subtract([near, far]) }
    }

    /// Carries bytes one way; its end is the end of both.
    private static func pass(from source: Int32, to target: Int32) {
        var bytes = [UInt8](repeating: 0, count: pieceLength)
        while true {
            let count = unsafe recv(source, &bytes, bytes.count, 0)
            guard count > 0, sendAll(bytes.prefix(count), to: target) else { break }
        }
        for end in [source, target] { shutdown(end, Int32(SHUT_RDWR)) }
    }

    private static func sendAll(_ bytes: ArraySlice<UInt8>, to target: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe send(target, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
