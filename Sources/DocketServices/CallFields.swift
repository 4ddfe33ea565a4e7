internal import DocketDomain
internal import DocketMessages
internal import DocketRPC
internal import FoundationEssentials
internal import SwiftProtobuf

/// Reads the id in a field; throws `field_missing` or `invalid_identifier`.
func identifier<Tag>(
    _ bytes: Data,
    _ field: String,
    as type: Identifier<Tag>.Type = Identifier<Tag>.self
) throws(RPCError) -> Identifier<Tag> {
    guard !bytes.isEmpty else { throw .field(.fieldMissing, field) }
    guard let id = Identifier<Tag>(bytes: bytes) else { throw .field(.invalidIdentifier, field) }
    return id
}

/// Reads the id in a field that may be empty.
func optionalIdentifier<Tag>(
    _ bytes: Data,
    _ field: String,
    as type: Identifier<Tag>.Type = Identifier<Tag>.self
) throws(RPCError) -> Identifier<Tag>? {
    bytes.isEmpty ? nil : try identifier(bytes, field, as: type)
}

/// What an enum value stands for; throws `field_missing` where the call leaves the field out, and
/// `invalid_argument` for a value that this version does not know.
func known<Wire: SwiftProtobuf.Enum, Value>(
    _ wire: Wire,
    _ field: String,
    as value: Value?
) throws(RPCError) -> Value {
    if let value { return value }
    throw .field(wire.rawValue == 0 ? .fieldMissing : .invalidArgument, field)
}

/// Throws unless bytes are exactly `count`.
func require(_ bytes: Data, count: Int, _ field: String) throws(RPCError) {
    guard !bytes.isEmpty else { throw .field(.fieldMissing, field) }
    guard bytes.count == count else { throw .field(.invalidArgument, field) }
}

/// Throws unless a text has between 1 and `limit` bytes.
func require(_ text: String, atMost limit: Int, _ field: String) throws(RPCError) {
    guard !text.isEmpty else { throw .field(.fieldMissing, field) }
    guard text.utf8.count <= limit else { throw .field(field, isLongerThan: limit) }
}

/// Throws where a text that may be empty has more than `limit` bytes.
func allow(_ text: String, atMost limit: Int, _ field: String) throws(RPCError) {
    guard text.utf8.count <= limit else { throw .field(field, isLongerThan: limit) }
}

/// The number of entries that a call asks for: 0 means `defaultPage`, more than `longestPage` is
/// refused.
func pageLimit(_ asked: UInt32) throws(RPCError) -> Int {
    guard asked <= longestPage else {
        throw .field(.invalidArgument, "limit", "is more than \(longestPage)")
    }
    return asked == 0 ? defaultPage : Int(asked)
}

/// Entries of a page where the call does not say, and at the most.
private let defaultPage = 50
private let longestPage: UInt32 = 200

extension Docket_V1_CommandHeader {
    /// The version that the caller has seen of what the command changes.
    var seenVersion: UInt64? { hasExpectedVersion ? expectedVersion : nil }
}
