/// The key of a channel in the policy; 1 to 64 bytes.
package typealias ChannelKey = String

/// What a channel is made of (C7).
package enum ChannelKind: String, Hashable, Sendable, CaseIterable {
    /// Electronic mail.
    case email
    /// A messenger, such as Telegram, Viber or WhatsApp.
    case messenger
    /// A program of a partner.
    case api
    /// Comments and stories of a social network.
    case social
    /// An application with the client library inside.
    case mobile
    /// A web page's or a terminal's chat.
    case chat
    /// A form or a portal.
    case portal
    /// Calls that agents answer and record by hand.
    case phone
    /// Anything else.
    case custom
}

/// A way by which contacts reach the company.
package struct Channel: Hashable, Sendable {
    /// What commands name the channel by.
    package let key: ChannelKey
    /// What people call it.
    package let name: String
    /// What it is made of.
    package let kind: ChannelKind
    /// The kind of request that a message on it opens.
    package let opens: RequestKind
    /// How long a live chat may be silent before it ends; `nil` where requests are never live.
    package let inactiveAfter: Duration?
    /// Whether a request on it must have a title (C10).
    package let requiresTitle: Bool
    /// Whether a message that names no request begins one, as a mail does that answers none (O4).
    ///
    /// Without it the newest request of the conversation decides, as in a chat.
    package let separatesMessages: Bool
    /// The topic of requests on it where nobody says one.
    package let defaultTopic: TopicKey?
    /// The priority of requests on it where nobody says one.
    package let defaultPriority: PriorityKey?

    /// Describes a channel.
    package init(
        key: ChannelKey,
        name: String,
        kind: ChannelKind = .chat,
        opens: RequestKind = .chat,
        inactiveAfter: Duration?,
        requiresTitle: Bool = false,
        separatesMessages: Bool = false,
        defaultTopic: TopicKey? = nil,
        defaultPriority: PriorityKey? = nil
    ) {
        self.key = key
        self.name = name
        self.kind = kind
        self.opens = opens
        self.inactiveAfter = inactiveAfter
        self.requiresTitle = requiresTitle
        self.separatesMessages = separatesMessages
        self.defaultTopic = defaultTopic
        self.defaultPriority = defaultPriority
    }
}
