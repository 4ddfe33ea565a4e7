import DocketRPC
import DocketTestSupport
import Logging

@testable import DocketClient

/// A client of a fake desk, whose time only a test moves.
struct Fixture: ~Copyable {
    let desk = FakeDesk()
    let clock = TestClock()
    let connector: FaultyConnector
    let client: DocketClient

    init(
        as credential: Credential = .newGuest(name: "Ana"),
        seed: UInt64 = 1,
        sleep: TestSleep? = nil,
        logger: Logger? = nil,
        prepare: (FakeDesk, FaultyConnector) -> Void = { _, _ in }
    ) throws {
        let connector = FaultyConnector(to: desk)
        self.connector = connector
        prepare(desk, connector)
        client = try DocketClient(
            connector,
            as: credential,
            clock: clock.engineClock(sleep),
            random: SeededRandom(seed: seed),
            logger: logger
        )
    }

    deinit {
        client.close()
    }

    /// The first state that is like this.
    func state(where isWanted: (ConnectionState) -> Bool) async -> ConnectionState? {
        for await state in client.states where isWanted(state) { return state }
        return nil
    }

    /// Ends the connection, and refuses others for a long time.
    func goOffline() async {
        connector.cut(RPCError(.draining, "down", retryAfter: .seconds(600)))
        _ = await state { if case .offline = $0 { true } else { false } }
    }
}
