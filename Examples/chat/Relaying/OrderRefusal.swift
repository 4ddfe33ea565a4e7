internal import DocketClient

/// Why an order was not carried out, while everything else goes on.
struct OrderRefusal: Error, Hashable, Sendable {
    /// Why, for programs; codes are only ever added.
    let reason: String
    /// Why and what to do, for a person.
    let message: String

    /// Describes why.
    init(_ reason: String, _ message: String) {
        self.reason = reason
        self.message = message
    }

    /// Describes an error that concerns one order.
    ///
    /// - Throws: An error that concerns all of them.
    init(_ error: any Error) throws {
        switch error {
        case let refusal as OrderRefusal: self = refusal
        case let error as EnqueueError: try self.init(enqueueing: error)
        case let error as DocketClientError:
            switch error.code {
            case .needsLogin, .otherPrincipal, .closed, .cancelled: throw error
            case .unreachable, .outcomeUnknown, .refused, .resyncRequired, .incompatible, .blocked,
                .storage, .profileBusy, .invalidInput:
                self.init(error.refusal?.reason ?? error.code.rawValue, error.message)
            }
        default: throw error
        }
    }

    private init(enqueueing error: EnqueueError) throws {
        let reason =
            switch error {
            case .outboxFull(.contact): "contact_full"
            case .outboxFull: "relay_full"
            case .storageFull: "storage_full"
            case .storageFailed: "storage"
            case .tooLarge: "too_large"
            case .attachmentTooLarge: "file_too_large"
            case .attachmentUnreadable: "file_unreadable"
            case .attachmentUnsent: "unreachable"
            case .keyReused: "key_reused"
            case .invalid: "invalid_input"
            case .profileBusy: "profile_busy"
            case .otherPrincipal, .closed: throw DocketClientError(error)
            }
        self.init(reason, "\(error)")
    }
}
