import Testing

@testable import docketd

@Suite("Files and sockets")
struct DescriptorsTests {
    @Test(
        "Connections leave files for the store",
        arguments: [
            (10_000, 1 << 20, 10_000), (10_000, 1_024, 896), (10_000, 300, 172), (10_000, 256, 128),
            (10_000, 100, 50), (5, 300, 5), (10_000, 1, 1),
        ]
    )
    func connections(wanted: Int, limit: Int, connections: Int) {
        #expect(Descriptors.connections(wanted: wanted, limit: limit) == connections)
    }

    @Test("The limit is raised to what the system allows, and stays there")
    func raise() {
        let limit = Descriptors.raiseLimit()
        #expect(limit >= 20)
        #expect(Descriptors.raiseLimit() == limit)
    }
}
