/// The key of a channel in the policy; 1 to 64 bytes.
package typealias ChannelKey = String

/// A way by which contacts reach the company.
package struct Channel: Hashable, Sendable {
    /// What commands name the channel by.
    package let key: ChannelKey
    /// What people call it.
    package let name: String
    /// How long a live chat may be silent before it ends; `nil` where chats are never live.
    package let inactiveAfter: Duration?

    /// Describes a channel.
    package init(key: ChannelKey, name: String, inactiveAfter: Duration?) {
        self.key = key
        self.name = name
        self.inactiveAfter = inactiveAfter
    }
}
