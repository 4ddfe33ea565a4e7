public import DocketClient
internal import Synchronization

/// The request that an agent's session answers, whichever of its conversation is the newest.
///
/// The server sends what names no request to the newest one. An agent means the request that was
/// opened: another gets the answer only where the two were merged, or the agent turns to it.
public final class AnsweredRequest: Sendable {
    private struct State {
        var id: RequestID
        var isInternal: Bool
        /// The requests that were merged meanwhile, each with the one that has its content.
        var survivors: [RequestID: RequestID] = [:]
    }

    /// The request with which the session began.
    let first: RequestID
    private let state: Mutex<State>
    /// The requests to which the session turns, as they are then.
    let turns: AsyncStream<SupportRequest>
    private let turned: AsyncStream<SupportRequest>.Continuation

    /// Begins with a request.
    public init(_ request: SupportRequest) {
        first = request.id
        state = Mutex(State(id: request.id, isInternal: request.details.isInternal))
        // Only where the session stands now is shown.
        (turns, turned) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    deinit {
        turned.finish()
    }

    /// Its id.
    public var id: RequestID { state.withLock { $0.id } }

    /// Whether the contact hears nothing of it.
    var isInternal: Bool { state.withLock { $0.isInternal } }

    /// Turns to another request of the conversation.
    public func turn(to request: SupportRequest) {
        state.withLock { state in
            state.id = request.id
            state.isInternal = request.details.isInternal
        }
        turned.yield(request)
    }

    /// The request that has the content of one now: itself, unless it was merged meanwhile.
    func survivor(of id: RequestID) -> RequestID { state.withLock { $0.survivors[id] ?? id } }

    /// Tells what the request is like to which the session has followed, unless the agent has
    /// turned elsewhere since.
    func arrive(at request: SupportRequest) {
        if id == request.id { turned.yield(request) }
    }

    /// Follows the request into the one that has its content, where an event tells of that.
    ///
    /// What is said next belongs there at once. Both are internal or neither is.
    ///
    /// - Parameter event: Anything that happened.
    /// - Returns: The request to which the session has turned; nil where it stays.
    func follow(_ event: Event) -> RequestID? {
        guard case .merged(let survivor, _) = event.fact, let merged = event.request?.id else {
            return nil
        }
        return state.withLock { state in
            state.survivors[merged] = survivor.id
            guard state.id == merged else { return nil }
            state.id = survivor.id
            return survivor.id
        }
    }
}
