import DeskSupport
import DocketDesk
import DocketDomain
import DocketStore
import Testing

@Suite("The desk's housekeeping")
struct DeskHousekeepingTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test(
        "Everything that has outlived its time is forgotten, also more than one transaction takes",
        arguments: StoreKind.allCases
    )
    func forgetting(kind: StoreKind) async throws {
        var limits = DeskLimits()
        limits.purgedRows = 20
        let fixture = try DeskFixture(store: kind.open(in: directory), limits: limits)
        let ada = await fixture.guest("Ada")
        var ids: [CommandID] = []
        for _ in 0..<50 {
            let id = fixture.id(Command.self)
            let take = Command.take(fixture.id())
            #expect(await fixture.ask(take, as: ada, id: id).rejection != nil)
            ids.append(id)
        }
        let kept = { () throws in
            try fixture.store.read { reading throws(StoreError) in
                var count = 0
                for id in ids where try reading.record(of: id) != nil { count += 1 }
                return count
            }
        }
        #expect(try kept() == 50)
        fixture.clock.advance(by: .seconds(37 * 86_400 + 1))
        // Each transaction forgets twenty; the writer goes on by itself, and these are only what
        // tells when it has gone so far.
        for _ in 0..<3 { await fixture.settle() }
        #expect(try kept() == 0)
        await fixture.desk.stop()
    }
}
