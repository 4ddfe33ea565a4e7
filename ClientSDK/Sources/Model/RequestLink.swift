/// How two requests belong together.
public enum LinkKind: String, Hashable, Sendable, CaseIterable {
    /// They concern the same matter.
    case related
    /// This request repeats the other.
    case duplicate
    /// This request is the other's parent.
    case parent
    /// This request is a part of the other.
    case child
    /// This request goes on where the other ended.
    case followUp = "follow_up"
    /// The other goes on where this request ended.
    case followedUp = "followed_up"
    /// This request's messages were split off the other.
    case splitFrom = "split_from"
    /// Messages of this request were split off into the other.
    case splitInto = "split_into"
    /// This request was made from the other.
    case madeFrom = "made_from"
    /// The other was made from this request.
    case origin
    /// A kind that this version does not know.
    case unknown

    /// The kinds that an agent may make and take away; the others come about by themselves.
    public static let chosen: [LinkKind] = [.related, .duplicate, .parent, .child]
}

/// Another request, as a request or an event names it.
public struct OtherRequest: Hashable, Sendable {
    /// Its id.
    public let id: RequestID
    /// What people call it.
    public let number: UInt64
}

/// That a request belongs together with another.
public struct RequestLink: Hashable, Sendable {
    /// How.
    public let kind: LinkKind
    /// With which.
    public let other: OtherRequest
}
