import DocketRPC
import DocketTestSupport
import SwiftProtobuf
import Synchronization
import Testing

@Suite("A stream of messages")
struct MessageStreamTests {
    private typealias Stream = MessageStream<Docket_Test_StreamingCall>

    /// What a stream asked of its call.
    private final class Call: Sendable {
        let consumed = Mutex<[Int]>([])
        let cancels = Mutex(0)

        func bind(_ stream: MessageStream<Docket_Test_StreamingCall>) {
            stream.bind(
                consumed: { cost in self.consumed.withLock { $0.append(cost) } },
                cancel: { self.cancels.withLock { $0 += 1 } }
            )
        }

        var cancelCount: Int { cancels.withLock { $0 } }
    }

    private func receive(_ number: UInt32, on stream: Stream, cost: Int = 64) throws {
        let bytes: [UInt8] = try Docket_Test_StreamingCall.with { $0.number = number }
            .serializedBytes()
        stream.receive(bytes.span.bytes, cost: cost)
    }

    @Test("gives what came before and what comes later, in order, and then its end")
    func order() async throws {
        let stream = Stream()
        for number in 0..<UInt32(100) { try receive(number, on: stream) }
        async let feeding: Void = {
            for number in 100..<UInt32(200) {
                try receive(number, on: stream)
                await Task.yield()
            }
            stream.finish(CallStatus(trailers: [Metadatum(key: "k", value: [1])]))
        }()
        var expected: UInt32 = 0
        for try await message in stream {
            #expect(message.number == expected)
            expected += 1
        }
        try await feeding
        #expect(expected == 200)
        #expect(stream.trailers["k"] == [1])
        #expect(try await stream.next() == nil)
    }

    @Test("gives what had come before it throws why the call failed, every time")
    func failure() async throws {
        let stream = Stream()
        try receive(1, on: stream)
        stream.finish(CallStatus(RPCError(.draining)))
        #expect(try await stream.next()?.number == 1)
        for _ in 1...2 {
            await #expect(throws: RPCError(.draining)) { try await stream.next() }
        }
    }

    @Test("keeps its first end and drops what comes after it")
    func end() async throws {
        let stream = Stream()
        stream.finish(CallStatus())
        stream.finish(CallStatus(RPCError(.draining)))
        try receive(1, on: stream)
        #expect(try await stream.next() == nil)
    }

    @Test("gives credit back when a message is taken, and not before")
    func credit() async throws {
        let (stream, call) = (Stream(), Call())
        call.bind(stream)
        try receive(1, on: stream, cost: 70)
        try receive(2, on: stream, cost: 80)
        #expect(call.consumed.withLock { $0 } == [])
        _ = try await stream.next()
        #expect(call.consumed.withLock { $0 } == [70])
        _ = try await stream.next()
        #expect(call.consumed.withLock { $0 } == [70, 80])
    }

    @Test("gives the call up when its waiting reader is cancelled")
    func cancelledWhileWaiting() async {
        let (stream, call) = (Stream(), Call())
        call.bind(stream)
        let reader = Task { try await stream.next() }
        await Task.yield()
        reader.cancel()
        let result = await reader.result
        #expect(throws: RPCError.self) { try result.get() }
        #expect(call.cancelCount == 1)
    }

    @Test("gives a cancelled reader what has come, and then throws")
    func cancelledBefore() async throws {
        let (stream, call) = (Stream(), Call())
        call.bind(stream)
        try receive(7, on: stream)
        let (first, second) = await Task {
            withUnsafeCurrentTask { $0?.cancel() }
            let first = try? await stream.next()
            let second = await Self.error { () async throws(RPCError) in try await stream.next() }
            return (first, second)
        }.value
        #expect(first?.number == 7)
        #expect(second?.reason == .cancelled)
        #expect(call.cancelCount == 1)
    }

    @Test("gives the call up when a message is malformed, also before it is bound to the call")
    func malformed() async throws {
        for isBoundFirst in [true, false] {
            let (stream, call) = (Stream(), Call())
            if isBoundFirst { call.bind(stream) }
            try receive(1, on: stream)
            stream.receive([0xff, 0xff].span.bytes, cost: 64)
            if !isBoundFirst { call.bind(stream) }
            #expect(call.cancelCount == 1)
            #expect(try await stream.next()?.number == 1)
            let error = await Self.error { () async throws(RPCError) in try await stream.next() }
            #expect(error?.reason == .malformedMessage)
            #expect(error?.isNotProcessed == false)
        }
    }

    @Test("gives the call up when a text in a message is not UTF-8, and says so")
    func invalidText() async throws {
        let stream = MessageStream<Docket_Test_FailCall>()
        let bytes: [UInt8] = [1 << 3 | 2, 2, 0xc3, 0x28]
        stream.receive(bytes.span.bytes, cost: 64)
        let error = await Self.error { () async throws(RPCError) in try await stream.next() }
        #expect(error?.reason == .invalidUtf8)
        #expect(error?.isNotProcessed == false)
    }

    @Test("gives the call up when the loop over it is left, once, and not when it has ended")
    func leaving() async throws {
        let (stream, call) = (Stream(), Call())
        call.bind(stream)
        try receive(1, on: stream)
        for try await _ in stream { break }
        #expect(call.cancelCount == 1)
        let (ended, endedCall) = (Stream(), Call())
        endedCall.bind(ended)
        try receive(1, on: ended)
        ended.finish(CallStatus())
        for try await _ in ended { break }
        #expect(endedCall.cancelCount == 0)
    }

    @Test("that was abandoned before it was bound gives the call up when it is")
    func abandonedEarly() {
        let (stream, call) = (Stream(), Call())
        stream.abandon()
        call.bind(stream)
        #expect(call.cancelCount == 1)
    }

    @Test("lets go of its call at the end")
    func release() {
        let stream = Stream()
        weak var released: Call?
        do {
            let call = Call()
            call.bind(stream)
            released = call
        }
        #expect(released != nil)
        stream.finish(CallStatus())
        #expect(released == nil)
    }

    @Test("has one reader at a time")
    func readers() async {
        await #expect(processExitsWith: .failure) {
            let stream = MessageStream<Docket_Test_StreamingCall>()
            let readers = (1...2).map { _ in Task { try await stream.next() } }
            for reader in readers { _ = try? await reader.value }
        }
    }

    private static func error<Value>(
        of body: () async throws(RPCError) -> Value
    ) async -> RPCError? {
        do throws(RPCError) {
            _ = try await body()
            return nil
        } catch {
            return error
        }
    }

    @Test("holds as many bytes unread as it may, and ends with the message beyond them")
    func unread() async throws {
        let bytes: [UInt8] = try Docket_Test_StreamingCall.with { $0.number = 7 }
            .serializedBytes()
        let stream = Stream(maximumWaiting: 3 * bytes.count)
        let call = Call()
        call.bind(stream)
        for _ in 1...3 { try receive(7, on: stream) }
        #expect(call.cancelCount == 0)
        #expect(try await stream.next()?.number == 7)
        try receive(7, on: stream)
        #expect(call.cancelCount == 0)
        try receive(7, on: stream)
        #expect(call.cancelCount == 1)
        for _ in 1...3 { #expect(try await stream.next()?.number == 7) }
        await #expect(throws: RPCError.self) { try await stream.next() }
        let small = Stream(maximumWaiting: 0)
        try receive(7, on: small)
        #expect(try await small.next()?.number == 7, "a single message always has room")
    }
}
