import DeskSupport
import DocketCalls
import DocketCrypto
import DocketDesk
import DocketDomain
import DocketMessages
import DocketRPC
import DocketStore
import DocketStoreSQLite
import Foundation
import Testing

@Suite("What administrators do with the store and the server", .timeLimit(.minutes(5)))
struct AdministrationTests {
    @Test("A copy arrives whole, opens as a store, and leaves nothing behind")
    func backup() async throws {
        let fixture = try ServiceFixture(.sqlite)
        let guest = try await fixture.guest()
        let conversation = try await guest.open()
        try await guest.post("kept", in: conversation)
        let administrator = try await fixture.agent("administrator", .administrator)
        var copy = Data()
        var last = Docket_V1_BackupChunk()
        for try await chunk in try administrator.administration.backup(Docket_V1_BackupCall()) {
            #expect(last.sha256.isEmpty, "the digest is on the last chunk only")
            copy += chunk.data
            last = chunk
        }
        #expect(UInt64(copy.count) == last.totalBytes)
        #expect(Data(SHA256.digest(of: copy.span.bytes).bytes) == last.sha256)
        let folder = try TemporaryDirectory()
        try copy.write(to: URL(filePath: folder.path + "/copy"))
        try SQLiteStore.restore(
            from: folder.path + "/copy",
            to: folder.path,
            epoch: Epoch(8),
            at: fixture.clock.now()
        )
        let restored = try SQLiteStore(directory: folder.path, newEpoch: Epoch(9))
        let position = try restored.read { reading throws(StoreError) in try reading.position() }
        #expect(position.epoch == Epoch(8))
        #expect(position.head == fixture.desk.position.head)
        #expect(try restored.check() == [])
        #expect(try fixture.copies == [])
    }

    @Test("One copy is made at a time, and another one behind it")
    func secondBackup() async throws {
        let fixture = try ServiceFixture(.sqlite)
        let guest = try await fixture.guest()
        let conversation = try await guest.open()
        for _ in 0..<20 {
            try await guest.post(String(repeating: "x", count: 16_384), in: conversation)
        }
        let administrator = try await fixture.agent("administrator", .administrator)
        // More than a call's credit: the first copy is still being sent while nobody reads it.
        let first = try administrator.administration.backup(Docket_V1_BackupCall())
        _ = try await first.next()
        let second = await refusal { () async throws(RPCError) in
            try await administrator.administration.backup(Docket_V1_BackupCall()).next()
        }
        #expect(second?.reason == .overloaded && second?.isNotProcessed == true)
        while try await first.next() != nil {}
        #expect(try fixture.copies == [])
        let third = try administrator.administration.backup(Docket_V1_BackupCall())
        while try await third.next() != nil {}
    }

    @Test("The counters come in the order of their names")
    func stats() async throws {
        let supervisor = try await ServiceFixture().agent("supervisor", .supervisor)
        let reply = try await supervisor.administration.stats(Docket_V1_StatsCall())
        #expect(reply.values.map(\.name) == ["one", "two"])
        #expect(reply.values.map(\.value) == [1, 2])
    }
}
