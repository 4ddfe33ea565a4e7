import Dispatch
import Testing

@testable import DocketClient

@Suite("Commits that wait share a transaction")
struct GroupCommitTests {
    private let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    /// Commits in tasks of their own while the store is kept from committing, so that all of them
    /// wait; gives what became of each.
    private func commit(
        _ commits: [[LocalChange]],
        to store: LocalStore
    ) async -> [LocalStoreError?] {
        let gate = DispatchSemaphore(value: 0)
        store.occupy { gate.wait() }
        return await withTaskGroup(of: (Int, LocalStoreError?).self) { group in
            for (index, changes) in commits.enumerated() {
                group.addTask { (index, await failure(store, changes)) }
                // Each is in the queue before the next is called.
                while store.commitCount <= index { await Task.yield() }
            }
            gate.signal()
            var outcomes = [LocalStoreError?](repeating: nil, count: commits.count)
            for await (index, error) in group { outcomes[index] = error }
            return outcomes
        }
    }

    @Test("A hundred commits that wait take one transaction, in the order of their calls")
    func shared() async throws {
        let store = try fixture.open()
        var commits = (1...40).map { [StoreFixture.queue($0)] }
        commits += (1...40).map { [LocalChange.maySend($0)] }
        commits += (1...19).map { [LocalChange.remove($0)] }
        commits.append([.owner(StoreFixture.guest)])
        #expect(await commit(commits, to: store).compactMap(\.self).isEmpty)
        #expect(store.transactionCount == 1)
        let content = try store.content()
        #expect(content.commands.map(\.position) == Array(20...40))
        #expect(content.commands.map(\.mayBeSent) == Array(repeating: true, count: 21))
        #expect(content.owner == StoreFixture.guest)
    }

    @Test("One that has no room or no sense does not fail the others")
    func alone() async throws {
        let store = try fixture.open(maximumPages: 70)
        let outcomes = await commit(
            [
                [StoreFixture.queue(1)], [StoreFixture.queue(2)],
                [StoreFixture.queue(3, length: 1_000_000)], [StoreFixture.queue(4), .maySend(9)],
                [StoreFixture.queue(5)],
            ],
            to: store
        )
        #expect(
            outcomes == [
                nil, nil, .full, .failed("there is no command at position 9"), nil,
            ]
        )
        #expect(try store.content().commands.map(\.position) == [1, 2, 5])
        #expect(store.transactionCount == 3)
    }

    @Test("Cancelling a task that commits changes nothing")
    func cancelled() async throws {
        let store = try fixture.open()
        let gate = DispatchSemaphore(value: 0)
        store.occupy { gate.wait() }
        let task = Task { await failure(store, [StoreFixture.queue(1)]) }
        while store.commitCount == 0 { await Task.yield() }
        task.cancel()
        gate.signal()
        #expect(await task.value == nil)
        #expect(try store.content().commands.map(\.position) == [1])
    }

    @Test("Closing ends the commits that wait, and refuses those that come after")
    func closing() async throws {
        let store = try fixture.open()
        let gate = DispatchSemaphore(value: 0)
        store.occupy { gate.wait() }
        let first = Task { await failure(store, [StoreFixture.queue(1)]) }
        while store.commitCount == 0 { await Task.yield() }
        // On a thread of its own, since it waits.
        let closing = AsyncStream<Void>.makeStream()
        DispatchQueue.global().async {
            store.close()
            closing.continuation.finish()
        }
        while await failure(store, []) == nil { await Task.yield() }
        #expect(await failure(store, [StoreFixture.queue(2)]) == .closed)
        gate.signal()
        for await _ in closing.stream {}
        #expect(await first.value == nil)
        #expect(try fixture.open().content().commands.map(\.position) == [1])
    }

    private func sizes(_ commits: [[LocalChange]]) -> [Int] {
        var queue = CommitQueue()
        for changes in commits { queue.append(CommitQueue.Entry(changes) { _ in }) }
        var sizes: [Int] = []
        while true {
            let group = queue.next()
            guard !group.isEmpty else { return sizes }
            sizes.append(group.count)
        }
    }

    @Test("A transaction has bounds, which one commit alone may exceed")
    func bounds() {
        let remove = LocalChange.remove(1)
        #expect(sizes([]) == [])
        #expect(sizes(Array(repeating: [remove], count: 1_200)) == [512, 512, 176])
        let many = Array(repeating: remove, count: 600)
        #expect(sizes([[remove], many, [remove], [remove]]) == [1, 1, 2])
        let long = [StoreFixture.queue(1, length: 1 << 20)]
        #expect(sizes(Array(repeating: long, count: 9)) == [4, 4, 1])
        let longest = [StoreFixture.queue(1, length: 5 << 20)]
        #expect(sizes([longest, [remove], longest]) == [1, 1, 1])
    }
}
