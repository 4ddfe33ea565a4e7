package import DocketDomain
package import Foundation

/// What the store keeps of a command, so that its repetition gets the same answer.
package struct CommandRecord: Hashable, Sendable {
    /// The stored answer.
    package enum Answer: Hashable, Sendable {
        /// It created what its id names; the offset is that of the creation.
        case created(offset: UInt64)
        /// It took effect; the payload is an encoded message of the protocol, such as the
        /// `docket.v1.Request` after it, or empty.
        case accepted(offset: UInt64, payload: Data)
        /// It was refused.
        case refused(Rejection)
    }

    /// Whose command it was; `nil` for the desk and for nobody yet signed in.
    package let principal: PrincipalID?
    /// SHA-256 of the call.
    package let digest: Digest
    /// The answer.
    package let answer: Answer

    /// Describes what is kept of a command.
    package init(principal: PrincipalID?, digest: Digest, answer: Answer) {
        self.principal = principal
        self.digest = digest
        self.answer = answer
    }
}
