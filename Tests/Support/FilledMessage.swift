internal import Foundation
package import SwiftProtobuf

/// Messages with something in every field, as JSON.
package struct FilledMessage {
    private let contract: Contract
    /// The alternative to take where a message has a choice and there is one message of it.
    private let chosen: [String: String]
    /// Fields to leave empty, by message and name.
    private let empty: Set<String>
    /// The keys of maps.
    private let keys: [String]

    /// Describes how messages of a contract are filled.
    package init(
        contract: Contract,
        chosen: [String: String] = [:],
        empty: Set<String> = [],
        keys: [String] = ["shown"]
    ) {
        self.contract = contract
        self.chosen = chosen
        self.empty = empty
        self.keys = keys
    }

    /// A message of a type, by its name in the contract.
    package func message<Message: SwiftProtobuf.Message>(_ type: String) throws -> Message {
        try Message(jsonUTF8Data: JSONSerialization.data(withJSONObject: object(type)))
    }

    /// The parties that stand in fields of the type `Actor`: agents, unless it is one of these.
    private static let contacts: Set = [
        "contact", "participant_added", "participant_removed", "participants",
    ]

    /// A message of a type.
    package func object(_ type: String) -> [String: Any] {
        variants(type).first ?? [:]
    }

    /// Messages of a type: one for every alternative, where there is a choice.
    private func variants(_ type: String) -> [[String: Any]] {
        guard let message = contract.messages[type] else {
            preconditionFailure("there is no message \(type)")
        }
        var common: [String: Any] = [:]
        var alternatives: [[String: Any]] = []
        for field in message.fields where !empty.contains("\(type).\(field.name)") {
            if field.choice != nil {
                guard chosen[type].map({ $0 == field.name }) ?? true else { continue }
                alternatives.append([field.name: value(of: field, in: type)])
            } else {
                common[field.name] = value(of: field, in: type)
            }
        }
        guard !alternatives.isEmpty else { return [common] }
        return alternatives.map { common.merging($0) { first, _ in first } }
    }

    private func value(of field: Contract.Field, in message: String) -> Any {
        let type = contract.resolve(field.type, within: message)
        if field.isMap {
            let filled = single(field, type)
            return Dictionary(uniqueKeysWithValues: keys.map { ($0, filled) })
        }
        guard field.isRepeated else { return single(field, type) }
        return contract.messages[type] == nil || type == "Actor"
            ? [single(field, type)] : variants(type)
    }

    private func single(_ field: Contract.Field, _ type: String) -> Any {
        switch type {
        case "string": return field.name == "key" ? keys[0] : "x"
        case "bool": return true
        case "bytes": return Self.bytes(of: field).base64EncodedString()
        case "uint64", "uint32", "sint64", "int64": return 7
        case "Actor":
            let isContact = Self.contacts.contains(field.name)
            return object(type).merging([
                "kind": isContact ? "PRINCIPAL_CONTACT" : "PRINCIPAL_AGENT"
            ]) { $1 }
        default: break
        }
        if let values = contract.enums[type] { return values[0] }
        return object(type)
    }

    /// An id, or a digest.
    private static func bytes(of field: Contract.Field) -> Data {
        field.name == "sha256"
            ? Data(repeating: 7, count: 32)
            : Data([1, 2, 3, 4, 5, 6, 0x70, 8, 0x80, 10, 11, 12, 13, 14, 15, 16])
    }

    /// The places of a JSON value at which something stands.
    package static func places(_ value: Any, at place: String = "") -> Set<String> {
        switch value {
        case let object as [String: Any]:
            object.reduce(into: object.isEmpty ? [place] : []) { places, pair in
                let next = place.isEmpty ? pair.key : place + "." + pair.key
                places.formUnion(Self.places(pair.value, at: next))
            }
        case let list as [Any]:
            list.reduce(into: []) { $0.formUnion(places($1, at: place)) }
        default: [place]
        }
    }
}
