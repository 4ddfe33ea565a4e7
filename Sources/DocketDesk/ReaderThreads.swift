internal import Dispatch
internal import DocketStore
internal import Synchronization

/// The few threads on which the store is read, so that no event loop waits for a disk.
final class ReaderThreads: Sendable {
    private let queues: [DispatchQueue]
    private let next = Atomic<Int>(0)

    init(count: Int) {
        queues = (0..<max(count, 1)).map { DispatchQueue(label: "docket.store.reader.\($0)") }
    }

    /// Reads one consistent moment of the store on one of the threads.
    func read<Result: Sendable>(
        _ store: any Store,
        _ body: @escaping @Sendable (any StoreReading) throws(StoreError) -> Result
    ) async throws(StoreError) -> Result {
        let turn = next.wrappingAdd(1, ordering: .relaxed).newValue
        let queue = queues[Int(turn.magnitude % UInt(queues.count))]
        let outcome: Swift.Result<Result, StoreError> = await withCheckedContinuation {
            continuation in
            queue.async {
                do throws(StoreError) {
                    continuation.resume(returning: .success(try store.read(body)))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try outcome.get()
    }
}
