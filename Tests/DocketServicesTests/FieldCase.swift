import DocketMessages
import DocketRPC
import Foundation
import Testing

/// A call with one field that is not as it must be.
struct FieldCase<Call: Sendable> {
    /// What the refusal's trailer names.
    let field: String
    /// Why the call is refused.
    let reason: Reason
    /// Spoils a good call.
    let spoil: (inout Call) -> Void

    init(_ field: String, _ reason: Reason, _ spoil: @escaping (inout Call) -> Void) {
        self.field = field
        self.reason = reason
        self.spoil = spoil
    }
}

/// Ways to spoil a field.
struct FieldCases<Call: Sendable> {
    let all: [FieldCase<Call>]

    /// A value that is out of range.
    static func value(
        _ field: String,
        _ reason: Reason = .invalidArgument,
        _ spoil: @escaping (inout Call) -> Void
    ) -> FieldCases {
        FieldCases(all: [FieldCase(field, reason, spoil)])
    }

    /// Every way in which an id can be none.
    static func identifiers(
        _ field: String,
        _ path: WritableKeyPath<Call, Data>,
        mayBeEmpty: Bool = false
    ) -> FieldCases {
        let missing = FieldCase<Call>(field, .fieldMissing) { $0[keyPath: path] = Data() }
        let wrong = BadIdentifier.all.map { bytes in
            FieldCase<Call>(field, .invalidIdentifier) { $0[keyPath: path] = Data(bytes) }
        }
        return FieldCases(all: mayBeEmpty ? wrong : [missing] + wrong)
    }

    /// A text that is missing, and one that is a byte too long.
    static func texts(
        _ field: String,
        _ path: WritableKeyPath<Call, String>,
        atMost limit: Int
    ) -> FieldCases {
        let missing = FieldCase<Call>(field, .fieldMissing) { $0[keyPath: path] = "" }
        let long = FieldCase<Call>(field, .fieldTooLong) {
            $0[keyPath: path] = text(bytes: limit + 1)
        }
        return FieldCases(all: [missing, long])
    }
}

/// Bytes that are no UUID of version 7.
enum BadIdentifier {
    private static let good: [UInt8] = [
        1, 2, 3, 4, 5, 6, 0x70, 8, 0x80, 10, 11, 12, 13, 14, 15, 16,
    ]

    /// Too short, too long, of another version, of another variant, and nothing but zeros.
    static let all: [[UInt8]] = [
        [1], Array(good.dropLast()), good + [17],
        good.enumerated().map { $0.offset == 6 ? 0x40 : $0.element },
        good.enumerated().map { $0.offset == 8 ? 0x00 : $0.element },
        Array(repeating: 0, count: 16),
    ]
}

/// A text of so many bytes, half of which are of characters that take two.
func text(bytes count: Int) -> String {
    let wide = count / 4
    return String(repeating: "ä", count: wide) + String(repeating: "a", count: count - 2 * wide)
}

/// Spoils a good call in each of the ways, and expects each to be refused for what it is.
func expectRefusals<Call, Answer>(
    of good: Call,
    _ cases: [FieldCases<Call>],
    _ send: (Call, CallOptions) async throws(RPCError) -> Answer
) async {
    for spoiled in cases.flatMap(\.all) {
        var call = good
        spoiled.spoil(&call)
        let error = await refusal { () async throws(RPCError) in
            try await send(call, CallOptions())
        }
        #expect(error?.reason == spoiled.reason, "\(Call.self) with bad \(spoiled.field)")
        #expect(error?.trailer("field") == spoiled.field, "\(Call.self) with bad \(spoiled.field)")
        #expect(error?.isNotProcessed == true, "\(Call.self) with bad \(spoiled.field)")
    }
}
