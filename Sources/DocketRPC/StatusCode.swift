/// How a call ended, by the seventeen codes that gRPC defines.
package enum StatusCode: UInt32, CaseIterable, Sendable {
    /// The call did what it was asked.
    case ok = 0
    /// The caller gave the call up.
    case cancelled = 1
    /// The peer gave no code that this side knows.
    case unknown = 2
    /// The call's message can never be accepted.
    case invalidArgument = 3
    /// The time for the call was over; what it did is not known.
    case deadlineExceeded = 4
    /// What the call names does not exist, or not for this caller.
    case notFound = 5
    /// What the call creates exists already.
    case alreadyExists = 6
    /// Not used: forbidden and absent are answered alike, as `notFound`.
    case permissionDenied = 7
    /// A limit or a budget is spent.
    case resourceExhausted = 8
    /// The state of what the call names does not allow it.
    case failedPrecondition = 9
    /// Somebody else was faster.
    case aborted = 10
    /// A position is outside of what exists.
    case outOfRange = 11
    /// The method does not exist here.
    case unimplemented = 12
    /// The peer failed.
    case internalError = 13
    /// Not now; a later repetition may succeed.
    case unavailable = 14
    /// Stored data is damaged.
    case dataLoss = 15
    /// The connection has no principal.
    case unauthenticated = 16
}

extension StatusCode: CustomStringConvertible {
    /// The code's name as gRPC spells it, such as `NOT_FOUND`.
    package var description: String {
        switch self {
        case .ok: "OK"
        case .cancelled: "CANCELLED"
        case .unknown: "UNKNOWN"
        case .invalidArgument: "INVALID_ARGUMENT"
        case .deadlineExceeded: "DEADLINE_EXCEEDED"
        case .notFound: "NOT_FOUND"
        case .alreadyExists: "ALREADY_EXISTS"
        case .permissionDenied: "PERMISSION_DENIED"
        case .resourceExhausted: "RESOURCE_EXHAUSTED"
        case .failedPrecondition: "FAILED_PRECONDITION"
        case .aborted: "ABORTED"
        case .outOfRange: "OUT_OF_RANGE"
        case .unimplemented: "UNIMPLEMENTED"
        case .internalError: "INTERNAL"
        case .unavailable: "UNAVAILABLE"
        case .dataLoss: "DATA_LOSS"
        case .unauthenticated: "UNAUTHENTICATED"
        }
    }
}
