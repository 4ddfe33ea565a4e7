import NIOCore
import Testing

@testable import DocketWire

@Suite("Flow control at the server")
struct ServerFlowTests {
    private func limits(_ change: (inout Limits) -> Void) -> Limits {
        var limits = Limits()
        change(&limits)
        return limits
    }

    @Test("A client that uses its credit exactly has none left")
    func exactCredit() {
        let server = ServerProbe(serving: limits { $0.streamCredit = 4_096 })
        _ = server.receive(.open(1))
        guard case .message = server.receive(.message(1, filled(4_096))) else {
            Issue.record("credit was there")
            return
        }
        #expect(server.fatal(.message(1, ByteBuffer())) == .flowControlError)
    }

    @Test("One frame may overdraw the credit and the next ends the connection")
    func overdrawn() {
        let server = ServerProbe(serving: limits { $0.streamCredit = 4_096 })
        _ = server.receive(.open(1, message: filled(4_095)))
        guard case .message = server.receive(.message(1, filled(16_376))) else {
            Issue.record("one frame may overdraw")
            return
        }
        #expect(server.fatal(.message(1, filled(1))) == .flowControlError)
    }

    @Test("An empty message costs 64, so 1,024 fit the window and one more does not")
    func smallMessages() {
        let server = ServerProbe(serving: Limits())
        _ = server.receive(.open(1))
        for _ in 0..<1_024 {
            guard case .message = server.receive(.message(1, ByteBuffer())) else {
                Issue.record("credit was there")
                return
            }
        }
        #expect(server.fatal(.message(1, ByteBuffer())) == .flowControlError)
    }

    @Test("The head of an OPEN costs nothing and its message does")
    func openCost() {
        let server = ServerProbe(serving: limits { $0.streamCredit = 4_096 })
        let head = filled(5_000)
        _ = server.receive(.open(1, message: filled(4_095), head: head))
        #expect(server.fatal(.message(1, filled(1))) == nil)
        #expect(server.fatal(.message(1, filled(1))) == .flowControlError)
    }

    @Test("Fragments are credited as they come, in lumps of half a window")
    func creditAtIngest() {
        let server = ServerProbe(serving: limits { $0.streamCredit = 4_096 })
        guard case .open(let call) = server.receive(.open(1, message: filled(2_048), .more)) else {
            Issue.record("not opened")
            return
        }
        #expect(call.credit == 2_048)
        #expect(server.receive(.message(1, filled(2_047), .more)) == .nothing)
        #expect(server.receive(.message(1, filled(1), .more)) == .credit(stream(1), 2_111))
    }

    @Test("A message much longer than the window passes, since its fragments are credited")
    func longMessage() {
        let server = ServerProbe(serving: limits { $0.streamCredit = 4_096 })
        _ = server.receive(.open(1))
        for _ in 0..<100 {
            let action = server.receive(.message(1, filled(3_000), .more))
            #expect(action == .credit(stream(1), 3_000))
        }
        guard case .message(_, let message, _) = server.receive(.message(1, filled(5), .end)) else {
            Issue.record("not whole")
            return
        }
        #expect(message.bytes.readableBytes == 300_005)
        #expect(message.cost == 64)
    }

    @Test("A whole message is credited when it is consumed")
    func creditAtConsumption() {
        let server = ServerProbe(serving: limits { $0.streamCredit = 4_096 })
        _ = server.receive(.open(1))
        _ = server.receive(.message(1, filled(1_000)))
        _ = server.receive(.message(1, filled(1_048)))
        #expect(server.machine.consumed(cost: 1_000, on: stream(1)) == nil)
        #expect(server.machine.consumed(cost: 1_048, on: stream(1)) == 2_048)
    }

    @Test("No credit goes out once the client has ended its side or the call has ended")
    func noCreditAfterEnd() {
        let server = ServerProbe(serving: limits { $0.streamCredit = 4_096 })
        _ = server.receive(.open(1, message: filled(4_096), .end))
        #expect(server.machine.consumed(cost: 4_096, on: stream(1)) == nil)
        _ = server.receive(.open(2, message: filled(4_096)))
        _ = server.machine.sendStatus(ByteBuffer(), on: stream(2), isSuccess: true)
        #expect(server.machine.consumed(cost: 4_096, on: stream(2)) == nil)
        #expect(server.machine.consumed(cost: 4_096, on: stream(3)) == nil)
    }

    @Test("A message of the limit passes and one byte more is refused, whole or in fragments")
    func messageLimit() {
        let limits = limits { $0.maximumMessage = 1_024 }
        let server = ServerProbe(serving: limits)
        _ = server.receive(.open(1))
        guard case .message = server.receive(.message(1, filled(1_024))) else {
            Issue.record("a message of the limit was refused")
            return
        }
        #expect(server.receive(.message(1, filled(1_025))) == .refuseMessage(stream(1), .tooLarge))
        _ = server.receive(.open(2, message: filled(1_024), .more))
        #expect(
            server.receive(.message(2, filled(1), .end)) == .refuseMessage(stream(2), .tooLarge)
        )
        guard case .open(let call) = server.receive(.open(3, message: filled(1_025), .end)) else {
            Issue.record("not opened")
            return
        }
        #expect(call.body == .refused(.tooLarge))
    }

    @Test("Before signing in a message is short, and so is what is kept of unfinished ones")
    func beforeSignIn() {
        let limits = limits {
            $0.maximumMessageBeforeSignIn = 2_000
            $0.unfinishedMessagesBeforeSignIn = 3_000
        }
        let server = ServerProbe(serving: limits, signedIn: false)
        _ = server.receive(.open(1))
        #expect(server.receive(.message(1, filled(2_001))) == .refuseMessage(stream(1), .tooLarge))
        _ = server.receive(.open(2, message: filled(2_000), .more))
        _ = server.receive(.open(3, message: filled(1_000), .more))
        #expect(
            server.receive(.message(3, filled(1), .more))
                == .refuseMessage(stream(3), .tooManyUnfinishedBytes)
        )
        _ = server.machine.signedIn()
        _ = server.receive(.open(4))
        guard case .message = server.receive(.message(4, filled(2_001))) else {
            Issue.record("a message was refused after signing in")
            return
        }
    }

    @Test("A reply is as long as the client accepts, and not a byte longer")
    func replyLimit() {
        var hello = Greeting()
        hello.maximumMessage = 1_024
        let server = ServerProbe(serving: Limits(), hello: hello)
        _ = server.receive(.open(1, message: filled(1), .end))
        #expect(server.machine.send(length: 1_025, on: stream(1), ends: true) == .tooLarge)
        #expect(server.machine.send(length: 1_024, on: stream(1), ends: true) == .write)
        #expect(server.machine.send(length: 1_025, on: stream(9), ends: true) == .drop)
    }

    @Test("The fragment that goes beyond the connection's budget ends its call alone")
    func unfinishedBudget() {
        let server = ServerProbe(serving: limits { $0.unfinishedMessages = 2_000 })
        _ = server.receive(.open(1, message: filled(1_000), .more))
        _ = server.receive(.open(2, message: filled(1_000), .more))
        let refusal = server.receive(.message(2, filled(1), .more))
        #expect(refusal == .refuseMessage(stream(2), .tooManyUnfinishedBytes))
        // What the refused call had is free again.
        #expect(server.receive(.message(1, filled(1_000), .more)) == .nothing)
        guard case .open(let call) = server.receive(.open(3, message: filled(1), .more)) else {
            Issue.record("not opened")
            return
        }
        #expect(call.body == .refused(.tooManyUnfinishedBytes))
        guard case .message = server.receive(.message(1, filled(9), .end)) else {
            Issue.record("a last fragment is no unfinished byte")
            return
        }
    }

    @Test("The budget is free again after a cancel, a status, and a whole message")
    func budgetIsReturned() {
        let server = ServerProbe(serving: limits { $0.unfinishedMessages = 1_000 })
        let ends: [(UInt32) -> Void] = [
            { _ = server.receive(.cancel($0)) },
            { _ = server.machine.sendStatus(ByteBuffer(), on: stream($0), isSuccess: false) },
            { _ = server.receive(.message($0, ByteBuffer(), .end)) },
        ]
        for (index, end) in ends.enumerated() {
            let id = UInt32(index + 1)
            guard case .open(let call) = server.receive(.open(id, message: filled(1_000), .more))
            else {
                Issue.record("not opened")
                return
            }
            #expect(call.body == .unfinished)
            end(id)
        }
    }

    @Test("A reply waits for credit, leaves in frames of the peer's size, and credit continues it")
    func sending() {
        var hello = Greeting()
        (hello.streamCredit, hello.maximumFrame) = (4_096, 1_024)
        let server = ServerProbe(serving: Limits(), hello: hello)
        _ = server.receive(.open(1, .end))
        #expect(server.machine.send(length: 5_000, on: stream(1), ends: true) == .enqueue)
        server.machine.enqueue(filled(5_000), on: stream(1), ends: true)
        let first = server.drainFrames()
        #expect(first.map(\.payload.readableBytes) == [1_024, 1_024, 1_024, 1_024])
        #expect(first.allSatisfy { $0.flags == .more })
        #expect(server.machine.hasWaiting(stream(1)) == true)
        #expect(server.receive(.credit(1, 1)) == .flush)
        let last = server.drainFrames()
        #expect(last.map(\.payload.readableBytes) == [904])
        #expect(last.map(\.flags) == [.end])
        #expect(server.machine.hasWaiting(stream(1)) == false)
    }

    /// A server whose client takes 4,096 bytes and whose replies may wait up to a limit.
    private func stingy(_ waitingReplies: Int) -> ServerProbe {
        var hello = Greeting()
        (hello.streamCredit, hello.maximumFrame) = (4_096, 1_024)
        return ServerProbe(serving: limits { $0.waitingReplies = waitingReplies }, hello: hello)
    }

    /// Opens the next call and lets a last reply of it wait as far as there is room.
    private func reply(
        _ length: Int,
        on id: UInt32,
        of server: ServerProbe
    ) -> ServerConnectionMachine.OnSend {
        _ = server.receive(.open(id, .end))
        let answer = server.machine.send(length: length, on: stream(id), ends: true)
        if answer == .enqueue { server.machine.enqueue(filled(length), on: stream(id), ends: true) }
        _ = server.drainFrames()
        return answer
    }

    @Test("Replies wait for credit up to the connection's limit, and a byte more ends its call")
    func waitingReplies() {
        let server = stingy(20_000)
        #expect(reply(10_000, on: 1, of: server) == .enqueue)
        #expect(reply(10_001, on: 2, of: server) == .noRoom)
        _ = server.machine.sendStatus(ByteBuffer(), on: stream(2), isSuccess: false)
        #expect(reply(10_000, on: 3, of: server) == .enqueue)
        #expect(server.machine.waitingBytes == 20_000)
        #expect(reply(1_025, on: 4, of: server) == .noRoom)
        // What needs no waiting is no matter of the limit.
        #expect(reply(1_024, on: 5, of: server) == .write)
    }

    @Test("A reply counts whole until its last byte has left, since its memory does")
    func waitingCountsWhole() {
        let server = stingy(10_000)
        #expect(reply(10_000, on: 1, of: server) == .enqueue)
        _ = server.receive(.credit(1, 5_000))
        _ = server.drainFrames()
        #expect(server.machine.waitingBytes == 10_000)
        #expect(reply(2_000, on: 2, of: server) == .noRoom)
        _ = server.receive(.credit(1, 5_000))
        _ = server.drainFrames()
        #expect(server.machine.waitingBytes == 0)
    }

    @Test("What waits is free again after a cancel, a failure, the last frame, and the connection")
    func waitingIsReturned() {
        let ends: [(ServerProbe) -> Void] = [
            { _ = $0.receive(.cancel(1)) },
            { _ = $0.machine.sendStatus(ByteBuffer(), on: stream(1), isSuccess: false) },
            { server in
                _ = server.receive(.credit(1, 10_000))
                _ = server.drainFrames()
            },
            { _ = $0.machine.transportClosed() },
        ]
        for returns in [false, true] {
            for end in ends {
                let server = stingy(10_000)
                #expect(reply(10_000, on: 1, of: server) == .enqueue)
                if returns { _ = server.machine.handlerFinished(stream(1)) }
                #expect(server.machine.waitingBytes == 10_000)
                end(server)
                #expect(server.machine.waitingBytes == 0)
                if !returns { _ = server.machine.handlerFinished(stream(1)) }
                #expect(server.machine.waitingBytes == 0)
                #expect(server.machine.streamCount == 0)
            }
        }
    }

    @Test("A failure takes the place of a last reply that waits, and of nothing that has left")
    func failureOfWaiting() {
        let server = stingy(20_000)
        #expect(reply(10_000, on: 1, of: server) == .enqueue)
        _ = server.machine.handlerFinished(stream(1))
        #expect(
            server.machine.sendStatus(ByteBuffer(), on: stream(1), isSuccess: true) == .drop,
            "success does not end it twice"
        )
        #expect(server.machine.sendStatus(ByteBuffer(), on: stream(1), isSuccess: false) == .write)
        #expect(server.machine.streamCount == 0)
        #expect(server.machine.sendStatus(ByteBuffer(), on: stream(1), isSuccess: false) == .drop)
        // While the socket takes nothing the status waits in the reply's place.
        #expect(reply(10_000, on: 2, of: server) == .enqueue)
        server.machine.setWritable(false)
        let status = buffer([1])
        #expect(server.machine.sendStatus(status, on: stream(2), isSuccess: false) == .enqueue)
        server.machine.setWritable(true)
        #expect(server.drainFrames().map(\.kind) == [.status])
        #expect(server.machine.waitingBytes == 0)
    }

    @Test("A sender's credit of exactly nothing holds the next frame back")
    func sendCreditExact() {
        var hello = Greeting()
        hello.streamCredit = 4_096
        let server = ServerProbe(serving: Limits(), hello: hello)
        _ = server.receive(.open(1, .end))
        #expect(server.machine.send(length: 4_095, on: stream(1), ends: false) == .write)
        #expect(server.machine.send(length: 9_000, on: stream(1), ends: false) == .write)
        #expect(server.machine.send(length: 0, on: stream(1), ends: false) == .enqueue)
        server.machine.enqueue(ByteBuffer(), on: stream(1), ends: false)
        #expect(server.receive(.credit(1, 8_999)) == .nothing)
        #expect(server.machine.nextFrame() == nil)
        #expect(server.receive(.credit(1, 1)) == .flush)
        #expect(server.machine.nextFrame()?.payload == ByteBuffer())
    }

    @Test("Credit up to 2,147,483,647 is counted and one more ends the connection")
    func creditOverflow() {
        let server = ServerProbe(serving: Limits())
        _ = server.receive(.open(1))
        #expect(server.receive(.credit(1, 0x7fff_ffff - 65_536)) == .nothing)
        #expect(server.fatal(.credit(1, 1)) == .flowControlError)
    }

    @Test("Streams take turns, one frame each")
    func fairness() {
        var hello = Greeting()
        hello.maximumFrame = 1_024
        let server = ServerProbe(serving: Limits(), hello: hello)
        server.machine.setWritable(false)
        for id in 1...3 as ClosedRange<UInt32> {
            _ = server.receive(.open(id, .end))
            server.machine.enqueue(filled(1_024 * 3), on: stream(id), ends: true)
        }
        #expect(server.machine.nextFrame() == nil)
        server.machine.setWritable(true)
        #expect(server.drainFrames().map(\.stream.rawValue) == [1, 2, 3, 1, 2, 3, 1, 2, 3])
    }

    @Test("Messages of one stream leave in order, behind those that wait")
    func order() {
        let server = ServerProbe(serving: Limits())
        _ = server.receive(.open(1, .end))
        server.machine.setWritable(false)
        for byte in 1...3 as ClosedRange<UInt8> {
            #expect(server.machine.send(length: 1, on: stream(1), ends: false) == .enqueue)
            server.machine.enqueue(buffer([byte]), on: stream(1), ends: false)
        }
        server.machine.setWritable(true)
        #expect(server.machine.send(length: 1, on: stream(1), ends: false) == .enqueue)
        server.machine.enqueue(buffer([4]), on: stream(1), ends: false)
        #expect(server.drainFrames().map(\.payload) == [[1], [2], [3], [4]].map(buffer))
    }

    @Test("Calls that are cancelled while the socket is full leave no growing line behind")
    func scheduleStaysShort() {
        var schedule = StreamSchedule()
        let open = StreamTable<Int>()
        for id in 1...10_000 as ClosedRange<UInt32> {
            schedule.add(stream(id))
            schedule.prune(open: open)
        }
        var left = 0
        while schedule.next() != nil { left += 1 }
        #expect(left < 64)
    }
}
