import NIOCore
import Testing

@testable import DocketWire

@Suite("Calls at the server")
struct ServerCallTests {
    @Test("A call with its only message is opened with both")
    func unary() {
        let server = ServerProbe(serving: Limits())
        let action = server.receive(.open(1, message: buffer([1, 2]), .end))
        let message = InboundMessage(bytes: buffer([1, 2]), cost: 64)
        #expect(
            action
                == .open(
                    .init(
                        stream: stream(1),
                        head: .success(CallHead(method: 7)),
                        body: .whole(message),
                        ends: true
                    )
                )
        )
        #expect(server.machine.send(length: 10, on: stream(1), ends: true) == .write)
        #expect(server.machine.handlerFinished(stream(1)) == nil)
        #expect(server.machine.streamCount == 0)
    }

    @Test("An OPEN without a message, with a part of one, and with an empty one differ")
    func bodies() {
        let server = ServerProbe(serving: Limits())
        var bodies: [ServerConnectionMachine.OpenedCall.Body] = []
        let frames: [Frame] = [
            .open(1), .open(2, .end), .open(3, message: filled(3), .more),
            .open(4, message: ByteBuffer(), .end),
        ]
        for frame in frames {
            guard case .open(let call) = server.receive(frame) else { continue }
            bodies.append(call.body)
            #expect(call.ends == frame.flags.contains(.end))
        }
        #expect(
            bodies == [
                .absent, .absent, .unfinished,
                .whole(InboundMessage(bytes: ByteBuffer(), cost: 64)),
            ]
        )
    }

    @Test("A head that is malformed or breaks a rule of metadata ends its call alone")
    func badHeads() {
        let server = ServerProbe(serving: Limits())
        var bad = CallHead(method: 1)
        bad.metadata = [.init(key: "Key", value: [])]
        let cases: [(ByteBuffer, CallHead.Fault)] = [
            (buffer([0xff]), .malformed), (bad.bytes, .invalidMetadata),
        ]
        for (index, (bytes, fault)) in cases.enumerated() {
            guard case .open(let call) = server.receive(.open(UInt32(index + 1), .end, head: bytes))
            else {
                Issue.record("not opened")
                return
            }
            #expect(call.head == .failure(fault))
        }
    }

    @Test("A head of 8,192 bytes passes and one more ends the connection")
    func headLimit() {
        let server = ServerProbe(serving: Limits())
        guard case .open = server.receive(.open(1, .end, head: filled(8_192))) else {
            Issue.record("a head of the limit was refused")
            return
        }
        #expect(server.fatal(.open(2, .end, head: filled(8_193))) == .frameTooLarge)
    }

    @Test(
        "An OPEN that does not have its form ends the connection",
        arguments: [
            [], [0], [0x80], [0, 1], [0x80, 5, 1], [0, 0, 9],
        ] as [[UInt8]]
    )
    func malformedOpen(payload: [UInt8]) {
        let server = ServerProbe(serving: Limits())
        let frame = Frame(.open, stream: stream(1), payload: buffer(payload))
        #expect(server.fatal(frame) == .protocolError)
    }

    @Test("MORE without a message and MORE with END end the connection")
    func openFlags() {
        #expect(ServerProbe(serving: Limits()).fatal(.open(1, .more)) == .protocolError)
        #expect(
            ServerProbe(serving: Limits()).fatal(.open(1, message: filled(1), [.more, .end]))
                == .protocolError
        )
    }

    @Test(
        "Ids are dense: a gap, an old id and an id again end the connection",
        arguments: [
            (0, 2), (2, 2), (2, 1), (2, 4),
        ]
    )
    func denseIDs(opened: UInt32, next: UInt32) {
        let server = ServerProbe(serving: Limits())
        for id in 1...(opened + 1) where id <= opened { _ = server.receive(.open(id, .end)) }
        #expect(server.fatal(.open(next, .end)) == .protocolError)
    }

    @Test("8 calls may be opened before sign-in and a ninth ends the connection")
    func limitBeforeSignIn() {
        let server = ServerProbe(serving: Limits(), signedIn: false)
        for id in 1...8 as ClosedRange<UInt32> {
            guard case .open = server.receive(.open(id, .end)) else {
                Issue.record("call \(id) was refused")
                return
            }
        }
        #expect(
            server.receive(.open(9, .end))
                == .close(
                    GoAway(
                        lastStream: stream(8),
                        code: .protocolError,
                        text: "stream 9 is above the granted 8"
                    )
                )
        )
    }

    @Test("Signing in raises the limit to 100, once")
    func limitAfterSignIn() {
        let server = ServerProbe(serving: Limits(), signedIn: false)
        #expect(server.machine.signedIn() == 100)
        #expect(server.machine.signedIn() == nil)
        for id in 1...100 as ClosedRange<UInt32> { _ = server.receive(.open(id, .end)) }
        #expect(server.machine.streamCount == 100)
        #expect(server.fatal(.open(101, .end)) == .protocolError)
    }

    @Test("A token raises the limit as its decision is made")
    func limitWithToken() {
        let server = ServerProbe()
        _ = server.receive(Greeting().frame)
        #expect(server.machine.decided(signedIn: true) == 100)
        #expect(server.machine.decided(signedIn: true) == nil)
    }

    @Test("The limit moves when half of the window is free, and not one call before")
    func halfWindow() {
        let server = ServerProbe(serving: Limits())
        #expect(server.complete(1...49) == [])
        #expect(server.complete(50...50) == [150])
        #expect(server.complete(51...99) == [])
        #expect(server.complete(100...100) == [200])
    }

    @Test("A cancelled call holds its stream until its handler has returned")
    func cancelHoldsStream() {
        let server = ServerProbe(serving: Limits())
        for id in 1...100 as ClosedRange<UInt32> {
            _ = server.receive(.open(id, .end))
            #expect(server.receive(.cancel(id)) == .cancel(stream(id)))
        }
        #expect(server.machine.streamCount == 100)
        #expect(server.machine.streamsToGrant() == nil)
        for id in 1...49 as ClosedRange<UInt32> {
            #expect(server.machine.handlerFinished(stream(id)) == nil)
        }
        #expect(server.machine.handlerFinished(stream(50)) == 150)
    }

    @Test("A call whose last frame waits holds its stream until it has left")
    func waitingFrameHoldsStream() {
        let server = ServerProbe(serving: Limits())
        for id in 1...50 as ClosedRange<UInt32> { _ = server.receive(.open(id, .end)) }
        server.machine.setWritable(false)
        for id in 1...50 as ClosedRange<UInt32> {
            #expect(server.machine.send(length: 1, on: stream(id), ends: true) == .enqueue)
            server.machine.enqueue(filled(1), on: stream(id), ends: true)
            #expect(server.machine.handlerFinished(stream(id)) == nil)
        }
        #expect(server.machine.streamsToGrant() == nil)
        server.machine.setWritable(true)
        #expect(server.drainFrames().count == 50)
        #expect(server.machine.streamsToGrant() == 150)
        #expect(server.machine.streamCount == 0)
    }

    @Test("A handler that has not returned holds its stream though the reply has left")
    func handlerHoldsStream() {
        let server = ServerProbe(serving: Limits())
        _ = server.receive(.open(1, .end))
        #expect(server.machine.send(length: 1, on: stream(1), ends: true) == .write)
        #expect(server.machine.streamCount == 1)
        #expect(server.machine.isOpen(stream(1)) == false)
        _ = server.machine.handlerFinished(stream(1))
        #expect(server.machine.streamCount == 0)
    }

    @Test("Messages come whole, in order, with the end on the last")
    func clientStream() {
        let server = ServerProbe(serving: Limits())
        _ = server.receive(.open(1))
        let first = server.receive(.message(1, buffer([1])))
        let last = server.receive(.message(1, buffer([2]), .end))
        #expect(
            first == .message(stream(1), InboundMessage(bytes: buffer([1]), cost: 64), ends: false)
        )
        #expect(
            last == .message(stream(1), InboundMessage(bytes: buffer([2]), cost: 64), ends: true)
        )
    }

    @Test("Fragments are joined, those in the OPEN too")
    func fragments() {
        let server = ServerProbe(serving: Limits())
        _ = server.receive(.open(1, message: buffer([1]), .more))
        #expect(server.receive(.message(1, ByteBuffer(), .more)) == .nothing)
        #expect(server.receive(.message(1, buffer([2]), .more)) == .nothing)
        let whole = InboundMessage(bytes: buffer([1, 2, 3]), cost: 64)
        #expect(
            server.receive(.message(1, buffer([3]), .end)) == .message(stream(1), whole, ends: true)
        )
    }

    @Test("FIN ends the client's side, and anything after an end is fatal")
    func afterEnd() {
        for frame in [Frame.message(1, filled(1)), .fin(1)] {
            let server = ServerProbe(serving: Limits())
            _ = server.receive(.open(1))
            #expect(server.receive(.fin(1)) == .end(stream(1)))
            #expect(server.fatal(frame) == .protocolError)
            let other = ServerProbe(serving: Limits())
            _ = other.receive(.open(1, message: filled(1), .end))
            #expect(other.fatal(frame) == .protocolError)
        }
    }

    @Test("FIN within a message and FIN with a payload end the connection")
    func badFin() {
        let server = ServerProbe(serving: Limits())
        _ = server.receive(.open(1, message: filled(1), .more))
        #expect(server.fatal(.fin(1)) == .protocolError)
        let other = ServerProbe(serving: Limits())
        _ = other.receive(.open(1))
        #expect(other.fatal(Frame(.fin, stream: stream(1), payload: filled(1))) == .protocolError)
    }

    @Test("CANCEL drops what waits, and nothing is sent after it")
    func cancelDropsOutput() {
        let server = ServerProbe(serving: Limits())
        _ = server.receive(.open(1, .end))
        server.machine.setWritable(false)
        server.machine.enqueue(filled(1), on: stream(1), ends: false)
        #expect(server.receive(.cancel(1)) == .cancel(stream(1)))
        server.machine.setWritable(true)
        #expect(server.machine.nextFrame() == nil)
        #expect(server.machine.send(length: 1, on: stream(1), ends: false) == .drop)
        #expect(server.machine.sendStatus(ByteBuffer(), on: stream(1), isSuccess: false) == .drop)
    }

    @Test("CANCEL after the handler has returned frees the stream at once")
    func cancelAfterHandler() {
        let server = ServerProbe(serving: Limits())
        _ = server.receive(.open(1, .end))
        server.machine.setWritable(false)
        _ = server.machine.sendStatus(ByteBuffer(), on: stream(1), isSuccess: true)
        _ = server.machine.handlerFinished(stream(1))
        #expect(server.receive(.cancel(1)) == .flush)
        #expect(server.machine.streamCount == 0)
    }

    @Test("CANCEL after a refused message still cancels")
    func cancelAfterRefusal() {
        var limits = Limits()
        limits.maximumMessage = 1_024
        let server = ServerProbe(serving: limits)
        _ = server.receive(.open(1, message: filled(1_025)))
        #expect(server.receive(.cancel(1)) == .cancel(stream(1)))
        #expect(server.machine.sendStatus(ByteBuffer(), on: stream(1), isSuccess: false) == .drop)
    }

    @Test("A status that is an error takes the place of messages that wait")
    func errorReplaces() {
        let server = ServerProbe(serving: Limits())
        _ = server.receive(.open(1, .end))
        server.machine.setWritable(false)
        server.machine.enqueue(filled(3), on: stream(1), ends: false)
        #expect(
            server.machine.sendStatus(buffer([8, 13]), on: stream(1), isSuccess: false) == .enqueue
        )
        server.machine.setWritable(true)
        #expect(
            server.drainFrames() == [
                .init(kind: .status, flags: [], stream: stream(1), payload: buffer([8, 13]))
            ]
        )
    }

    @Test("A status that says OK follows the messages that wait")
    func successFollows() {
        let server = ServerProbe(serving: Limits())
        _ = server.receive(.open(1, .end))
        server.machine.setWritable(false)
        server.machine.enqueue(filled(3), on: stream(1), ends: false)
        #expect(server.machine.sendStatus(ByteBuffer(), on: stream(1), isSuccess: true) == .enqueue)
        #expect(server.machine.sendStatus(ByteBuffer(), on: stream(1), isSuccess: true) == .drop)
        server.machine.setWritable(true)
        #expect(server.drainFrames().map(\.kind) == [.message, .status])
    }

    @Test("A status leaves without credit, an error even while messages wait for it")
    func statusNeedsNoCredit() {
        var hello = Greeting()
        hello.streamCredit = 4_096
        let server = ServerProbe(serving: Limits(), hello: hello)
        _ = server.receive(.open(1, .end))
        #expect(server.machine.send(length: 4_096, on: stream(1), ends: false) == .write)
        #expect(server.machine.send(length: 1, on: stream(1), ends: false) == .enqueue)
        server.machine.enqueue(filled(1), on: stream(1), ends: false)
        #expect(server.machine.nextFrame() == nil)
        #expect(server.machine.sendStatus(ByteBuffer(), on: stream(1), isSuccess: false) == .write)
        #expect(server.machine.nextFrame() == nil)
    }
}
