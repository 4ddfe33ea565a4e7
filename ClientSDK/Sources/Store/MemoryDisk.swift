internal import GRDB

/// A disk in memory that outlives a client as a file outlives its process, for tests of what is
/// left when that ends.
package final class MemoryDisk: Sendable {
    /// What stands in the way of a commit.
    package enum Obstacle: Sendable {
        /// There is no room.
        case full
        /// It fails.
        case broken
        /// The process has ended.
        case ended
    }

    /// The tables.
    let queue: DatabaseQueue
    /// The contents of files.
    let spool = MemorySpool()

    /// A disk with nothing on it.
    package init() throws(DocketClientError) {
        do throws(LocalStoreError) {
            queue = try storing {
                let queue = try DatabaseQueue()
                try LocalSchema.migrator.migrate(queue)
                return queue
            }
        } catch {
            throw DocketClientError(.storage, EnqueueError(error).description)
        }
    }
}

extension LocalStoreError {
    /// What a commit fails with where something stands in its way.
    init(_ obstacle: MemoryDisk.Obstacle) {
        switch obstacle {
        case .full: self = .full
        case .broken: self = .failed("the disk fails")
        case .ended: self = .closed
        }
    }
}
