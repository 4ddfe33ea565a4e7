import DocketTestSupport
import Foundation
import NIOCore
import Testing

@testable import DocketWire

/// One exchange of the golden vectors.
struct Vector: CustomTestStringConvertible {
    let name: String
    let client: ByteBuffer?
    let server: ByteBuffer?

    var testDescription: String { name }

    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Protocol/vectors")

    init(name: String) {
        self.name = name
        client = Self.bytes(of: "\(name).client.hex")
        server = Self.bytes(of: "\(name).server.hex")
    }

    /// All vectors whose names begin so, by name.
    static func named(_ prefixes: [String], except exceptions: [String] = []) -> [Vector] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
        let names = Set(
            files.filter { $0.hasSuffix(".hex") }.map { String($0.prefix { $0 != "." }) }
        )
        return names.filter { name in
            prefixes.contains { name.hasPrefix($0) } && !exceptions.contains { name.hasPrefix($0) }
        }
        .sorted().map(Vector.init)
    }

    private static func bytes(of file: String) -> ByteBuffer? {
        guard let text = try? String(contentsOf: folder.appending(path: file), encoding: .utf8)
        else {
            return nil
        }
        let digits = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.joined()
            .filter(\.isHexDigit).compactMap(\.hexDigitValue)
        return ByteBuffer(
            bytes: stride(from: 0, to: digits.count, by: 2).map {
                UInt8(digits[$0] << 4 | digits[$0 + 1])
            }
        )
    }
}

/// The frames of some bytes, and why they end early.
private func frames(
    of pieces: [ByteBuffer]
) -> (frames: [Frame], error: ProtocolViolation?, withinFrame: Bool) {
    var decoder = FrameDecoder(maximumPayload: 16_376, isGreeted: true)
    var frames: [Frame] = []
    do throws(ProtocolViolation) {
        for piece in pieces {
            decoder.append(piece)
            while let frame = try decoder.next() { frames.append(frame) }
        }
    } catch {
        return (frames, error, false)
    }
    return (frames, nil, decoder.isWithinFrame)
}

private func frames(of bytes: ByteBuffer?) -> [Frame] {
    bytes.map { frames(of: [$0]).frames } ?? []
}

private let pairs = [
    "unary", "fragments", "server_stream", "cancel", "resume", "drain", "hello", "status_",
]

@Suite("Golden vectors")
struct VectorTests {
    @Test(
        "Every file decodes alike however it is cut, and its frames encode to its bytes",
        arguments: Vector.named([""])
    )
    func codec(vector: Vector) {
        var random = SeededRandom()
        for bytes in [vector.client, vector.server].compactMap(\.self) {
            let whole = frames(of: [bytes])
            for pieces in [bytes.cut(into: 1), bytes.cut(with: &random), bytes.cut(with: &random)] {
                let cut = frames(of: pieces)
                #expect(cut.frames == whole.frames, "\(random.replay)")
                #expect(cut.error == whole.error, "\(random.replay)")
                #expect(cut.withinFrame == whole.withinFrame, "\(random.replay)")
            }
            let again = Array(encoded(whole.frames).readableBytesView)
            #expect(Array(bytes.readableBytesView).starts(with: again))
            if whole.error == nil, !whole.withinFrame, !vector.name.hasSuffix("_ignorable") {
                #expect(again.count == bytes.readableBytes)
            }
        }
    }

    @Test("The vectors are there")
    func presence() {
        #expect(Vector.named([""]).count >= 60)
    }

    @Test(
        "Heads, HELLOs and GOAWAYs are read and written as in the vectors",
        arguments: Vector.named([""], except: ["error_", "status_"])
    )
    func payloads(vector: Vector) throws {
        for (bytes, sender) in [(vector.client, Greeting.Sender.client), (vector.server, .server)] {
            for frame in frames(of: bytes) {
                switch frame.kind {
                case .hello: _ = try Greeting(payload: frame.payload, from: sender)
                case .goAway:
                    var written = ByteBuffer()
                    written.writeFrame(try GoAway(payload: frame.payload))
                    #expect(written == encoded([frame]))
                case .open:
                    let open = try OpenPayload(payload: frame.payload)
                    let again = Frame.open(
                        frame.stream.rawValue,
                        message: open.message,
                        frame.flags,
                        head: try open.head.get().bytes
                    )
                    #expect(again == frame)
                case .message, .status, .cancel, .credit, .streams, .ping, .pong, .fin: break
                }
            }
        }
    }

    @Test(
        "A server answers every broken rule with the vector's code and last id",
        arguments: Vector.named(["error_"], except: ["error_server_"])
    )
    func serverErrors(vector: Vector) throws {
        let last = try #require(frames(of: vector.server).last)
        let expected = try GoAway(payload: last.payload)
        let server = VectorServer()
        server.tokenIsGood = vector.name != "error_token_refused"
        server.feed(try #require(vector.client))
        if server.end == nil { server.wait() }
        #expect(server.end?.code == expected.code)
        #expect(server.end?.lastStream == expected.lastStream)
    }

    @Test(
        "A client answers every broken rule with the vector's code",
        arguments: Vector.named(["error_server_"])
    )
    func clientErrors(vector: Vector) throws {
        let sent = frames(of: vector.client)
        let expected = try GoAway(payload: try #require(sent.last).payload)
        let client = try VectorClient(greeting: try #require(sent.first))
        client.consumes = false
        for frame in sent where frame.kind == .open { try client.perform(frame) }
        client.feed(try #require(vector.server))
        #expect(client.end?.code == expected.code)
        #expect(client.end?.lastStream == expected.lastStream)
    }

    @Test("A server's machine plays the server of every exchange", arguments: Vector.named(pairs))
    func serverPlays(vector: Vector) throws {
        let server = VectorServer()
        var toFeed = frames(of: vector.client)[...]
        for frame in frames(of: vector.server).dropFirst() {
            while server.perform(frame) == false {
                let next = toFeed.popFirst()
                server.feed(encoded([try #require(next, "\(frame) is never allowed")]))
            }
        }
        server.feed(encoded(Array(toFeed)))
        #expect(server.end == nil)
    }

    @Test("A client's machine plays the client of every exchange", arguments: Vector.named(pairs))
    func clientPlays(vector: Vector) throws {
        let said = frames(of: vector.client)
        let client = try VectorClient(greeting: try #require(said.first))
        var toFeed = frames(of: vector.server)[...]
        for frame in said.dropFirst() where frame.kind != .credit {
            while try client.perform(frame) == false {
                let next = toFeed.popFirst()
                client.feed(encoded([try #require(next, "\(frame) is never allowed")]))
            }
        }
        client.feed(encoded(Array(toFeed)))
        #expect(client.end == nil)
        #expect(client.credits == said.filter { $0.kind == .credit })
    }
}

/// A server's machine that is fed a vector.
private final class VectorServer {
    private let probe = ServerProbe()
    private var decoder = FrameDecoder(maximumPayload: Limits().maximumFrame)
    private var granted: UInt32?
    var tokenIsGood = true
    private(set) var end: GoAway?

    func feed(_ bytes: ByteBuffer) {
        decoder.append(bytes)
        do throws(ProtocolViolation) {
            while end == nil, let frame = try decoder.next() { take(probe.receive(frame)) }
        } catch {
            end = probe.machine.fail(error)
        }
        probe.machine.receivedBytes(at: probe.now, decoder.settle())
    }

    private func take(_ action: ServerConnectionMachine.OnFrame) {
        switch action {
        case .close(let goAway): end = goAway
        case .decide(let greeting) where !tokenIsGood && !greeting.token.isEmpty:
            end = probe.machine.close(code: .authenticationFailed, text: "")
        case .decide(let greeting):
            granted = probe.machine.decided(signedIn: !greeting.token.isEmpty)
        default: break
        }
    }

    /// Lets time pass until the machine ends the connection, for a minute at most.
    func wait() {
        for _ in 0..<60 where end == nil {
            if case .close(let goAway) = probe.tick(after: .seconds(1)) { end = goAway }
        }
    }

    /// Says what the vector's server says; false when the machine does not allow it yet.
    func perform(_ frame: Frame) -> Bool {
        let ends = frame.flags.contains(.end)
        switch frame.kind {
        case .message:
            let length = frame.payload.readableBytes
            guard probe.machine.send(length: length, on: frame.stream, ends: ends) == .write else {
                return false
            }
            if ends { _ = probe.machine.handlerFinished(frame.stream) }
            return true
        case .status:
            return probe.machine.sendStatus(frame.payload, on: frame.stream, isSuccess: false)
                == .write
        case .streams: return granted.map { Frame.streams($0) == frame } ?? false
        case .goAway:
            let goAway = try? GoAway(payload: frame.payload)
            return probe.machine.drain(at: probe.now, retryAfterMilliseconds: 0)?.lastStream
                == goAway?.lastStream
        default: return true
        }
    }
}

/// A client's machine that is fed a vector.
private final class VectorClient {
    private let probe: ClientProbe
    private var decoder = FrameDecoder(maximumPayload: Limits().maximumFrame)
    private(set) var end: GoAway?
    private(set) var credits: [Frame] = []
    var consumes = true

    init(greeting: Frame) throws {
        var limits = Limits()
        limits.streamCredit = try Greeting(payload: greeting.payload, from: .client).streamCredit
        probe = ClientProbe(limits)
    }

    func feed(_ bytes: ByteBuffer) {
        decoder.append(bytes)
        do throws(ProtocolViolation) {
            while end == nil, let frame = try decoder.next() { take(probe.receive(frame)) }
        } catch {
            end = probe.machine.fail(error)
        }
    }

    private func take(_ action: ClientConnectionMachine.OnFrame) {
        switch action {
        case .close(let goAway): end = goAway
        case .credit(let id, let units): credits.append(.credit(id.rawValue, units))
        case .message(let id, let message, false) where consumes:
            guard let units = probe.machine.consumed(cost: message.cost, on: id) else { return }
            credits.append(.credit(id.rawValue, units))
        default: break
        }
    }

    /// Says what the vector's client says; false when the machine does not allow it yet.
    @discardableResult
    func perform(_ frame: Frame) throws -> Bool {
        let ends = frame.flags.contains(.end)
        switch frame.kind {
        case .open:
            let open = try OpenPayload(payload: frame.payload)
            let messageLength = open.message?.readableBytes
            let headLength = frame.payload.readableBytes - 2 - (messageLength ?? 0)
            return probe.machine.open(
                headLength: headLength,
                messageLength: messageLength,
                ends: ends
            )
                == .write(frame.stream, withMessage: messageLength != nil)
        case .message:
            return probe.machine.send(
                length: frame.payload.readableBytes,
                on: frame.stream,
                ends: ends
            )
                == .write
        case .fin: return probe.machine.end(frame.stream) == .write
        case .cancel: return probe.machine.cancel(frame.stream)
        default: return true
        }
    }
}
