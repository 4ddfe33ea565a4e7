internal import DocketDomain
internal import DocketStore
internal import Foundation

extension BatchRun {
    /// Puts a policy into force, for everything that is decided after it.
    mutating func perform(
        _ change: PolicyChange,
        of submission: Submission
    ) throws(Interruption) -> Acceptance {
        guard submission.principal?.isAdministrator == true else {
            throw .rejected(.notPermitted)
        }
        let current = policy
        let used = try read { transaction throws(StoreError) in
            try Desk.whatIsUsed(of: current, without: change.policy, in: transaction)
        }
        guard used.isEmpty else { throw .rejected(.inUse(used)) }
        do throws(StoreError) {
            let record = try apply(change, by: submission.principal ?? .desk)
            let payload = Data(String(record.version).utf8)
            try keep(.accepted(offset: record.offset, payload: payload), of: submission)
            return Acceptance(offset: record.offset, result: .policy(version: record.version))
        } catch {
            throw .store(error)
        }
    }

    /// Keeps a policy and tells the log.
    private mutating func apply(
        _ change: PolicyChange,
        by principal: Principal
    ) throws(StoreError) -> PolicyRecord {
        let (record, entry) = try PolicyRecord.keep(
            change,
            in: transaction,
            &log,
            by: principal,
            at: now
        )
        announce(PublishedEntry(entry: entry, contact: nil, channel: nil))
        policy = change.policy
        outcome.policy = change.policy
        return record
    }
}

extension PolicyRecord {
    /// Keeps a policy as the next version, with its entry of the log.
    static func keep(
        _ change: PolicyChange,
        in transaction: any StoreTransaction,
        _ log: inout LogWriter,
        by principal: Principal,
        at moment: Timestamp
    ) throws(StoreError) -> (PolicyRecord, LogEntry) {
        let version = (try transaction.currentPolicy()?.version ?? 0) + 1
        let event = Event(
            at: moment,
            actor: principal.party,
            conversation: nil,
            request: nil,
            fact: .policyApplied(version: version, name: change.policy.name)
        )
        let entry = try log.append(event)
        let record = PolicyRecord(
            version: version,
            name: change.policy.name,
            text: change.text,
            appliedAt: moment,
            appliedBy: principal.party,
            offset: entry.offset
        )
        try transaction.insert(record)
        return (record, entry)
    }
}

extension Desk {
    /// What requests use of a policy and another has no more, such as `statuses.waiting`.
    ///
    /// A status whose meaning changes counts as gone: requests in it keep the meaning it had.
    static func whatIsUsed(
        of old: Policy,
        without new: Policy,
        in reading: any StoreReading
    ) throws(StoreError) -> [String] {
        var used: [String] = []
        for (path, use) in gone(from: old, in: new) where try reading.isInUse(use) {
            used.append(path)
        }
        return used
    }

    private static func gone(from old: Policy, in new: Policy) -> [(String, PolicyUse)] {
        var gone: [(String, PolicyUse)] = []
        for status in old.statuses where new.status(status.key)?.category != status.category {
            gone.append(("statuses.\(status.key)", .status(status.key)))
        }
        for rules in old.content.kinds where new.rules(for: rules.kind) == nil {
            gone.append(("kinds.\(rules.kind.word)", .kind(rules.kind)))
        }
        for channel in old.channels where new.channel(channel.key) == nil {
            gone.append(("channels.\(channel.key)", .channel(channel.key)))
        }
        for topic in old.content.topics where new.topic(topic.key) == nil {
            gone.append(("topics.\(topic.key)", .topic(topic.key)))
        }
        for type in old.content.types where new.type(type.key) == nil {
            gone.append(("types.\(type.key)", .type(type.key)))
        }
        for priority in old.content.priorities where new.priority(priority.key) == nil {
            gone.append(("priorities.\(priority.key)", .priority(priority.key)))
        }
        return gone
    }
}
