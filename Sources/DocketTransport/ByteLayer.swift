internal import DocketTLS
internal import DocketWire
internal import NIOCore

/// What stands between a connection's frames and its socket: TLS, or nothing on a Unix socket.
///
/// Confined to its connection's event loop.
final class ByteLayer {
    /// What came of bytes from the socket.
    enum Outcome: Equatable {
        /// The connection goes on.
        case proceeds
        /// The peer sends nothing more.
        case ended
        /// TLS failed; an alert may wait to be sent.
        case failed(TLSError)
    }

    /// The TLS session in a class of its own, since an Optional of it cannot be changed in place.
    private final class Secure {
        var session: TLSSession

        init(session: consuming TLSSession) {
            self.session = session
        }
    }

    private let secure: Secure?
    private let resources: LoopResources
    private let origin = ContinuousClock.now
    private(set) var isEstablished: Bool

    /// A layer that leaves the bytes as they are.
    init(resources: LoopResources) {
        self.resources = resources
        secure = nil
        isEstablished = true
    }

    /// A layer of TLS.
    init(resources: LoopResources, session: consuming TLSSession) {
        self.resources = resources
        secure = Secure(session: session)
        isEstablished = false
    }

    /// Opens bytes from the socket and gives what they hold to `deliver`, a buffer at a time.
    func open(
        _ input: ByteBuffer,
        at now: ContinuousClock.Instant,
        deliver: (ByteBuffer) -> Void
    ) -> Outcome {
        guard let secure else {
            deliver(input)
            return .proceeds
        }
        var rest = input
        while true {
            var plaintext = resources.takeBuffer()
            var receipt: TLSReceipt?
            plaintext.writeWithOutputRawSpan(
                minimumWritableBytes: LoopResources.plaintextCapacity
            ) { output in
                receipt = secure.session.receive(
                    rest.readableBytesSpan,
                    into: &output,
                    at: now - origin
                )
            }
            // Clearing it would make new memory, since whoever called still holds the bytes.
            rest = ByteBuffer()
            guard let receipt else { return .proceeds }
            if receipt.completedHandshake { isEstablished = true }
            if plaintext.readableBytes > 0 { deliver(plaintext) }
            resources.giveBack(consume plaintext)
            switch receipt.ending {
            case .outputFull: continue
            case .drained: return .proceeds
            case .closed: return .ended
            case .failed(let error): return .failed(error)
            }
        }
    }

    /// Turns frames into bytes for the socket.
    func seal(_ frames: ByteBuffer) -> ByteBuffer {
        guard let secure else { return frames }
        do {
            try secure.session.write(frames.readableBytesSpan)
        } catch {
            // A session that has failed is closed by the next read; what was to be sent is lost
            // with the connection.
            return ByteBuffer()
        }
        return takePending()
    }

    /// Bytes that TLS itself has to send: its handshake, tickets and alerts.
    func takePending() -> ByteBuffer {
        guard let secure, secure.session.pendingCiphertextCount > 0 else { return ByteBuffer() }
        var output = resources.takeBuffer()
        let count = secure.session.pendingCiphertextCount
        output.writeWithOutputRawSpan(minimumWritableBytes: count) { span in
            secure.session.takeCiphertext(into: &span)
        }
        return output
    }

    /// The socket ended; gives what is wrong with that, if anything.
    func receivedEndOfInput() -> TLSError? {
        secure?.session.receivedEndOfInput()
    }

    /// Says goodbye in TLS' own way; gives the bytes to send.
    func close() -> ByteBuffer {
        guard let secure else { return ByteBuffer() }
        secure.session.close()
        return takePending()
    }

    /// Gives memory back that a quiet connection does not need.
    func releaseIdleBuffers() {
        secure?.session.releaseIdleBuffers()
    }

    /// What the handshake settled; nil without TLS.
    var peer: TLSPeer? {
        secure?.session.peer
    }
}
