package import DocketDomain
package import DocketStore

/// An event with what was before it and after it, as the log alone tells.
package struct PlayMoment: Sendable {
    /// The entry of the log.
    package let entry: LogEntry
    /// What it says.
    package let event: Event
    /// The state before it.
    package let before: PlayModel
    /// The state after it.
    package let after: PlayModel
    /// The desk's time.
    package let now: Timestamp

    /// The request before it.
    var requestBefore: SupportRequest? { event.request.flatMap { before.request($0.id) } }
    /// The request after it.
    var requestAfter: SupportRequest? { event.request.flatMap { after.request($0.id) } }
    /// The rules in force.
    var policy: Policy { after.policy }
    /// The change of status, where it is one.
    var statusChange: StatusChange? {
        guard case .statusChanged(let change) = event.fact else { return nil }
        return change
    }
}

/// An invariant that every single event has to keep.
package struct EventInvariant: Sendable {
    /// Its name.
    package let name: String
    /// Gives what is wrong, where something is.
    private let problem: @Sendable (PlayMoment) -> String?

    /// Names an invariant.
    init(_ name: String, _ problem: @escaping @Sendable (PlayMoment) -> String?) {
        self.name = name
        self.problem = problem
    }

    /// What is wrong with an event.
    package func finding(at moment: PlayMoment) -> PlayFinding? {
        problem(moment).map { text in
            PlayFinding(
                name,
                request: moment.event.request?.number,
                offset: moment.entry.offset,
                "\(text), by \(moment.event.fact)"
            )
        }
    }
}
