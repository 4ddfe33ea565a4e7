package import DocketDomain
package import DocketStore
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
        try checkVersion(of: submission)
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

    /// Refuses when another policy is in force than the one that the author has seen.
    private func checkVersion(of submission: Submission) throws(Interruption) {
        guard let expected = submission.expectedVersion else { return }
        let current = try read { transaction throws(StoreError) in
            try transaction.currentPolicy()?.version ?? 0
        }
        guard expected == current else {
            throw .rejected(.versionConflict(current: current, of: .policy))
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
        try transaction.keep(timersRevisedThrough: 0)
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
    /// What requests use of a policy and another lacks, such as `statuses.waiting`.
    ///
    /// A status whose meaning changes counts as gone: requests in it keep the meaning it had. So
    /// does a field of another type, and a status for a kind that it no longer serves.
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

    /// What a store that has kept no policy yet uses and a policy does not have.
    ///
    /// Such a store is new, or of a version that kept none: then it has requests, and its first
    /// policy has to have what they use, though nobody knows what else the rules of then had.
    package static func whatIsUsed(
        without policy: Policy,
        in reading: any StoreReading
    ) throws(StoreError) -> [String] {
        let statuses = try reading.statusesInUse().filter { use in
            policy.status(use.status)?.category != use.category
        }
        let channels = try reading.channelsInUse().filter { policy.channel($0) == nil }
        var used = statuses.map { "statuses.\($0.status)" }
        for kind in RequestKind.allCases where policy.rules(for: kind) == nil {
            if try reading.isInUse(.kind(kind)) { used.append("kinds.\(kind.word)") }
        }
        return used + channels.map { "channels.\($0)" }
    }

    private static func gone(from old: Policy, in new: Policy) -> [(String, PolicyUse)] {
        var gone: [(String, PolicyUse)] = []
        for status in old.statuses where new.status(status.key)?.category != status.category {
            gone.append(("statuses.\(status.key)", .status(status.key)))
        }
        gone += kindsGone(from: old, in: new) + fieldsGone(from: old, in: new)
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

    /// The kinds that statuses no longer serve.
    private static func kindsGone(
        from old: Policy,
        in new: Policy
    ) -> [(String, PolicyUse)] {
        old.statuses.flatMap { status -> [(String, PolicyUse)] in
            guard let kept = new.status(status.key), kept.category == status.category else {
                return []
            }
            let kinds = RequestKind.allCases.filter { status.serves($0) && !kept.serves($0) }
            return kinds.map { kind in
                ("statuses.\(status.key).kinds.\(kind.word)", .statusOfKind(status.key, kind))
            }
        }
    }

    private static func fieldsGone(
        from old: Policy,
        in new: Policy
    ) -> [(String, PolicyUse)] {
        old.content.fields.compactMap { field in
            guard let kept = new.field(field.key) else {
                return ("fields.\(field.key)", .field(field.key))
            }
            guard kept.type.word != field.type.word else { return nil }
            return ("fields.\(field.key).type", .field(field.key))
        }
    }
}
