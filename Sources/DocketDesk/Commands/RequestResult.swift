internal import DocketDomain
internal import DocketMessages
internal import DocketStore
internal import Foundation
internal import SwiftProtobuf

/// What is answered with the request that it has changed, as it was after the change.
protocol RequestChange: DeskCommand {}

extension RequestChange {
    var hasVersion: Bool { true }

    func earlierResult(
        at offset: UInt64,
        _ payload: Data?,
        in step: Step
    ) throws(Interruption) -> Acceptance.Result? {
        guard let payload, let request = try? Docket_V1_Request(serializedBytes: payload) else {
            return nil
        }
        return .request(request)
    }
}

extension Step {
    /// Answers with the request that a decision leaves, and keeps that answer.
    mutating func accept(_ decided: Decided) -> Acceptance {
        let message = message(of: decided.decision.after.outcome)
        keep(.accepted(offset: decided.last, payload: message.payload))
        return Acceptance(offset: decided.last, result: .request(message))
    }
}

extension SwiftProtobuf.Message {
    /// The message's bytes: none of the kept messages has required fields, so that encoding them
    /// has no way to fail.
    var payload: Data { (try? serializedBytes()) ?? Data() }
}

extension Situation {
    /// The request that a command's answer tells: the one it is about, or what a merge left.
    fileprivate var outcome: SupportRequest? {
        guard let survivor = request?.details.mergedInto else { return request }
        return self.request(survivor.id) ?? request
    }
}
