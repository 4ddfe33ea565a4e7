package import DocketDomain

/// A policy that came into force.
///
/// None is ever changed or removed.
package struct PolicyRecord: Hashable, Sendable {
    /// Counts the policies, from 1.
    package let version: UInt64
    /// What people call it.
    package let name: String
    /// The document as it was applied.
    package let text: String
    /// When it came into force.
    package let appliedAt: Timestamp
    /// Who applied it.
    package let appliedBy: Party
    /// Where it stands in the log.
    package let offset: UInt64

    /// Describes a policy that came into force.
    package init(
        version: UInt64,
        name: String,
        text: String,
        appliedAt: Timestamp,
        appliedBy: Party,
        offset: UInt64
    ) {
        self.version = version
        self.name = name
        self.text = text
        self.appliedAt = appliedAt
        self.appliedBy = appliedBy
        self.offset = offset
    }
}

/// Something of a policy that requests may use.
package enum PolicyUse: Hashable, Sendable {
    /// Requests are in a status.
    case status(StatusKey)
    /// Conversations are on a channel.
    case channel(ChannelKey)
    /// Requests are about a topic.
    case topic(TopicKey)
    /// Requests are of a type.
    case type(TypeKey)
    /// Requests have a priority.
    case priority(PriorityKey)
    /// Requests are of a kind.
    case kind(RequestKind)
    /// Requests of a kind are in a status.
    case statusOfKind(StatusKey, RequestKind)
    /// Requests have something in a field.
    case field(FieldKey)
}
