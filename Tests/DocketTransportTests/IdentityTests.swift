import DocketRPC
import DocketTestSupport
import DocketTransport
import DocketWire
import SwiftProtobuf
import Testing

@Suite("A token in HELLO")
struct IdentityTests {
    @Test("that is good makes the connection act as its principal from the first call on")
    func accepted() async throws {
        try await TransportBench.run(.tls) { bench in
            let client = try await bench.connect { $0.token = TestAuthenticator.good }
            _ = try await client.interop.agentsOnly(Docket_Test_Empty())
            let error = await failure { () async throws(RPCError) in try await client.signIn() }
            #expect(error?.reason == .alreadySignedIn)
            client.close()
        }
    }

    @Test("that is refused ends the connection, and nothing was looked at")
    func refused() async throws {
        try await TransportBench.run(.tls) { bench in
            let client = try await bench.connect { $0.token = TestAuthenticator.bad }
            let error = await failure { () async throws(RPCError) in
                try await client.interop.sleep(Docket_Test_Empty())
            }
            #expect(error?.reason == .sessionExpired)
            #expect(error?.isNotProcessed == true)
            #expect(await client.closed().reason == .sessionExpired)
            #expect(bench.observer.sightings.begun == 0)
        }
    }

    @Test("that cannot be decided on ends the connection as the server's fault, not the token's")
    func undecided() async throws {
        try await TransportBench.run(.tls) { bench in
            let client = try await bench.connect { $0.token = TestAuthenticator.unreadable }
            let error = await failure { () async throws(RPCError) in
                try await client.interop.sleep(Docket_Test_Empty())
            }
            #expect(error?.reason == .serverError)
            #expect(await client.closed().reason == .serverError)
        }
    }

    @Test("has the frames behind it wait for its decision")
    func slow() async throws {
        try await TransportBench.run { bench in
            let client = try await bench.connect { $0.token = TestAuthenticator.slow }
            async let reply = client.interop.agentsOnly(Docket_Test_Empty())
            let call = client.interop.fullDuplexCall()
            try await eventually { bench.authenticator.asked == 1 }
            #expect(bench.observer.sightings.begun == 0)
            bench.authenticator.decide()
            _ = try await reply
            call.writer.end()
            #expect(try await call.replies.next() == nil)
            client.close()
        }
    }

    @Test("has the call behind it answered, also when the client ends its side right after it")
    func endOfInput() async throws {
        try await TransportBench.run { bench in
            let peer = try await bench.connectRaw()
            let method = InteropMethods.agentsOnly.hash
            peer.send(.hello(token: TestAuthenticator.slow), .open(1, method))
            try await peer.endOutput()
            try await eventually { bench.authenticator.asked == 1 }
            bench.authenticator.decide()
            let frames = await peer.framesToEnd()
            #expect(frames.contains { $0.kind == .message && $0.flags.contains(.end) })
        }
    }

    @Test("whose decision takes too long ends the connection")
    func tooSlow() async throws {
        var limits = Limits()
        limits.signInTime = .milliseconds(100)
        try await TransportBench.run(limits: limits) { bench in
            let client = try await bench.connect { $0.token = TestAuthenticator.slow }
            #expect(await client.closed().reason == .timeout)
            bench.authenticator.decide()
        }
    }

    @Test("may be decided on when its connection is gone")
    func goneMeanwhile() async throws {
        try await TransportBench.run { bench in
            let client = try await bench.connect { $0.token = TestAuthenticator.slow }
            try await eventually { bench.authenticator.asked == 1 }
            client.close()
            bench.authenticator.decide()
            try await bench.waitForConnections(0)
        }
    }

    @Test("whose session ends later ends the connection", arguments: [true, false])
    func revoked(byToken: Bool) async throws {
        try await TransportBench.run { bench in
            let client = try await bench.connect {
                $0.token = byToken ? TestAuthenticator.good : []
            }
            if !byToken { try await client.signIn() }
            let call = client.interop.fullDuplexCall()
            await bench.observer.wait { $0.begun == 1 }
            bench.authenticator.revoke()
            let error = await failure { () async throws(RPCError) in try await call.replies.next() }
            #expect(error?.reason == .sessionExpired)
            #expect(await client.closed().reason == .sessionExpired)
            await bench.observer.wait { $0.cancelled == 1 }
        }
    }

    @Test("is not needed, but a connection without calls and principal is not kept")
    func nobody() async throws {
        var limits = Limits()
        limits.signInTime = .milliseconds(100)
        try await TransportBench.run(limits: limits) { bench in
            let client = try await bench.connect()
            _ = try await client.interop.emptyCall(Docket_Test_Empty())
            #expect(await client.closed().reason == .timeout)
        }
    }
}
