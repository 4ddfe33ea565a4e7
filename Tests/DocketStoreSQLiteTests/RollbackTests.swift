import DeskSupport
import DocketDesk
import DocketDomain
import DocketStore
import DocketStoreSQLite
import Testing

@Suite("A transaction that was rolled back leaves what was acknowledged")
struct RollbackTests {
    @Test("What was put off before it is read, also after a commit that adds nothing")
    func reading() async throws {
        let directory = try TemporaryDirectory()
        let store = try SQLiteStore(directory: directory.path, newEpoch: Epoch(7))
        let fixture = try DeskFixture(store: store, isDrivenByHand: true)
        let guest = await fixture.guest("guest")
        let conversation = await fixture.conversation(of: guest)
        for text in ["one", "two"] { _ = await fixture.post(text, in: conversation, as: guest) }
        #expect(throws: StoreError.full) {
            try store.transact { _ throws(StoreError) in throw StoreError.full }
        }
        try store.transact { _ throws(StoreError) in }
        let request = try store.read { reading throws(StoreError) in
            try reading.request(number: 1)
        }
        #expect(request?.sequence == 2)
        try store.close()
    }
}
