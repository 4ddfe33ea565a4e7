import DocketTestSupport
import NIOCore
import Testing

@testable import DocketWire

/// Feeds what each side sends in the golden vectors to the machine of the other, damaged.
///
/// What is expected is little, and that is the point: the machine is still there, it has ended or
/// goes on, and the same bytes lead to the same end however they were cut. Under a sanitizer
/// (`make soak`) the tests also say that nothing was read or written beside the bytes.
@Suite("Damaged frames")
struct DamagedFrameTests {
    /// How a machine left a sequence of bytes.
    private enum Ending: Equatable {
        case open
        case closed(GoAwayCode)
    }

    @Test("A server ends alike, or goes on, however its client's damaged bytes are cut")
    func server() {
        var random = SeededRandom()
        for bytes in Vector.named([""]).compactMap(\.client) {
            for _ in 0..<SeededRandom.rounds(4) {
                let damaged = ByteBuffer(bytes: random.damaged(Array(bytes.readableBytesView)))
                let whole = endOfServer(fed: [damaged])
                #expect(endOfServer(fed: damaged.cut(with: &random)) == whole, "\(random.replay)")
                #expect(endOfServer(fed: damaged.cut(into: 1)) == whole, "\(random.replay)")
            }
        }
    }

    @Test("A client ends alike, or goes on, however its server's damaged bytes are cut")
    func client() {
        var random = SeededRandom()
        for bytes in Vector.named([""]).compactMap(\.server) {
            for _ in 0..<SeededRandom.rounds(4) {
                let damaged = ByteBuffer(bytes: random.damaged(Array(bytes.readableBytesView)))
                let whole = endOfClient(fed: [damaged])
                #expect(endOfClient(fed: damaged.cut(with: &random)) == whole, "\(random.replay)")
                #expect(endOfClient(fed: damaged.cut(into: 1)) == whole, "\(random.replay)")
            }
        }
    }

    private func endOfServer(fed pieces: [ByteBuffer]) -> Ending {
        let server = ServerProbe()
        return end(of: pieces) { frame in
            switch server.receive(frame) {
            case .close(let goAway): return goAway.code
            case .decide: _ = server.machine.decided(signedIn: true)
            case .open(let call): _ = server.finish(call.stream.rawValue)
            default: break
            }
            _ = server.drainFrames()
            return nil
        }
    }

    private func endOfClient(fed pieces: [ByteBuffer]) -> Ending {
        let client = ClientProbe()
        _ = client.open(message: 1, ends: true)
        return end(of: pieces) { frame in
            switch client.receive(frame) {
            case .close(let goAway), .ended(let goAway): return goAway.code
            default: break
            }
            _ = client.drainFrames()
            return nil
        }
    }

    /// Decodes the pieces and hands each frame on until one ends the connection.
    private func end(of pieces: [ByteBuffer], _ receive: (Frame) -> GoAwayCode?) -> Ending {
        var decoder = FrameDecoder(maximumPayload: Limits().maximumFrame)
        do throws(ProtocolViolation) {
            for piece in pieces {
                decoder.append(piece)
                while let frame = try decoder.next() {
                    if let code = receive(frame) { return .closed(code) }
                }
                decoder.settle()
            }
            return .open
        } catch {
            return .closed(error.code)
        }
    }
}
