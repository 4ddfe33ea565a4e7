import NIOCore
import Testing

@testable import DocketWire

@Suite("Peers that break the rules, at the server")
struct ServerAbuseTests {
    @Test(
        "A frame on a stream that never was ends the connection",
        arguments: [
            Frame.message(1, filled(1)), .fin(1), .cancel(1), .credit(1, 1),
        ]
    )
    func neverOpened(frame: Frame) {
        #expect(ServerProbe(serving: Limits()).fatal(frame) == .protocolError)
    }

    @Test(
        "A kind that never comes from a client ends the connection",
        arguments: [
            Frame.status(1), .streams(9),
        ]
    )
    func wrongSide(frame: Frame) {
        #expect(ServerProbe(serving: Limits()).fatal(frame) == .protocolError)
    }

    @Test(
        "A flag that a kind does not have ends the connection",
        arguments: [
            Frame.fin(1), .cancel(1), .credit(1, 1), .ping(1), .pong(1), .goAway(.drain),
        ]
    )
    func flags(frame: Frame) {
        for flags in [FrameFlags.end, .more, [.end, .more]] {
            let server = ServerProbe(serving: Limits())
            _ = server.receive(.open(1))
            var frame = frame
            frame.flags = flags
            #expect(server.fatal(frame) == .protocolError)
        }
        var hello = Greeting().frame
        hello.flags = .end
        #expect(ServerProbe().fatal(hello) == .protocolError)
    }

    @Test(
        "A payload of the wrong length ends the connection",
        arguments: [
            (FrameKind.cancel, 3), (.cancel, 5), (.credit, 0), (.credit, 8), (.ping, 7), (.ping, 9),
            (.pong, 0), (.goAway, 11), (.goAway, 269),
        ]
    )
    func lengths(kind: FrameKind, length: Int) {
        let server = ServerProbe(serving: Limits())
        _ = server.receive(.open(1))
        let id: UInt32 = kind.concernsConnection ? 0 : 1
        #expect(
            server.fatal(Frame(kind, stream: stream(id), payload: filled(length))) == .protocolError
        )
    }

    @Test("Another frame before HELLO, and HELLO again, are HELLO errors")
    func hello() {
        for frame in [Frame.ping(1), .open(1, .end), .goAway(.drain)] {
            #expect(ServerProbe().fatal(frame) == .helloError)
        }
        #expect(ServerProbe(serving: Limits()).fatal(Greeting().frame) == .helloError)
        #expect(ServerProbe().fatal(Frame(.hello, payload: buffer([0xff]))) == .helloError)
    }

    @Test("After the connection has ended every frame is dropped")
    func closed() {
        let server = ServerProbe(serving: Limits())
        _ = server.receive(.open(1, .end))
        #expect(server.fatal(.status(1)) == .protocolError)
        #expect(server.receive(.open(2, .end)) == .nothing)
        #expect(server.machine.send(length: 1, on: stream(1), ends: true) == .drop)
        #expect(server.machine.sendStatus(ByteBuffer(), on: stream(1), isSuccess: true) == .drop)
        #expect(server.tick(after: .seconds(1_000)) == .nothing)
        #expect(server.machine.transportClosed() == [stream(1)])
        #expect(server.machine.transportClosed() == [])
        #expect(server.machine.handlerFinished(stream(1)) == nil)
        #expect(server.machine.streamCount == 0)
    }

    @Test("What a client had under way when its call ended is dropped and is no glitch")
    func lateFrames() {
        var limits = Limits()
        limits.glitches = 1
        let server = ServerProbe(serving: limits)
        _ = server.receive(.open(1))
        #expect(server.machine.sendStatus(ByteBuffer(), on: stream(1), isSuccess: false) == .write)
        for _ in 0..<512 { #expect(server.receive(.message(1, ByteBuffer())) == .nothing) }
        #expect(server.machine.handlerFinished(stream(1)) == nil)
        for _ in 0..<512 { #expect(server.receive(.message(1, ByteBuffer())) == .nothing) }
        #expect(server.receive(.fin(1)) == .nothing)
        #expect(server.receive(.cancel(1)) == .nothing)
        #expect(server.receive(.credit(1, 5)) == .nothing)
    }

    @Test("What a client sends on an ended call beyond what was under way is a glitch each")
    func tooManyLateFrames() {
        var limits = Limits()
        limits.glitches = 5
        let server = ServerProbe(serving: limits)
        _ = server.complete(1...1)
        // A CANCEL and two CREDITs may have been under way.
        for _ in 0..<8 { #expect(server.receive(.credit(1, 5)) == .nothing) }
        #expect(server.fatal(.credit(1, 5)) == .limitExceeded)
    }

    @Test("After CANCEL the client has nothing under way")
    func afterCancel() {
        var limits = Limits()
        limits.glitches = 2
        let server = ServerProbe(serving: limits)
        _ = server.receive(.open(1))
        _ = server.receive(.cancel(1))
        #expect(server.receive(.message(1, filled(1))) == .nothing)
        #expect(server.receive(.cancel(1)) == .nothing)
        #expect(server.fatal(.fin(1)) == .limitExceeded)
    }

    @Test("What follows a refused message is dropped, up to the client's credit")
    func afterRefusal() {
        var limits = Limits()
        (limits.maximumMessage, limits.glitches) = (1_024, 1)
        let server = ServerProbe(serving: limits)
        _ = server.receive(.open(1))
        _ = server.receive(.message(1, filled(1_025)))
        for _ in 0..<1_000 { #expect(server.receive(.message(1, filled(1), .more)) == .nothing) }
    }

    @Test(
        "200 glitches pass, one is forgiven a second, and the next ends the connection",
        arguments: [
            Frame.pong(1), .credit(1, 0),
        ]
    )
    func glitches(frame: Frame) {
        let server = ServerProbe(serving: Limits())
        _ = server.receive(.open(1, .end))
        for _ in 0..<200 { #expect(server.receive(frame) == .nothing) }
        server.now += .seconds(1)
        #expect(server.receive(frame) == .nothing)
        #expect(server.fatal(frame) == .limitExceeded)
    }

    @Test("10 PINGs pass at once, then one a second")
    func pings() {
        let server = ServerProbe(serving: Limits())
        for echo in 0..<10 as Range<UInt64> { #expect(server.receive(.ping(echo)) == .pong(echo)) }
        server.now += .seconds(1)
        #expect(server.receive(.ping(11)) == .pong(11))
        #expect(server.fatal(.ping(12)) == .limitExceeded)
    }

    @Test("Opening and cancelling never has more handlers running than streams are granted")
    func rapidReset() {
        let server = ServerProbe(serving: Limits())
        var id: UInt32 = 0
        while true {
            id += 1
            guard case .open = server.receive(.open(id, .end)) else { break }
            _ = server.receive(.cancel(id))
        }
        #expect(id == 101)
        #expect(server.machine.streamCount == 100)
    }
}

@Suite("Time at the server")
struct ServerTimeTests {
    private func late(_ action: ServerConnectionMachine.OnTick) -> GoAwayCode? {
        guard case .close(let goAway) = action else { return nil }
        return goAway.code
    }

    @Test("HELLO may take 3 seconds and no longer")
    func helloTime() {
        let server = ServerProbe()
        #expect(server.tick(after: .seconds(3)) == .nothing)
        #expect(late(server.tick(after: .nanoseconds(1))) == .timeout)
    }

    @Test("HELLO may take 3 seconds after the handshake, however long that took")
    func helloAfterHandshake() {
        let server = ServerProbe()
        server.now += .seconds(4)
        server.machine.established(at: server.now)
        #expect(server.tick(after: .seconds(3)) == .nothing)
        #expect(late(server.tick(after: .nanoseconds(1))) == .timeout)
    }

    @Test("The decision on a token may take 5 seconds and no longer")
    func decisionTime() {
        let server = ServerProbe()
        _ = server.receive(Greeting().frame)
        #expect(server.tick(after: .seconds(5)) == .nothing)
        #expect(late(server.tick(after: .nanoseconds(1))) == .timeout)
    }

    @Test("A connection without a principal and without a call ends after 5 seconds, PINGs or not")
    func signInTime() {
        let server = ServerProbe(serving: Limits(), signedIn: false)
        for _ in 0..<5 {
            #expect(server.tick(after: .seconds(1)) == .nothing)
            server.machine.receivedBytes(at: server.now, .border)
            _ = server.receive(.ping(1))
        }
        #expect(late(server.tick(after: .milliseconds(1))) == .timeout)
    }

    @Test("A call in progress keeps a connection without a principal")
    func callBeforeSignIn() {
        let server = ServerProbe(serving: Limits(), signedIn: false)
        _ = server.receive(.open(1, .end))
        for _ in 0..<20 { #expect(server.tick(after: .seconds(1)) == .nothing) }
        _ = server.finish(1)
        #expect(server.tick(after: .seconds(5)) == .nothing)
        #expect(late(server.tick(after: .nanoseconds(1))) == .timeout)
    }

    @Test(
        "A connection without a principal ends 30 seconds after it came, whatever it has under way"
    )
    func lifeWithoutPrincipal() {
        let server = ServerProbe()
        server.now += .seconds(4)
        server.machine.established(at: server.now)
        _ = server.receive(Greeting().frame)
        _ = server.machine.decided(signedIn: false)
        _ = server.receive(.open(1))
        for _ in 0..<26 {
            #expect(server.tick(after: .seconds(1)) == .nothing)
            server.machine.receivedBytes(at: server.now, .border)
            _ = server.receive(.ping(1))
        }
        #expect(late(server.tick(after: .nanoseconds(1))) == .timeout)
    }

    @Test("A connection that has signed in within 30 seconds lives on")
    func lifeWithPrincipal() {
        let server = ServerProbe(serving: Limits(), signedIn: false)
        _ = server.receive(.open(1, .end))
        #expect(server.tick(after: .seconds(30)) == .nothing)
        _ = server.machine.signedIn()
        #expect(server.tick(after: .seconds(60)) == .nothing)
    }

    @Test("The 10 seconds run for each frame anew, wherever a peer's writes end")
    func frameTimes() {
        let server = ServerProbe(serving: Limits())
        var decoder = FrameDecoder(maximumPayload: Limits().maximumFrame)
        // Frames of a call and skipped ones, each of which ends in the write that begins the next.
        let skipped = Frame.ignorable(15_000)
        let stream = encoded([.message(1, filled(15_000))])
        var rest = ByteBuffer()
        for number in 0..<10 { rest.writeImmutableBuffer(number % 2 == 0 ? stream : skipped) }
        while let piece = rest.readSlice(length: min(15_000, rest.readableBytes)),
            piece.readableBytes > 0
        {
            decoder.append(piece)
            while let frame = try? decoder.next() { #expect(frame.kind == .message) }
            server.machine.receivedBytes(at: server.now, decoder.settle())
            #expect(server.tick(after: .seconds(9)) == .nothing)
        }
    }

    @Test("A frame that comes a byte at a time has 10 seconds in all")
    func frameInDrops() {
        let server = ServerProbe(serving: Limits())
        var decoder = FrameDecoder(maximumPayload: Limits().maximumFrame)
        var rest = encoded([.message(1, filled(15_000))])
        for _ in 0..<10 {
            if let byte = rest.readSlice(length: 1) { decoder.append(byte) }
            #expect((try? decoder.next()) == .some(nil))
            server.machine.receivedBytes(at: server.now, decoder.settle())
            #expect(server.tick(after: .seconds(1)) == .nothing)
        }
        #expect(late(server.tick(after: .nanoseconds(1))) == .timeout)
    }

    @Test("A frame that has begun may take 10 seconds and no longer, whatever else comes of it")
    func frameTime() {
        let server = ServerProbe(serving: Limits())
        server.machine.receivedBytes(at: server.now, .continued)
        for _ in 0..<10 {
            #expect(server.tick(after: .seconds(1)) == .nothing)
            server.machine.receivedBytes(at: server.now, .continued)
        }
        #expect(late(server.tick(after: .nanoseconds(1))) == .timeout)
    }

    @Test("A frame that ended in time leaves no timer behind")
    func frameEnded() {
        let server = ServerProbe(serving: Limits())
        server.machine.receivedBytes(at: server.now, .continued)
        server.machine.receivedBytes(at: server.now, .border)
        #expect(server.tick(after: .seconds(11)) == .nothing)
    }

    @Test("Silence both ways for three intervals ends the connection")
    func life() {
        let server = ServerProbe(serving: Limits())
        #expect(server.tick(after: .seconds(90)) == .nothing)
        #expect(late(server.tick(after: .nanoseconds(1))) == .timeout)
    }

    @Test("A connection on which the server alone sends lives")
    func sendingIsLife() {
        let server = ServerProbe(serving: Limits())
        _ = server.receive(.open(1, .end))
        for _ in 0..<10 {
            #expect(server.machine.send(length: 1, on: stream(1), ends: false) == .write)
            #expect(server.tick(after: .seconds(60)) == .nothing)
        }
        #expect(server.tick(after: .seconds(90)) == .nothing)
        #expect(late(server.tick(after: .nanoseconds(1))) == .timeout)
    }
}

@Suite("Drain at the server")
struct ServerDrainTests {
    @Test("A drain says the highest id granted and serves the calls that were under way")
    func drain() {
        let server = ServerProbe(serving: Limits())
        _ = server.receive(.open(1, .end))
        let goAway = server.machine.drain(at: server.now, retryAfterMilliseconds: 41_000)
        #expect(goAway?.lastStream == stream(100))
        #expect(goAway?.code == .drain)
        #expect(goAway?.retryAfterMilliseconds == 41_000)
        #expect(server.machine.drain(at: server.now, retryAfterMilliseconds: 1) == nil)
        guard case .open = server.receive(.open(2, .end)) else {
            Issue.record("a call under way was refused")
            return
        }
        #expect(server.machine.isDrained == false)
        #expect(server.complete(3...60) == [])
        #expect(server.machine.streamsToGrant() == nil)
        _ = server.finish(1)
        _ = server.finish(2)
        #expect(server.machine.isDrained == true)
    }

    @Test("A drained connection waits a second for calls that crossed the GOAWAY, then closes")
    func quiet() {
        let server = ServerProbe(serving: Limits())
        _ = server.machine.drain(at: server.now, retryAfterMilliseconds: 0)
        #expect(server.tick(after: .milliseconds(999)) == .nothing)
        guard case .close(let goAway) = server.tick(after: .milliseconds(1)) else {
            Issue.record("not closed")
            return
        }
        #expect(goAway.code == .drain)
    }

    @Test("A drain closes after 30 seconds whatever is left")
    func deadline() {
        let server = ServerProbe(serving: Limits())
        _ = server.receive(.open(1, .end))
        _ = server.machine.drain(at: server.now, retryAfterMilliseconds: 0)
        #expect(server.tick(after: .milliseconds(29_999)) == .nothing)
        guard case .close(let goAway) = server.tick(after: .milliseconds(1)) else {
            Issue.record("not closed")
            return
        }
        #expect(goAway == GoAway(lastStream: stream(1), code: .drain))
        #expect(server.machine.transportClosed() == [stream(1)])
    }

    @Test("A drain before the calls are taken closes at once")
    func drainEarly() {
        let server = ServerProbe()
        let goAway = server.machine.drain(at: server.now, retryAfterMilliseconds: 41_000)
        #expect(goAway?.lastStream == .connection)
        #expect(goAway?.retryAfterMilliseconds == 41_000)
        #expect(server.machine.phase == .closed)
        let deciding = ServerProbe()
        _ = deciding.receive(Greeting().frame)
        let other = deciding.machine.drain(at: deciding.now, retryAfterMilliseconds: 5)
        #expect(other?.lastStream == .connection)
        #expect(other?.retryAfterMilliseconds == 5)
        #expect(deciding.machine.phase == .closed)
        #expect(deciding.machine.decided(signedIn: true) == nil)
    }

    @Test("A client's GOAWAY changes nothing for the calls under way")
    func clientGoesAway() {
        let server = ServerProbe(serving: Limits())
        _ = server.receive(.open(1))
        #expect(server.receive(.goAway(.drain)) == .nothing)
        #expect(server.receive(.fin(1)) == .end(stream(1)))
    }
}
