/// The rules of a desk: which statuses, transitions and channels it has.
///
/// A policy is a value that was validated as a whole; every key in it names something it has.
package struct Policy: Hashable, Sendable {
    /// The statuses, in the order in which people see them.
    package let statuses: [Status]
    /// The changes of status that are allowed; nothing else changes a status.
    package let transitions: [Transition]
    /// The channels.
    package let channels: [Channel]
    /// The status of a new request.
    package let initialStatus: Status
    /// The status in which a finished request is left when the agent names none.
    package let finishStatus: Status
    /// Whether an agent who answers a request that nobody has becomes its assignee.
    ///
    /// Without it such an answer is refused.
    package let answeringTakes: Bool

    private let statusesByKey: [StatusKey: Status]
    private let channelsByKey: [ChannelKey: Channel]

    /// Puts a policy together; `nil` when a key is used twice or names nothing.
    ///
    /// The policy document's own validation says what is wrong; this is the last line that keeps
    /// an inconsistent policy from existing.
    package init?(
        statuses: [Status],
        transitions: [Transition],
        channels: [Channel],
        initialStatus: StatusKey,
        finishStatus: StatusKey,
        answeringTakes: Bool
    ) {
        let byKey = Dictionary(statuses.map { ($0.key, $0) }) { first, _ in first }
        let channelsByKey = Dictionary(channels.map { ($0.key, $0) }) { first, _ in first }
        guard byKey.count == statuses.count, channelsByKey.count == channels.count,
            let initial = byKey[initialStatus], let finish = byKey[finishStatus],
            !initial.requiresAssignee,
            transitions.allSatisfy({ transition in
                byKey[transition.to] != nil && transition.from.allSatisfy { byKey[$0] != nil }
            })
        else { return nil }
        self.statuses = statuses
        self.transitions = transitions
        self.channels = channels
        self.initialStatus = initial
        self.finishStatus = finish
        self.answeringTakes = answeringTakes
        self.statusesByKey = byKey
        self.channelsByKey = channelsByKey
    }

    /// The status with a key.
    package func status(_ key: StatusKey) -> Status? { statusesByKey[key] }

    /// The channel with a key.
    package func channel(_ key: ChannelKey) -> Channel? { channelsByKey[key] }

    /// The status that follows by itself; `nil` when the status stays.
    package func next(on trigger: Trigger, from status: StatusKey) -> Status? {
        let transition = transitions.first { $0.trigger == trigger && $0.from.contains(status) }
        return transition.flatMap { statusesByKey[$0.to] }
    }

    /// Every status in which an agent may leave a request when finishing it, in the policy's order.
    package func finishes(from status: StatusKey, hasAssignee: Bool) -> [StatusKey] {
        transitions.filter { transition in
            transition.trigger == .finished && transition.from.contains(status)
                && (hasAssignee || statusesByKey[transition.to]?.requiresAssignee == false)
        }.map(\.to)
    }
}
