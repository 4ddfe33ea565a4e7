internal import Synchronization

/// What clients that were closed still do over their connections, for a program that ends to await.
enum Farewells {
    private struct State {
        var tasks: [Int: Task<Void, Never>] = [:]
        var lastNumber = 0
    }

    private static let state = Mutex(State())

    /// Does something that a program waits for before it ends.
    static func begin(_ body: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        state.withLock { state in
            state.lastNumber += 1
            let number = state.lastNumber
            let task = Task {
                await body()
                end(number)
            }
            state.tasks[number] = task
            return task
        }
    }

    private static func end(_ number: Int) {
        state.withLock { _ = $0.tasks.removeValue(forKey: number) }
    }

    /// Returns when everything is over that had begun.
    static func settle() async {
        for task in state.withLock({ $0.tasks.inOrder }) { await task.value }
    }
}
