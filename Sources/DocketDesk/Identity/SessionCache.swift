package import DocketDomain
internal import DocketStore
internal import Synchronization

/// What a commit has made of sessions in use.
package enum SessionNews: Sendable {
    /// These end before their time.
    case ended([SessionEnd])
    /// These principals have other names now.
    case renamed([PrincipalID: String])
}

/// Remembers sessions that were looked up, so that a busy connection is not looked up again.
///
/// The cache holds only what the store holds: a session ended by a commit leaves it with that
/// commit, and a look-up that began before the commit does not bring it back, which the version
/// tells.
final class SessionCache: Sendable {
    private struct State {
        var sessions: [SessionID: SessionRecord] = [:]
        var version: UInt64 = 0
        var listeners: [@Sendable (SessionNews) -> Void] = []
    }

    private let state = Mutex(State())
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// The session, where it is remembered, and the version at which a look-up begins otherwise.
    func find(_ token: Digest) -> (session: SessionRecord?, version: UInt64) {
        state.withLock { state in
            let known = state.sessions[token.sessionID]
            return (known.flatMap { $0.token == token ? $0 : nil }, state.version)
        }
    }

    /// Remembers a session that was looked up beginning at a version.
    ///
    /// A full cache forgets everything: it fills again with what is in use.
    func remember(_ session: SessionRecord, since version: UInt64) {
        state.withLock { state in
            guard state.version == version else { return }
            if state.sessions.count >= limit { state.sessions = [:] }
            state.sessions[session.id] = session
        }
    }

    /// Forgets sessions that end before their time and tells the listeners.
    func end(_ ends: [SessionEnd]) {
        let listeners = state.withLock { state in
            state.version += 1
            for end in ends { state.sessions[end.session] = nil }
            return state.listeners
        }
        for listener in listeners { listener(.ended(ends)) }
    }

    /// Gives the sessions of those who have another name now that name, and tells the listeners.
    func rename(_ names: [PrincipalID: String]) {
        let listeners = state.withLock { state in
            state.version += 1
            state.sessions = state.sessions.mapValues { $0.renamed(names) ?? $0 }
            return state.listeners
        }
        for listener in listeners { listener(.renamed(names)) }
    }

    /// Adds somebody to tell, on the writer's thread, what a commit has made of sessions.
    func listen(_ listener: @escaping @Sendable (SessionNews) -> Void) {
        state.withLock { $0.listeners.append(listener) }
    }
}

extension SessionRecord {
    /// The session with the name that its principal has now; `nil` where that is not among these.
    func renamed(_ names: [PrincipalID: String]) -> SessionRecord? {
        guard let name = principal.id.flatMap({ names[$0] }) else { return nil }
        var session = self
        session.principal = Principal(principal.identity, name: name)
        return session
    }
}
