import DocketRPC
import DocketTestSupport
import FoundationEssentials
import SwiftProtobuf
import Testing

@Suite("A connection within the process", .timeLimit(.minutes(5)))
struct InProcessTransportTests {
    private let clock = ManualClock()
    private let server = InteropServer()

    private func connect(
        limits: InProcessLimits = InProcessLimits(),
        identity: CallerIdentity? = nil
    ) -> InProcessTransport {
        InProcessTransport(
            router: server.router,
            limits: limits,
            identity: identity,
            remoteAddress: "192.0.2.1",
            clock: clock
        )
    }

    private func sleep(
        over transport: InProcessTransport,
        timeout: Duration?
    ) -> Task<RPCError?, Never> {
        let caller = InteropCaller(channel: transport)
        return Task {
            do throws(RPCError) {
                _ = try await caller.sleep(
                    Docket_Test_Empty(),
                    options: CallOptions(timeout: timeout)
                )
                return nil
            } catch {
                return error
            }
        }
    }

    @Test("ends a call when its time is over, and no earlier")
    func deadline() async {
        let transport = connect()
        let short = sleep(over: transport, timeout: .seconds(2))
        await server.observer.wait { $0.begun == 1 }
        let long = sleep(over: transport, timeout: .seconds(3))
        await server.observer.wait { $0.begun == 2 }
        clock.advance(by: .seconds(2))
        #expect(await short.value?.reason == .deadlineExceeded)
        await server.observer.wait { $0.ended == 1 }
        await transport.callsFall(to: 1)
        clock.advance(by: .seconds(1))
        #expect(await long.value?.reason == .deadlineExceeded)
        await server.observer.wait { $0.cancelled == 2 }
    }

    @Test("keeps an earlier deadline that is set after a later one")
    func earlierDeadline() async {
        let transport = connect()
        let long = sleep(over: transport, timeout: .seconds(30))
        await server.observer.wait { $0.begun == 1 }
        let short = sleep(over: transport, timeout: .seconds(1))
        await server.observer.wait { $0.begun == 2 }
        clock.advance(by: .seconds(1))
        #expect(await short.value?.reason == .deadlineExceeded)
        await transport.callsFall(to: 1)
        long.cancel()
        #expect(await long.value?.reason == .cancelled)
    }

    @Test("uses the method's own timeout for a call that names none")
    func defaultTimeout() async {
        let transport = connect()
        let call = sleep(over: transport, timeout: nil)
        await server.observer.wait { $0.begun == 1 }
        clock.advance(by: .seconds(30))
        #expect(await call.value?.reason == .deadlineExceeded)
    }

    @Test("refuses a call whose time is over before it begins")
    func noTime() async {
        let call = sleep(over: connect(), timeout: .zero)
        #expect(await call.value?.reason == .deadlineExceeded)
        #expect(server.observer.sightings.begun == 0)
    }

    @Test("keeps nothing of calls that are over")
    func calls() async throws {
        let transport = connect()
        let caller = InteropCaller(channel: transport)
        for _ in 1...10 { _ = try await caller.emptyCall(Docket_Test_Empty()) }
        let call = caller.fullDuplexCall()
        await server.observer.wait { $0.begun == 1 }
        await transport.callsFall(to: 1)
        call.writer.end()
        #expect(try await call.replies.next() == nil)
        await server.observer.wait { $0.ended == 1 }
        await transport.callsFall(to: 0)
    }

    @Test("fails every call when it is closed, and every later one")
    func close() async {
        let transport = connect()
        let call = sleep(over: transport, timeout: nil)
        await server.observer.wait { $0.begun == 1 }
        transport.close()
        #expect(await call.value?.reason == .connectionLost)
        await server.observer.wait { $0.cancelled == 1 }
        let later = await sleep(over: transport, timeout: nil).value
        #expect(later?.reason == .connectionLost)
        #expect(later?.isNotProcessed == true)
        await transport.callsFall(to: 0)
    }

    @Test("refuses calls beyond those that may wait, and forgets those that were given up")
    func waitingCalls() async throws {
        var limits = InProcessLimits()
        limits.callsBeforeSignIn = 1
        limits.waitingCalls = 2
        let transport = connect(limits: limits)
        let caller = InteropCaller(channel: transport)
        let running = caller.fullDuplexCall()
        let waiting = (1...2).map { _ in caller.fullDuplexCall() }
        #expect(transport.callCount == 3)
        let refused = await sleep(over: transport, timeout: nil).value
        #expect(refused?.reason == .tooManyStreams)
        #expect(refused?.isNotProcessed == true)
        waiting[0].writer.cancel()
        #expect(transport.callCount == 2)
        running.writer.end()
        #expect(try await running.replies.next() == nil)
        waiting[1].writer.end()
        #expect(try await waiting[1].replies.next() == nil)
        #expect(server.observer.sightings.begun == 2)
    }

    @Test("starts a long line of waiting calls without a deep stack")
    func longLine() async throws {
        var limits = InProcessLimits()
        limits.callsBeforeSignIn = 1
        let transport = connect(limits: limits)
        let caller = InteropCaller(channel: transport)
        let first = caller.fullDuplexCall()
        let receivers = (1...9_999).map { _ in
            let receiver = RawReceiver()
            _ = transport.begin(
                InteropMethods.emptyCall,
                options: CallOptions(),
                first: [],
                ends: true,
                receiver: receiver
            )
            return receiver
        }
        first.writer.end()
        for receiver in receivers { #expect(await receiver.result().status == CallStatus()) }
        #expect(receivers.allSatisfy { $0.endCount == 1 })
    }

    @Test("acts as whom it was made for, or as who signs in")
    func identity() async throws {
        let agent = CallerIdentity.stub(.agent)
        let transport = connect(identity: agent)
        #expect(transport.identity == agent)
        #expect(transport.remoteAddress == "192.0.2.1")
        _ = try await InteropCaller(channel: transport).agentsOnly(Docket_Test_Empty())
        #expect(throws: RPCError(.alreadySignedIn, "the connection has a principal already")) {
            try transport.adopt(.stub(.contact))
        }
        #expect(transport.identity == agent)
    }

    @Test("cancels a sender that waits for credit together with its task")
    func cancelledSender() async throws {
        let call = InteropCaller(channel: connect()).sleepingCall
        let written = InteropObserver()
        let writer = Task {
            try await call(CallOptions()) { (writer) async throws(RPCError) in
                while true {
                    try await writer.write(.with { $0.payload = Data(count: 30_000) })
                    written.note { $0.messages += 1 }
                }
            }
        }
        await written.wait { $0.messages >= 4 }
        writer.cancel()
        let result = await writer.result
        #expect(throws: RPCError.self) { try result.get() }
        await server.observer.wait { $0.cancelled == 1 }
    }
}

extension InProcessTransport {
    /// Waits until exactly so many calls are kept: a call goes a moment after its end is seen, when
    /// its handler has returned.
    fileprivate func callsFall(to count: Int) async {
        while callCount > count { await Task.yield() }
        #expect(callCount == count)
    }
}
