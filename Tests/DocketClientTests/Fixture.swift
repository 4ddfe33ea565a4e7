import DocketTestSupport

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
        prepare: (FakeDesk, FaultyConnector) -> Void = { _, _ in }
    ) {
        let connector = FaultyConnector(to: desk)
        self.connector = connector
        prepare(desk, connector)
        client = DocketClient(
            connector,
            as: credential,
            clock: EngineClock(clock),
            at: Timestamp(millisecondsSinceEpoch: 1_741_097_000_456),
            random: SeededRandom(seed: seed)
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
}
