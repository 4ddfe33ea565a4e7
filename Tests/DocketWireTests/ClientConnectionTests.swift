import DocketTestSupport
import NIOCore
import Testing

@testable import DocketWire

@Suite("Calls at the client")
struct ClientCallTests {
    @Test("8 calls may be opened before the server's HELLO, and the ninth waits")
    func beforeHello() {
        let client = ClientProbe()
        for id in 1...8 as ClosedRange<UInt32> {
            #expect(client.open(message: 3, ends: true) == .write(stream(id), withMessage: true))
        }
        #expect(client.machine.openable == 0)
        #expect(client.open() == .wait)
        var hello = Greeting()
        hello.firstStreams = 9
        #expect(client.receive(hello.frame) == .greeted(hello))
        #expect(client.open() == .write(stream(9), withMessage: false))
        #expect(client.open() == .wait)
        #expect(client.receive(.streams(10)) == .openWaiting)
        #expect(client.machine.openable == 1)
        #expect(client.open() == .write(stream(10), withMessage: false))
    }

    @Test(
        "A stream that waits for credit goes on when HELLO grants more",
        arguments: [true, false]
    )
    func greetingExtendsCredit(endsWithMessage: Bool) {
        let client = ClientProbe()
        #expect(client.open() == .write(stream(1), withMessage: false))
        #expect(client.machine.send(length: 100_000, on: stream(1), ends: false) == .enqueue)
        client.machine.enqueue(filled(100_000), on: stream(1), ends: endsWithMessage)
        if !endsWithMessage { #expect(client.machine.end(stream(1)) == .enqueue) }
        // Five frames of 16,376 bytes spend the default credit of 65,536.
        let before = client.drainFrames()
        #expect(before.map(\.payload.readableBytes) == Array(repeating: 16_376, count: 5))
        var hello = Greeting()
        hello.streamCredit = 1 << 20
        #expect(client.receive(hello.frame) == .greeted(hello))
        let after = client.drainFrames()
        #expect(after.first?.payload.readableBytes == 16_376)
        #expect(after.reduce(0) { $0 + $1.payload.readableBytes } == 100_000 - 5 * 16_376)
        #expect(after.last?.kind == (endsWithMessage ? .message : .fin))
        let isWaiting = client.machine.hasWaiting(stream(1))
        #expect(!isWaiting)
    }

    @Test("A limit that is not higher is ignored")
    func lowerLimit() {
        let client = ClientProbe(open: Limits())
        #expect(client.receive(.streams(100)) == .nothing)
        #expect(client.receive(.streams(1)) == .nothing)
        #expect(client.machine.openable == 100)
    }

    @Test("A message that fits the OPEN goes with it and a longer one follows")
    func openingMessage() {
        var hello = Greeting()
        hello.maximumFrame = 1_024
        let client = ClientProbe(open: Limits(), hello: hello)
        #expect(client.open(message: 1_017, ends: true) == .write(stream(1), withMessage: true))
        #expect(client.machine.send(length: 1, on: stream(1), ends: false) == .drop)
        #expect(client.open(message: 1_018, ends: true) == .write(stream(2), withMessage: false))
        #expect(client.machine.send(length: 1_018, on: stream(2), ends: true) == .write)
        #expect(client.open(message: 2_000, ends: true) == .write(stream(3), withMessage: false))
        #expect(client.machine.send(length: 2_000, on: stream(3), ends: true) == .enqueue)
        client.machine.enqueue(filled(2_000), on: stream(3), ends: true)
        #expect(client.drainFrames().map(\.flags) == [.more, .end])
    }

    @Test("An OPEN that says the end without a message ends the client's side")
    func openingEnd() {
        let client = ClientProbe(open: Limits())
        #expect(client.open(ends: true) == .write(stream(1), withMessage: false))
        #expect(client.machine.end(stream(1)) == .drop)
    }

    @Test("What is longer than the server accepts is told before anything is sent")
    func tooLarge() {
        var hello = Greeting()
        (hello.maximumMessage, hello.maximumFrame) = (1_024, 1_024)
        let client = ClientProbe(open: Limits(), hello: hello)
        #expect(client.open(message: 1_025) == .tooLarge)
        #expect(client.machine.open(headLength: 1_023, messageLength: nil, ends: true) == .tooLarge)
        #expect(
            client.machine.open(headLength: 1_022, messageLength: nil, ends: false)
                == .write(stream(1), withMessage: false)
        )
        #expect(client.machine.send(length: 1_025, on: stream(1), ends: false) == .tooLarge)
        #expect(client.machine.send(length: 1_024, on: stream(1), ends: false) == .write)
        #expect(client.machine.send(length: 1_025, on: stream(2), ends: false) == .drop)
        let other = ClientProbe(open: Limits())
        #expect(other.machine.open(headLength: 8_193, messageLength: nil, ends: true) == .tooLarge)
    }

    @Test("FIN follows messages that wait")
    func fin() {
        let client = ClientProbe(open: Limits())
        _ = client.open()
        client.machine.setWritable(false)
        #expect(client.open() == .wait)
        client.machine.enqueue(filled(1), on: stream(1), ends: false)
        #expect(client.machine.end(stream(1)) == .enqueue)
        #expect(client.machine.end(stream(1)) == .drop)
        client.machine.setWritable(true)
        #expect(client.drainFrames().map(\.kind) == [.message, .fin])
        _ = client.open()
        #expect(client.machine.end(stream(2)) == .write)
    }

    @Test("A reply, a status and a cancel each end a call once")
    func ends() {
        let client = ClientProbe(open: Limits())
        for _ in 0..<3 { _ = client.open(ends: true) }
        let whole = InboundMessage(bytes: filled(2), cost: 64)
        #expect(
            client.receive(.message(1, filled(2), .end)) == .message(stream(1), whole, ends: true)
        )
        #expect(client.receive(.status(2, buffer([8, 5]))) == .status(stream(2), buffer([8, 5])))
        #expect(client.machine.cancel(stream(3)) == true)
        #expect(client.machine.streamCount == 0)
        for id in 1...3 as ClosedRange<UInt32> {
            #expect(client.receive(.message(id, filled(1))) == .nothing)
            #expect(client.receive(.status(id)) == .nothing)
            #expect(client.receive(.credit(id, 1)) == .nothing)
            #expect(client.machine.cancel(stream(id)) == false)
        }
    }

    @Test("A server ends a call within a message, whose part is void")
    func statusWithinMessage() {
        var limits = Limits()
        limits.unfinishedMessages = 100
        let client = ClientProbe(open: limits)
        for _ in 0..<2 { _ = client.open(ends: true) }
        _ = client.receive(.message(1, filled(100), .more))
        #expect(client.receive(.status(1)) == .status(stream(1), ByteBuffer()))
        #expect(client.receive(.message(2, filled(100), .more)) == .nothing)
    }

    @Test("A reply over the limit or the budget is refused and its stream is gone")
    func refusal() {
        var limits = Limits()
        (limits.maximumMessage, limits.unfinishedMessages) = (1_024, 2_000)
        let client = ClientProbe(open: limits)
        for _ in 0..<4 { _ = client.open(ends: true) }
        #expect(
            client.receive(.message(1, filled(1_025), .end)) == .refuseMessage(stream(1), .tooLarge)
        )
        _ = client.receive(.message(2, filled(1_000), .more))
        _ = client.receive(.message(3, filled(1_000), .more))
        #expect(
            client.receive(.message(4, filled(1), .more))
                == .refuseMessage(stream(4), .tooManyUnfinishedBytes)
        )
        #expect(client.machine.streamCount == 2)
    }

    @Test("A server that sends without credit ends the connection")
    func creditSpent() {
        var limits = Limits()
        limits.streamCredit = 4_096
        let client = ClientProbe(open: limits)
        _ = client.open(ends: true)
        for _ in 0..<64 { _ = client.receive(.message(1, ByteBuffer())) }
        #expect(client.fatal(.message(1, ByteBuffer())) == .flowControlError)
    }

    @Test("Consumed replies are credited by half a window")
    func credit() {
        var limits = Limits()
        limits.streamCredit = 4_096
        let client = ClientProbe(open: limits)
        _ = client.open(ends: true)
        #expect(client.machine.consumed(cost: 2_047, on: stream(1)) == nil)
        #expect(client.machine.consumed(cost: 64, on: stream(1)) == 2_111)
        #expect(client.machine.consumed(cost: 4_096, on: stream(2)) == nil)
    }

    @Test("A server's larger window counts for calls opened before its HELLO")
    func largerWindow() {
        let client = ClientProbe()
        _ = client.open()
        for _ in 0..<4 {
            #expect(client.machine.send(length: 16_376, on: stream(1), ends: false) == .write)
        }
        #expect(client.machine.send(length: 16_376, on: stream(1), ends: false) == .write)
        #expect(client.machine.send(length: 1, on: stream(1), ends: false) == .enqueue)
        client.machine.enqueue(filled(1), on: stream(1), ends: false)
        var hello = Greeting()
        hello.streamCredit = 1 << 20
        _ = client.receive(hello.frame)
        #expect(client.drainFrames().count == 1)
        #expect(client.machine.send(length: 16_376, on: stream(1), ends: false) == .write)
    }

    @Test("A server that grants less than the defaults is obeyed only by who has sent nothing yet")
    func smallerGrants() {
        let changes: [(inout Greeting) -> Void] = [
            { $0.maximumFrame = 1_024 }, { $0.maximumMessage = 1_024 }, { $0.streamCredit = 4_096 },
        ]
        for change in changes {
            var hello = Greeting()
            change(&hello)
            #expect(ClientProbe().receive(hello.frame) == .greeted(hello))
            let early = ClientProbe()
            _ = early.open(ends: true)
            #expect(early.fatal(hello.frame) == .helloError)
        }
    }

    @Test("Streams take turns, one frame each")
    func fairness() {
        let client = ClientProbe(open: Limits())
        for _ in 0..<2 { _ = client.open() }
        client.machine.setWritable(false)
        for id in 1...2 as ClosedRange<UInt32> {
            client.machine.enqueue(filled(16_376 * 2), on: stream(id), ends: true)
        }
        client.machine.setWritable(true)
        #expect(client.drainFrames().map(\.stream.rawValue) == [1, 2, 1, 2])
    }
}

@Suite("Peers that break the rules, at the client")
struct ClientAbuseTests {
    @Test("Another first frame than HELLO is a HELLO error")
    func firstFrame() {
        for frame in [Frame.streams(100), .ping(1), .goAway(.drain)] {
            #expect(ClientProbe().fatal(frame) == .helloError)
        }
        #expect(ClientProbe(open: Limits()).fatal(Greeting().frame) == .helloError)
    }

    @Test(
        "A kind that never comes from a server ends the connection",
        arguments: [
            Frame.open(1), .fin(1), .cancel(1),
        ]
    )
    func wrongSide(frame: Frame) {
        let client = ClientProbe(open: Limits())
        _ = client.open()
        #expect(client.fatal(frame) == .protocolError)
    }

    @Test(
        "A frame on a stream that never was ends the connection",
        arguments: [
            Frame.message(1, filled(1)), .status(1), .credit(1, 1),
        ]
    )
    func neverOpened(frame: Frame) {
        #expect(ClientProbe(open: Limits()).fatal(frame) == .protocolError)
    }

    @Test(
        "A flag that a kind does not have ends the connection",
        arguments: [
            Frame.status(1), .credit(1, 1), .streams(200), .ping(1), .pong(1), .goAway(.drain),
        ]
    )
    func flags(frame: Frame) {
        for flags in [FrameFlags.end, .more] {
            let client = ClientProbe(open: Limits())
            _ = client.open()
            var frame = frame
            frame.flags = flags
            #expect(client.fatal(frame) == .protocolError)
        }
    }

    @Test("Credit beyond 2,147,483,647 ends the connection")
    func creditOverflow() {
        let client = ClientProbe(open: Limits())
        _ = client.open()
        #expect(client.fatal(.credit(1, 0x7fff_ffff - 65_536)) == nil)
        #expect(client.fatal(.credit(1, 1)) == .flowControlError)
    }
}

@Suite("Time and drain at the client")
struct ClientTimeTests {
    @Test("HELLO may take 3 seconds and no longer")
    func helloTime() {
        let client = ClientProbe()
        #expect(client.tick(after: .seconds(3)) == .nothing)
        guard case .close(let goAway) = client.tick(after: .nanoseconds(1)) else {
            Issue.record("not closed")
            return
        }
        #expect(goAway.code == .timeout)
    }

    @Test("HELLO may take 3 seconds after the handshake, however long that took")
    func helloAfterHandshake() {
        let client = ClientProbe()
        client.now += .seconds(14)
        client.machine.established(at: client.now)
        #expect(client.tick(after: .seconds(3)) == .nothing)
        guard case .close(let goAway) = client.tick(after: .nanoseconds(1)) else {
            Issue.record("not closed")
            return
        }
        #expect(goAway.code == .timeout)
    }

    @Test("Silence asks for a sign of life twice, an interval apart, and then ends the connection")
    func keepalive() {
        let client = ClientProbe(open: Limits())
        #expect(client.tick(after: .seconds(30)) == .nothing)
        #expect(client.tick(after: .seconds(1)) == .ping(1))
        #expect(client.tick(after: .seconds(29)) == .nothing)
        #expect(client.tick(after: .seconds(1)) == .ping(2))
        #expect(client.tick(after: .seconds(29)) == .nothing)
        guard case .close(let goAway) = client.tick(after: .seconds(1)) else {
            Issue.record("not closed")
            return
        }
        #expect(goAway.code == .timeout)
    }

    @Test("Any byte is a sign of life")
    func life() {
        let client = ClientProbe(open: Limits())
        #expect(client.tick(after: .seconds(31)) == .ping(1))
        client.machine.receivedBytes(at: client.now, .border)
        _ = client.receive(.pong(1))
        #expect(client.tick(after: .seconds(30)) == .nothing)
        #expect(client.tick(after: .seconds(1)) == .ping(2))
    }

    @Test("The server's interval is the one that counts")
    func serverInterval() {
        var hello = Greeting()
        hello.keepaliveMilliseconds = 500
        let client = ClientProbe(open: Limits(), hello: hello)
        #expect(client.tick(after: .milliseconds(501)) == .ping(1))
    }

    @Test("The interval is a tenth more or less by chance, and the same for the whole connection")
    func variedInterval() {
        var random = SeededRandom()
        var intervals: Set<Duration> = []
        for _ in 0..<200 {
            let client = ClientProbe(using: &random)
            _ = client.receive(Greeting().frame)
            let interval = client.machine.keepalive
            #expect((.seconds(27) ... .seconds(33)).contains(interval), "\(random.replay)")
            intervals.insert(interval)
            #expect(client.tick(after: interval) == .nothing)
            #expect(client.tick(after: .nanoseconds(1)) == .ping(1))
            #expect(client.tick(after: interval) == .ping(2))
            #expect(client.machine.keepalive == interval)
        }
        #expect(intervals.count > 100, "\(random.replay)")
        #expect(intervals.contains { $0 < .seconds(28) }, "\(random.replay)")
        #expect(intervals.contains { $0 > .seconds(32) }, "\(random.replay)")
    }

    @Test("A server's interval of hours is five minutes to a client")
    func longInterval() {
        var hello = Greeting()
        hello.keepaliveMilliseconds = .max
        let client = ClientProbe(open: Limits(), hello: hello)
        #expect(client.tick(after: .seconds(300)) == .nothing)
        #expect(client.tick(after: .milliseconds(1)) == .ping(1))
    }

    @Test("The 10 seconds run for each of a server's frames anew")
    func frameTimes() {
        let client = ClientProbe(open: Limits())
        for _ in 0..<10 {
            client.machine.receivedBytes(at: client.now, .begun)
            #expect(client.tick(after: .seconds(10)) == .nothing)
        }
        guard case .close = client.tick(after: .nanoseconds(1)) else {
            Issue.record("not closed")
            return
        }
    }

    @Test("A frame that has begun may take 10 seconds and no longer")
    func frameTime() {
        let client = ClientProbe(open: Limits())
        client.machine.receivedBytes(at: client.now, .continued)
        #expect(client.tick(after: .seconds(10)) == .nothing)
        guard case .close = client.tick(after: .nanoseconds(1)) else {
            Issue.record("not closed")
            return
        }
    }

    @Test("A PING is answered")
    func ping() {
        #expect(ClientProbe(open: Limits()).receive(.ping(7)) == .pong(7))
    }

    @Test("After a drain calls go on and new ones are refused")
    func drain() {
        let client = ClientProbe(open: Limits())
        _ = client.open()
        guard case .drain = client.receive(.goAway(.drain, last: 100)) else {
            Issue.record("no drain")
            return
        }
        #expect(client.open() == .refuse)
        #expect(client.machine.openable == 0)
        #expect(client.machine.send(length: 1, on: stream(1), ends: true) == .write)
        #expect(client.receive(.status(1)) == .status(stream(1), ByteBuffer()))
    }

    @Test("A GOAWAY that is no drain ends the connection, and nothing is sent after it")
    func goAway() {
        let client = ClientProbe(open: Limits())
        for _ in 0..<2 { _ = client.open() }
        client.machine.enqueue(filled(1), on: stream(1), ends: false)
        guard case .ended(let goAway) = client.receive(.goAway(.internalError)) else {
            Issue.record("not ended")
            return
        }
        #expect(goAway.code == .internalError)
        #expect(client.machine.nextFrame() == nil)
        #expect(client.machine.send(length: 1, on: stream(1), ends: false) == .drop)
        #expect(client.machine.end(stream(1)) == .drop)
        #expect(client.machine.cancel(stream(2)) == false)
        #expect(client.open() == .refuse)
        #expect(client.receive(.status(1)) == .nothing)
        #expect(client.tick(after: .seconds(1_000)) == .nothing)
        #expect(client.machine.transportClosed() == [stream(1)])
        #expect(client.machine.transportClosed() == [])
    }
}
