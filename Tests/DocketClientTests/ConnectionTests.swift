import DocketRPC
import Testing

@testable import DocketClient

@Suite("A client mends its connection", .timeLimit(.minutes(5)))
struct ConnectionTests {
    @Test("A new guest is made once, proves its session after a loss, and signs in with its key")
    func guest() async throws {
        let fixture = try Fixture()
        try await fixture.client.signedIn()
        let key = try #require(fixture.client.guestKey)
        #expect(fixture.client.identity?.party.id == key.contactID)
        fixture.connector.cut()
        await fixture.clock.passNextWait(within: .seconds(1))
        _ = await fixture.state { $0 == .live }
        fixture.desk.expireSessions()
        fixture.connector.cut()
        await fixture.clock.passNextWait(within: .seconds(2))
        _ = await fixture.state { $0 == .live && fixture.desk.calls.count == 3 }
        #expect(
            fixture.desk.calls == ["Sessions/CreateGuest", "Sessions/Describe", "Sessions/SignIn"]
        )
        #expect(fixture.desk.guestCount == 1)
    }

    @Test("The first failure of connect is thrown; a client made otherwise goes on")
    func firstFailure() async throws {
        let fixture = try Fixture { _, connector in
            connector.refuseNext(RPCError(.connectionLost, "nobody listens"))
        }
        await #expect { try await fixture.client.signedIn() } throws: { error in
            let error = error as? DocketClientError
            return error?.code == .unreachable && error?.message == "nobody listens"
        }
        await fixture.clock.passNextWait(within: .seconds(1))
        #expect(await fixture.state { $0 == .live } == .live)
    }

    @Test("A wrong password is tried once, and every call says so")
    func wrongPassword() async throws {
        let fixture = try Fixture(as: .login("ana", password: "wrong"))
        let state = await fixture.state { if case .needsLogin = $0 { true } else { false } }
        #expect(state != nil)
        await #expect { _ = try await fixture.client.snapshot() } throws: { error in
            (error as? DocketClientError)?.code == .needsLogin
        }
        fixture.client.reconnectNow()
        #expect(fixture.connector.attempts == 1)
        #expect(fixture.desk.calls == ["Sessions/SignIn"])
    }

    @Test("A session that ended is opened again without a wait")
    func expired() async throws {
        let fixture = try Fixture(as: .login("ana", password: FakeDesk.password))
        try await fixture.client.signedIn()
        fixture.desk.expireSessions()
        fixture.connector.cut(RPCError(.sessionExpired, "expired"))
        _ = await fixture.state { $0 == .live && fixture.desk.calls.count == 2 }
        #expect(fixture.desk.calls == ["Sessions/SignIn", "Sessions/SignIn"])
        #expect(fixture.clock.now == fixture.clock.start)
    }

    @Test("A session that ends again at once is opened again after a wait")
    func expiredTwice() async throws {
        let fixture = try Fixture(as: .login("ana", password: FakeDesk.password))
        for _ in 0..<2 {
            try await fixture.client.signedIn()
            let calls = fixture.desk.calls.count
            fixture.desk.expireSessions()
            fixture.connector.cut(RPCError(.sessionExpired, "expired"))
            if calls == 2 { await fixture.clock.passNextWait(within: .seconds(1)) }
            _ = await fixture.state { $0 == .live && fixture.desk.calls.count > calls }
        }
        #expect(fixture.desk.calls.count == 3)
        #expect(fixture.clock.now > fixture.clock.start)
    }

    @Test("An offline client says when it tries again, and a person can make it now")
    func retryNow() async throws {
        let fixture = try Fixture { _, connector in
            connector.refuseNext(
                RPCError(.draining, "restarting", retryAfter: .seconds(41))
            )
        }
        let state = await fixture.state { if case .offline = $0 { true } else { false } }
        guard case .offline(let retryAt, let error) = state else {
            Issue.record("the client is not offline")
            return
        }
        #expect(retryAt == fixture.clock.start + .seconds(41))
        #expect(error.message == "restarting")
        fixture.client.reconnectNow()
        _ = await fixture.state { $0 == .live }
        #expect(fixture.clock.now == fixture.clock.start)
    }

    @Test("A server that drains is called again when it asked to be, and not before")
    func drain() async throws {
        let fixture = try Fixture()
        try await fixture.client.signedIn()
        fixture.connector.cut(RPCError(.draining, "restarting", retryAfter: .seconds(41)))
        let state = await fixture.state { if case .offline = $0 { true } else { false } }
        guard case .offline(let retryAt, _) = state else {
            Issue.record("the client is not offline")
            return
        }
        #expect(retryAt == fixture.clock.start + .seconds(41))
        #expect(fixture.connector.attempts == 1)
        await fixture.clock.passNextWait(within: .seconds(41))
        _ = await fixture.state { $0 == .live }
        #expect(fixture.connector.attempts == 2)
    }

    @Test("Whoever sees that the client waits can end the wait, once a second")
    func retryAtOnce() async throws {
        let refusals = 200
        let fixture = try Fixture { _, connector in
            for _ in 0..<refusals {
                connector.refuseNext(RPCError(.draining, "restarting", retryAfter: .seconds(41)))
            }
        }
        for await state in fixture.client.states {
            if state == .live { break }
            guard case .offline(let retryAt, _) = state else { continue }
            let wait = retryAt - fixture.clock.now
            if wait > .seconds(1) { fixture.client.reconnectNow() }
            // The first attempt comes at once, each later one a second after the one before.
            if wait == .seconds(1) { await fixture.clock.passNextWait(within: wait) }
        }
        #expect(fixture.connector.attempts == refusals + 1)
        #expect(fixture.clock.now == fixture.clock.start + .seconds(refusals - 1))
    }

    @Test("The newest state is the one that stays, whoever changes it")
    func order() async throws {
        let fixture = try Fixture()
        try await fixture.client.signedIn()
        let engine = fixture.client.engine
        for _ in 0..<100 {
            var states = fixture.client.states.makeAsyncIterator()
            // Both feeds end, so the state that stays is `live`.
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<2 { group.addTask { engine.closeFeed(engine.openFeed()) } }
            }
            #expect(await states.next() == .live)
        }
    }

    @Test("A closed client has ended its states")
    func closed() async throws {
        let fixture = try Fixture()
        try await fixture.client.signedIn()
        fixture.client.close()
        var states: [ConnectionState] = []
        for await state in fixture.client.states { states.append(state) }
        #expect(states == [.closed])
    }
}
