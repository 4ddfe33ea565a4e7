/// The key of a topic in the policy; 1 to 64 bytes.
package typealias TopicKey = String
/// The key of a request type in the policy; 1 to 64 bytes.
package typealias TypeKey = String
/// The key of a priority in the policy; 1 to 64 bytes.
package typealias PriorityKey = String
/// The key of a group in the policy; 1 to 64 bytes.
package typealias GroupKey = String

/// What a request is about: one tree of topics, categories and services (C11, S14, E4).
package struct Topic: Hashable, Sendable {
    /// What commands name it by.
    package let key: TopicKey
    /// What agents call it.
    package let name: String
    /// What contacts see instead of the name.
    package let contactName: String?
    /// The topic above it.
    package let parent: TopicKey?
    /// The logins of the agents who belong to it (S15).
    package let members: [String]
    /// The groups whose members belong to it (S15).
    package let groups: [GroupKey]
    /// Whether only its members may take its requests or be given them.
    package let isForMembersOnly: Bool
    /// The types its requests may have; every type where it is empty.
    package let types: [TypeKey]
    /// The priority of its requests where nobody says one.
    package let defaultPriority: PriorityKey?

    /// Describes a topic.
    package init(
        key: TopicKey,
        name: String,
        contactName: String? = nil,
        parent: TopicKey? = nil,
        members: [String] = [],
        groups: [GroupKey] = [],
        isForMembersOnly: Bool = false,
        types: [TypeKey] = [],
        defaultPriority: PriorityKey? = nil
    ) {
        self.key = key
        self.name = name
        self.contactName = contactName
        self.parent = parent
        self.members = members
        self.groups = groups
        self.isForMembersOnly = isForMembersOnly
        self.types = types
        self.defaultPriority = defaultPriority
    }
}

/// What sort of matter a request is, such as a question, an incident or a complaint (E4).
package struct RequestType: Hashable, Sendable {
    /// What commands name it by.
    package let key: TypeKey
    /// What people call it.
    package let name: String
    /// The priority it brings.
    package let defaultPriority: PriorityKey?

    /// Describes a type.
    package init(key: TypeKey, name: String, defaultPriority: PriorityKey? = nil) {
        self.key = key
        self.name = name
        self.defaultPriority = defaultPriority
    }
}

/// How urgent a request is (C13, S18).
package struct Priority: Hashable, Sendable {
    /// What commands name it by.
    package let key: PriorityKey
    /// What people call it.
    package let name: String
    /// Its place: a higher one is more urgent; no two are alike.
    package let rank: Int
    /// Whether a request has it where nothing says another.
    package let isDefault: Bool

    /// Describes a priority.
    package init(key: PriorityKey, name: String, rank: Int, isDefault: Bool = false) {
        self.key = key
        self.name = name
        self.rank = rank
        self.isDefault = isDefault
    }
}

/// Agents who belong together: a skill group, a unit or a support level (C16, S15).
package struct Group: Hashable, Sendable {
    /// What topics name it by.
    package let key: GroupKey
    /// What people call it.
    package let name: String
    /// The logins of its agents.
    package let members: [String]
    /// The groups whose agents belong to it as well.
    package let groups: [GroupKey]

    /// Describes a group.
    package init(key: GroupKey, name: String, members: [String] = [], groups: [GroupKey] = []) {
        self.key = key
        self.name = name
        self.members = members
        self.groups = groups
    }
}
