internal import DocketMessages
internal import FoundationEssentials
internal import SwiftProtobuf

extension Docket_Local_Fault {
    /// Says to a visitor why the outbox did not do something.
    init(_ error: EnqueueError) {
        self.init()
        switch error {
        case .outboxFull(.messages(let limit)), .outboxFull(.contact(let limit, _)):
            (kind, self.limit) = (.messages, UInt64(limit))
        case .outboxFull(.bytes(let limit)): (kind, self.limit) = (.bytes, UInt64(limit))
        case .outboxFull(.files(let limit)): (kind, self.limit) = (.bytes, UInt64(limit))
        case .outboxFull(.marks(let limit)): (kind, self.limit) = (.marks, UInt64(limit))
        case .attachmentTooLarge(_, let limit): (kind, self.limit) = (.tooLarge, UInt64(limit))
        case .attachmentUnreadable(let text), .attachmentUnsent(_, let text), .invalid(let text):
            (kind, self.text) = (.store, text)
        case .storageFull: kind = .diskFull
        case .tooLarge(let limit): (kind, self.limit) = (.tooLarge, UInt64(limit))
        case .keyReused: kind = .keyReused
        case .storageFailed(let text): (kind, self.text) = (.store, text)
        case .otherPrincipal(let text): (kind, self.text) = (.otherPrincipal, text)
        case .profileBusy, .closed: kind = .closed
        }
    }
}

extension EnqueueError {
    /// Why the holder's outbox did not do something.
    init(_ fault: Docket_Local_Fault) {
        let limit = Int(clamping: fault.limit)
        self =
            switch fault.kind {
            case .messages: .outboxFull(.messages(limit))
            case .bytes: .outboxFull(.bytes(limit))
            case .marks: .outboxFull(.marks(limit))
            case .diskFull: .storageFull
            case .tooLarge: .tooLarge(limit: limit)
            case .keyReused: .keyReused
            case .otherPrincipal: .otherPrincipal(fault.text)
            case .closed: .closed
            case .store: .storageFailed(fault.text)
            case .unspecified, .UNRECOGNIZED: .storageFailed("the profile's holder refused it")
            }
    }
}

extension Docket_Local_FollowReply {
    /// Says to a visitor how a command stands.
    init(_ outcome: SendOutcome) {
        self.init()
        switch outcome {
        case .delivered(let receipt):
            standing = .delivered
            self.receipt = .with {
                $0.offset = receipt.offset
                $0.sequence = receipt.sequence
                $0.requestID = Data(receipt.requestID.bytes)
                $0.requestNumber = receipt.requestNumber
                $0.acceptedMilliseconds = receipt.acceptedAt.millisecondsSinceEpoch
            }
        case .refused(let refusal):
            standing = .refused
            self.refusal = Docket_Local_RefusalText(refusal)
        case .failed(let refusal):
            standing = .failed
            self.refusal = Docket_Local_RefusalText(refusal)
        case .expired: standing = .expired
        case .waiting(let obstacle):
            standing = .waiting
            behind = Data(obstacle.bytes)
        case .discarded: standing = .discarded
        case .queued(let error):
            standing = .queued
            guard let error else { return }
            trouble = .with {
                $0.code = error.code.rawValue
                $0.message = error.message
            }
        }
    }

    /// How the command stands; nil where the holder has no such command.
    ///
    /// - Parameter id: The command.
    /// - Returns: The outcome.
    /// - Throws: `DocketClientError` for a reply that makes no sense.
    func outcome(of id: MessageID) throws(DocketClientError) -> SendOutcome? {
        switch standing {
        case .unspecified: return nil
        case .delivered: return .delivered(try Receipt(receipt, id: id))
        case .refused: return .refused(Refusal(refusal))
        case .failed: return .failed(Refusal(refusal))
        case .expired: return .expired
        case .waiting:
            guard let obstacle = CommandID(bytes: behind) else {
                throw .malformed("an obstacle without an id")
            }
            return .waiting(behind: obstacle)
        case .discarded: return .discarded
        case .queued: return .queued(because: hasTrouble ? DocketClientError(trouble) : nil)
        case .UNRECOGNIZED: throw .malformed("a standing that this version does not know")
        }
    }
}

extension Docket_Local_RefusalText {
    fileprivate init(_ refusal: Refusal) {
        self.init()
        reason = refusal.reason
        message = refusal.message
        particulars = refusal.particulars
    }
}

extension Refusal {
    fileprivate init(_ text: Docket_Local_RefusalText) {
        self.init(reason: text.reason, message: text.message, particulars: text.particulars)
    }
}

extension DocketClientError {
    fileprivate init(_ trouble: Docket_Local_Trouble) {
        self.init(Code(rawValue: trouble.code) ?? .unreachable, trouble.message)
    }
}
