import DeskSupport
import DocketDesk
import DocketDomain
import DocketPolicy
import DocketStore
import Foundation
import Testing

@testable import docket_fill

@Suite("A store that was filled is as a desk would have left it")
struct FillingTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func texts(bytes: Int = 100) throws -> DialogueTexts {
        let repository = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let path = repository.appending(path: "Examples/dialogues/abcd_sample.json").path()
        return try DialogueTexts(path: path, bytes: bytes)
    }

    private func fill(_ store: any Store, requests: Int, seed: UInt64) throws -> Filling {
        var filling = try Filling(
            store: store,
            policy: Policy.shippedDefault(),
            texts: try texts(),
            seed: seed
        )
        try filling.fill(requests: requests, messagesPerRequest: 5) { _ in }
        try filling.followLog()
        return filling
    }

    private func log(_ store: any Store) throws -> [LogEntry] {
        try store.read { reading throws(StoreError) in try reading.entries(after: 0, limit: .max) }
    }

    @Test("It has the requests asked for, and is sound", arguments: StoreKind.allCases)
    func counts(kind: StoreKind) throws {
        let store = try kind.open(in: directory)
        let report = try fill(store, requests: 60, seed: 1).report
        #expect(report.requests == 60)
        #expect((200...400).contains(report.messages))
        #expect(report.textBytes / report.messages >= 90)
        let requests = try store.read { reading throws(StoreError) in
            try reading.requests(RequestFilter(limit: .max)).requests
        }
        #expect(requests.count == 60)
        #expect(requests.reduce(0) { $0 + Int($1.sequence) } == report.messages)
        #expect(Set(requests.map(\.category)).count >= 4)
        #expect(requests.allSatisfy { $0.session == nil }, "no chat is live a day later")
        let (indexed, head, timer) = try store.read { reading throws(StoreError) in
            (
                try reading.followed(.search), try reading.position().head,
                try reading.nextTimer()
            )
        }
        #expect(indexed == head)
        #expect(timer == nil)
        #expect(try store.check().isEmpty)
    }

    @Test("The same seed gives the same store, and another seed another")
    func seeds() throws {
        let stores = (0..<3).map { MemoryStore(epoch: Epoch($0)) }
        for (store, seed) in zip(stores, [5, 5, 6] as [UInt64]) {
            _ = try fill(store, requests: 20, seed: seed)
        }
        #expect(try log(stores[0]) == log(stores[1]))
        #expect(try log(stores[0]) != log(stores[2]))
    }

    @Test("What was said is found by the name of whoever said it")
    func search() throws {
        let store = try StoreKind.sqlite.open(in: directory)
        _ = try fill(store, requests: 40, seed: 2)
        let query = try SearchQuery("order username")
        let found = try store.read { reading throws(StoreError) in
            try reading.search(query, before: .max, limit: 10)
        }
        #expect(!found.isEmpty)
    }

    @Test("A store with requests is not filled again")
    func twice() throws {
        let store = MemoryStore(epoch: Epoch(1))
        _ = try fill(store, requests: 1, seed: 1)
        #expect(throws: Filling.Fault.self) { try fill(store, requests: 1, seed: 1) }
    }

    @Test(
        "A store with accounts and no request is filled, with the times of its customers",
        arguments: StoreKind.allCases
    )
    func accounts(kind: StoreKind) async throws {
        let store = try kind.open(in: directory)
        let fixture = try DeskFixture(store: store)
        _ = await fixture.agent("Bo")
        await fixture.desk.stop()
        #expect(try fill(store, requests: 3, seed: 1).report.requests == 3)
        let opened = try store.read { reading throws(StoreError) in
            try reading.request(number: 1)?.openedAt
        }
        #expect(try #require(opened) < fixture.clock.now())
    }

    @Test("A file without dialogues is told by its name")
    func noDialogues() throws {
        let empty = directory.path + "/empty.json"
        for (path, content) in [("/nowhere/dialogues.json", nil), (empty, "[]"), (empty, "{")] {
            if let content { try content.write(toFile: path, atomically: true, encoding: .utf8) }
            let fault = #expect(throws: Filling.Fault.self) {
                try DialogueTexts(path: path, bytes: 100)
            }
            #expect(fault?.description.contains(path) == true)
        }
    }

    @Test("Texts begin with their customer, are long enough, and name another customer")
    func dialogues() throws {
        let texts = try texts(bytes: 100)
        #expect(texts.dialogues.count == 3)
        var random = FillRandom(seed: 1)
        let customer = Customer(at: Timestamp(milliseconds: 1), random: &random)
        for lines in texts.dialogues {
            #expect(lines.first?.speaker == .customer)
            let said = lines.map { $0.text(for: customer, order: "0123456789") }
            #expect(said.allSatisfy { !$0.isEmpty && $0.utf8.count < 1_000 })
            let all = said.joined(separator: " ")
            #expect(!all.contains("cminh730") && !all.contains("Minh"))
            #expect(!all.contains("Alessandro") && !all.contains("7916676427"))
        }
    }
}
