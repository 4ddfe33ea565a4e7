import DocketRPC
import DocketTransport
import Synchronization

/// Decides on tokens as a test asks.
final class TestAuthenticator: Authenticator {
    static let good = Array("good".utf8)
    static let bad = Array("bad".utf8)
    /// Cannot be decided on.
    static let unreadable = Array("unreadable".utf8)
    /// Is a contact's.
    static let contact = Array("contact".utf8)
    /// Is decided on when the test says so, and is good then.
    static let slow = Array("slow".utf8)

    private struct State {
        var isValid = true
        var isDecided = false
        var asked = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private final class Details: Sendable {}

    private let state = Mutex(State())

    /// How many tokens were asked about.
    var asked: Int { state.withLock { $0.asked } }

    func authenticate(token: [UInt8]) async throws(RPCError) -> CallerIdentity {
        state.withLock { $0.asked += 1 }
        guard token != Self.bad else { throw RPCError(.sessionExpired, "the token is unknown") }
        guard token != Self.unreadable else {
            throw RPCError(.serverError, "the store cannot be read")
        }
        if token == Self.slow { await decision() }
        return CallerIdentity(
            caller: token == Self.contact ? .contact : .agent,
            id: Array(repeating: token == Self.contact ? 8 : 7, count: 16),
            details: Details()
        )
    }

    private func decision() async {
        await withCheckedContinuation { continuation in
            let isDecided = state.withLock { state in
                if !state.isDecided { state.waiters.append(continuation) }
                return state.isDecided
            }
            if isDecided { continuation.resume() }
        }
    }

    /// Decides on the slow token.
    func decide() {
        let waiters = state.withLock { state in
            state.isDecided = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Ends every session.
    func revoke() {
        state.withLock { $0.isValid = false }
    }

    func isValid(_ identity: CallerIdentity) -> Bool {
        state.withLock { $0.isValid }
    }
}
