import Testing

@testable import DocketRPC

@Suite("A pipe of messages")
struct MessagePipeTests {
    private let message = [UInt8](repeating: 1, count: 100)

    @Test("gives one delivery at a time, in order")
    func deliveries() {
        var pipe = MessagePipe(window: 1_000, isHeld: false)
        #expect(pipe.accept([1])?.message == [1])
        #expect(pipe.accept([2]) == nil)
        #expect(pipe.close(CallStatus()) == nil)
        #expect(pipe.nextDelivery()?.message == [2])
        #expect(pipe.nextDelivery()?.end == CallStatus())
        #expect(pipe.nextDelivery() == nil)
        #expect(pipe.isOver)
    }

    @Test("that is held delivers nothing by itself")
    func held() {
        var pipe = MessagePipe(window: 1_000, isHeld: true)
        #expect(pipe.accept([1]) == nil)
        #expect(pipe.nextDelivery()?.message == [1])
    }

    @Test("lets what waits go as credit comes back, and its end behind that")
    func credit() {
        var pipe = MessagePipe(window: 200, isHeld: false)
        for _ in 1...2 { _ = pipe.accept(message) }
        #expect(!pipe.isOpen)
        while pipe.nextDelivery() != nil {}
        pipe.wait(message)
        pipe.wait([7])
        #expect(pipe.close(CallStatus()) == nil)
        #expect(pipe.isClosed)
        #expect(!pipe.isOver)
        #expect(pipe.giveBack(cost: 100).delivery?.message == message)
        #expect(pipe.nextDelivery() == nil)
        let last = pipe.giveBack(cost: 100).delivery
        #expect(last?.message == [7])
        #expect(last?.end == CallStatus())
        #expect(pipe.isOver)
    }

    @Test("drops what waits when it is aborted, and what is due if that is said")
    func abort() {
        for dropsDue in [true, false] {
            var pipe = MessagePipe(window: 200, isHeld: true)
            _ = pipe.accept(message)
            _ = pipe.accept(message)
            pipe.wait(message)
            let status = CallStatus(RPCError(.cancelled))
            #expect(pipe.abort(status, dropsDue: dropsDue).delivery == nil)
            var ends: [CallStatus] = []
            var messages = 0
            while let delivery = pipe.nextDelivery() {
                if delivery.message != nil { messages += 1 }
                if let end = delivery.end { ends.append(end) }
            }
            #expect(messages == (dropsDue ? 0 : 2))
            #expect(ends == [status])
            #expect(pipe.abort(CallStatus(), dropsDue: true).delivery == nil)
            #expect(pipe.giveBack(cost: 1_000).delivery == nil)
        }
    }

    @Test("gives its end when the last message that waited is withdrawn")
    func withdrawal() {
        var pipe = MessagePipe(window: 64, isHeld: false)
        _ = pipe.accept(message)
        _ = pipe.nextDelivery()
        pipe.wait(message, ticket: 1)
        #expect(pipe.close(CallStatus()) == nil)
        #expect(pipe.withdraw(ticket: 2).delivery == nil)
        #expect(pipe.withdraw(ticket: 1).delivery?.end == CallStatus())
    }
}
