package import DocketDomain

/// Reads the rules that are or were in force, and what of them is in use.
package protocol PolicyReading {
    /// Whether requests use something of a policy.
    func isInUse(_ use: PolicyUse) throws(StoreError) -> Bool
    /// The statuses that requests are in, with their categories, by key.
    func statusesInUse() throws(StoreError) -> [(status: StatusKey, category: StatusCategory)]
    /// The channels that conversations are on, by key.
    func channelsInUse() throws(StoreError) -> [ChannelKey]
    /// The policies below a version, the newest first.
    func policies(before version: UInt64, limit: Int) throws(StoreError) -> [PolicyRecord]
}

extension PolicyReading {
    /// The policy in force; `nil` in a new store.
    package func currentPolicy() throws(StoreError) -> PolicyRecord? {
        try policies(before: .max, limit: 1).first
    }

    /// A policy by its version.
    package func policy(version: UInt64) throws(StoreError) -> PolicyRecord? {
        guard version < .max else { return nil }
        return try policies(before: version + 1, limit: 1).first { $0.version == version }
    }
}
