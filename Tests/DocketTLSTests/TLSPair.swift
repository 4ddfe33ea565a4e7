import DocketCrypto
import DocketTestSupport

@testable import DocketTLS

/// One side of a connection, with what it has received and how it stands.
final class TLSEnd {
    var session: TLSSession
    /// All plaintext received so far.
    var received: [UInt8] = []
    /// All receipts, in order.
    var receipts: [TLSReceipt] = []
    /// The room for plaintext in each call.
    var capacity = 64 * 1024
    /// The reading of the clock.
    var now = Duration.zero

    init(_ session: consuming TLSSession) {
        self.session = session
    }

    /// What a socket gives at most in one read.
    static let readLimit = 64 * 1024

    /// Gives ciphertext to the session in the portions of a socket, and takes all plaintext.
    func receive(_ ciphertext: [UInt8]) {
        var rest = ciphertext[...]
        repeat {
            var receipt = step(Array(rest.prefix(Self.readLimit)))
            rest = rest.dropFirst(Self.readLimit)
            while receipt.ending == .outputFull {
                receipt = step([])
            }
        } while !rest.isEmpty
    }

    /// Whether exactly these bytes were received.
    ///
    /// Said as a truth value, since Swift Testing takes minutes to describe the difference of two
    /// long arrays.
    func hasReceived(_ bytes: [UInt8]) -> Bool {
        received == bytes
    }

    /// Gives ciphertext to the session, once.
    @discardableResult
    func step(_ ciphertext: [UInt8]) -> TLSReceipt {
        let output = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 1)
        defer { output.deallocate() }
        var span = OutputRawSpan(buffer: output, initializedCount: 0)
        let receipt = session.receive(ciphertext.span.bytes, into: &span, at: now)
        let count = span.finalize(for: output)
        precondition(count == receipt.plaintextCount)
        received += output[..<count]
        receipts.append(receipt)
        return receipt
    }

    /// Takes what the session wants to send, in portions of `portion` bytes.
    func take(portion: Int = 16 * 1024) -> [UInt8] {
        var taken: [UInt8] = []
        while session.pendingCiphertextCount > 0 {
            let output = UnsafeMutableRawBufferPointer.allocate(byteCount: portion, alignment: 1)
            defer { output.deallocate() }
            var span = OutputRawSpan(buffer: output, initializedCount: 0)
            session.takeCiphertext(into: &span)
            let count = span.finalize(for: output)
            taken += output[..<count]
        }
        return taken
    }

    func write(_ plaintext: [UInt8]) throws {
        try session.write(plaintext.span.bytes)
    }

    /// The error the session ended with.
    var error: TLSError? {
        if case .failed(let error) = session.state { error } else { nil }
    }

    var completedHandshakes: Int {
        receipts.count { $0.completedHandshake }
    }
}

/// A client and a server whose bytes a test carries from one to the other.
struct TLSPair {
    let client: TLSEnd
    let server: TLSEnd

    init(client: TLSClientContext, server: TLSServerContext, name: String = "desk.example") throws {
        self.client = TLSEnd(try TLSSession(client: client, name: try TLSServerName(name)))
        self.server = TLSEnd(try TLSSession(server: server))
    }

    /// Carries bytes both ways, cut by `chop`, until neither side has anything to say.
    func exchange(chop: (([UInt8]) -> [[UInt8]])? = nil) {
        while true {
            let toServer = client.take()
            for piece in chop?(toServer) ?? [toServer] where !piece.isEmpty {
                server.receive(piece)
            }
            let toClient = server.take()
            for piece in chop?(toClient) ?? [toClient] where !piece.isEmpty {
                client.receive(piece)
            }
            if toServer.isEmpty, toClient.isEmpty { return }
        }
    }
}

/// The bytes one at a time.
func bytewise(_ bytes: [UInt8]) -> [[UInt8]] {
    bytes.map { [$0] }
}

extension [UInt8] {
    /// The bytes in portions of a length; the last may be shorter.
    func split(every count: Int) -> [[UInt8]] {
        stride(from: 0, to: self.count, by: count).map { start in
            Array(self[start..<Swift.min(start + count, self.count)])
        }
    }
}
