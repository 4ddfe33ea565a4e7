internal import DocketRPC

/// The tasks of a call that wait until the next message may be sent.
///
/// Confined to the call's event loop. Usually there is at most one; several are told together.
struct WaitingWriters {
    private var continuations: [CheckedContinuation<RPCError?, Never>] = []

    /// Whether nobody waits.
    var isEmpty: Bool { continuations.isEmpty }

    /// Has one more wait.
    mutating func add(_ continuation: CheckedContinuation<RPCError?, Never>) {
        continuations.append(continuation)
    }

    /// Lets all go on, or tells them why no message may be sent any more.
    mutating func resume(_ error: RPCError?) {
        guard !continuations.isEmpty else { return }
        // Whoever goes on may wait again before this returns.
        let resumed = continuations
        continuations = []
        for continuation in resumed { continuation.resume(returning: error) }
    }
}
