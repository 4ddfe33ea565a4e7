package import DocketDomain
package import DocketStore
internal import Foundation

/// Puts a policy into force, for everything that is decided after it.
extension PolicyChange: DeskCommand {
    var hasVersion: Bool { true }

    func perform(in step: inout Step) throws(Interruption) -> Acceptance {
        try step.requireAdministrator()
        let current = try step.workspace.find(PolicyVersionNeed())
        guard step.submission.expectedVersion.map({ $0 == current }) ?? true else {
            throw .rejected(.versionConflict(current: current, of: .policy))
        }
        let used = try step.workspace.find(UsesNeed(old: step.policy, new: policy))
        guard used.isEmpty else { throw .rejected(.inUse(used)) }
        let author = try step.principal().party
        let version = current + 1
        let offset = step.append(applied(as: version, by: author, at: step.now))
        step.change(.policy(record(of: version, by: author, at: step.now, offset: offset)))
        step.change(.revision(through: 0))
        step.apply(policy)
        step.keep(.accepted(offset: offset, payload: Data(String(version).utf8)))
        return Acceptance(offset: offset, result: .policy(version: version))
    }

    func earlierResult(
        at offset: UInt64,
        _ payload: Data?,
        in step: Step
    ) throws(Interruption) -> Acceptance.Result? {
        payload.flatMap { UInt64(String(decoding: $0, as: UTF8.self)) }
            .map { .policy(version: $0) }
    }

    /// What the log tells of the policy.
    func applied(as version: UInt64, by author: Party, at moment: Timestamp) -> Event {
        Event(
            at: moment,
            actor: author,
            conversation: nil,
            request: nil,
            fact: .policyApplied(version: version, name: policy.name)
        )
    }

    /// What is kept of the policy.
    func record(
        of version: UInt64,
        by author: Party,
        at moment: Timestamp,
        offset: UInt64
    ) -> PolicyRecord {
        PolicyRecord(
            version: version,
            name: policy.name,
            text: text,
            appliedAt: moment,
            appliedBy: author,
            offset: offset
        )
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
