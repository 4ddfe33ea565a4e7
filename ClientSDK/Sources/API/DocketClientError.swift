/// Why something could not be done.
public struct DocketClientError: Error, Hashable, Sendable {
    /// What kind of trouble it is; programs branch on it.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// The server could not be reached in time. Nothing took effect.
        case unreachable
        /// The time was over before a verdict came. The command may have taken effect: repeat it
        /// with the same id to learn.
        case outcomeUnknown = "outcome_unknown"
        /// The server does not accept the credential. Nothing is tried again with it.
        case needsLogin = "needs_login"
        /// The server refused; `refusal` says why.
        case refused
        /// The feed cannot go on from its cursor. Read a snapshot and open a feed from its cursor.
        case resyncRequired = "resync_required"
        /// The two sides do not speak the same version of the protocol.
        case incompatible
        /// Nothing was sent: an earlier message of the conversation was refused or has expired, and
        /// holds up those after it. Retry or discard it in `DocketClient.outbox`.
        case blocked
        /// The local store cannot take or give something: it is full, damaged or not readable.
        case storage
        /// Another process has the profile and does not answer; the message names it.
        case profileBusy = "profile_busy"
        /// The profile belongs to somebody else than who signed in.
        case otherPrincipal = "other_principal"
        /// Something given to this library is not usable.
        case invalidInput = "invalid_input"
        /// The task was cancelled. A command may have taken effect.
        case cancelled
        /// The client was closed.
        case closed
    }

    /// What kind of trouble it is.
    public let code: Code
    /// For a person; it may contain text of the server's.
    public let message: String
    /// What the server said, where it said something.
    public let refusal: Refusal?

    /// Describes trouble.
    public init(_ code: Code, _ message: String, refusal: Refusal? = nil) {
        self.code = code
        self.message = message
        self.refusal = refusal
    }
}

extension DocketClientError: CustomStringConvertible {
    /// The message, or the code where there is none.
    public var description: String { message.isEmpty ? code.rawValue : message }
}

extension DocketClientError {
    /// A profile and who signs in do not belong together.
    static func otherPrincipal(_ message: String) -> DocketClientError {
        DocketClientError(.otherPrincipal, message)
    }
}
