import DocketTesting

@testable import DocketClient

extension MemoryDisk {
    /// Opens a client of a model's server over what the one before has left on the disk.
    func client(
        of server: ModelServer,
        snapshotPage: UInt32? = nil,
        obstacle: @escaping @Sendable () -> MemoryDisk.Obstacle? = { nil }
    ) async throws -> DocketClient {
        try await DocketClient.open(
            self,
            over: server.network,
            as: .newGuest(name: "Ana"),
            clock: EngineClock(server.clock) { .now },
            random: SeededGenerator(seed: 1),
            snapshotPage: snapshotPage,
            obstacle: obstacle
        )
    }
}
