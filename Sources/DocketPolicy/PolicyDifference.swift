package import DocketDomain

/// One thing in which two policies differ.
package struct PolicyDifference: Hashable, Sendable, CustomStringConvertible {
    /// Where it is; what has a key is named by it, as in `statuses[waiting].name`.
    package let path: String
    /// What the first policy says there, on one line; `nil` where it says nothing.
    package let before: String?
    /// What the second policy says there, on one line; `nil` where it says nothing.
    package let after: String?

    /// The difference as one line for a person.
    package var description: String {
        switch (before, after) {
        case (let before?, let after?): "\(path): \(before) -> \(after)"
        case (let before?, nil): "\(path): without \(before)"
        case (nil, let after): "\(path): with \(after ?? "")"
        }
    }
}

extension PolicyDocument {
    /// In what two policies differ, in the order of the document; nothing where they are equal.
    package static func differences(from old: Policy, to new: Policy) -> [PolicyDifference] {
        var comparison = PolicyComparison()
        comparison.compare(
            PolicyRecord(old.content),
            PolicyRecord(new.content),
            .named(.document),
            ""
        )
        return comparison.differences
    }
}

/// Compares two documents value by value.
private struct PolicyComparison {
    var differences: [PolicyDifference] = []

    private mutating func note(
        _ path: String,
        _ shape: ValueShape,
        _ before: PolicyValue?,
        _ after: PolicyValue?
    ) {
        differences.append(
            PolicyDifference(
                path: path,
                before: before.map { PolicyWriter.plain($0, shape) },
                after: after.map { PolicyWriter.plain($0, shape) }
            )
        )
    }

    mutating func compare(
        _ old: PolicyRecord,
        _ new: PolicyRecord,
        _ shape: RecordShape,
        _ path: String
    ) {
        for field in shape.fields {
            let place = path.isEmpty ? field.name : "\(path).\(field.name)"
            compare(old.fields[field.name], new.fields[field.name], field.value, place)
        }
    }

    private mutating func compare(
        _ old: PolicyValue?,
        _ new: PolicyValue?,
        _ shape: ValueShape,
        _ path: String
    ) {
        guard old != new else { return }
        switch (old, new, shape) {
        case (.record(let old), .record(let new), .record(let name))
        where name == .permissions || name == .attachments:
            compare(old, new, .named(name), path)
        case (let old, let new, .list(of: .record(let name), _)):
            compareLists(old?.records ?? [], new?.records ?? [], .named(name), path)
        default: note(path, shape, old, new)
        }
    }

    private mutating func compareLists(
        _ old: [PolicyRecord],
        _ new: [PolicyRecord],
        _ shape: RecordShape,
        _ path: String
    ) {
        if let identity = shape.identity {
            compareNamed(old, new, shape, identity, path)
        } else {
            compareOrdered(old, new, shape, path)
        }
    }

    /// Compares what has a key: what both have field by field, and then the order of that.
    private mutating func compareNamed(
        _ old: [PolicyRecord],
        _ new: [PolicyRecord],
        _ shape: RecordShape,
        _ identity: String,
        _ path: String
    ) {
        let (oldKeys, newKeys) = (
            old.map { $0.requiredText(identity) }, new.map { $0.requiredText(identity) }
        )
        for (key, record) in zip(oldKeys, old) {
            let place = "\(path)[\(key)]"
            if let position = newKeys.firstIndex(of: key) {
                compare(record, new[position], shape, place)
            } else {
                note(place, .record(shape.name), .record(record), nil)
            }
        }
        for (key, record) in zip(newKeys, new) where !oldKeys.contains(key) {
            note("\(path)[\(key)]", .record(shape.name), nil, .record(record))
        }
        let (before, after) = (
            oldKeys.filter(newKeys.contains), newKeys.filter(oldKeys.contains)
        )
        guard before != after else { return }
        let keys = { (keys: [String]) in PolicyValue.list(keys.map { .text($0) }) }
        note(path, .keys(PolicyLimits.things), keys(before), keys(after))
    }

    /// Compares what only its place tells apart, such as transitions: what went, and what came.
    private mutating func compareOrdered(
        _ old: [PolicyRecord],
        _ new: [PolicyRecord],
        _ shape: RecordShape,
        _ path: String
    ) {
        let changes = new.difference(from: old)
        for case .remove(let position, let record, _) in changes.removals {
            note("\(path)[\(position)]", .record(shape.name), .record(record), nil)
        }
        for case .insert(let position, let record, _) in changes.insertions {
            note("\(path)[\(position)]", .record(shape.name), nil, .record(record))
        }
    }
}

extension PolicyValue {
    /// The mappings of a list.
    fileprivate var records: [PolicyRecord] {
        guard case .list(let values) = self else { return [] }
        return values.compactMap { value in
            guard case .record(let record) = value else { return nil }
            return record
        }
    }
}
