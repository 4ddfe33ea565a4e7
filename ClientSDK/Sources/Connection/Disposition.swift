internal import DocketRPC

/// What a client does by itself about a failed call: the column "retry" of the protocol's registry
/// of reasons, and the scope.
enum Disposition: Equatable {
    /// Repeat the call with the same bytes, after this or with backoff.
    case repeats(after: Duration?)
    /// The connection is over: connect again after this or with backoff, then repeat.
    case reconnects(after: Duration?)
    /// Connect without the token and sign in, then repeat.
    case signsIn
    /// Nothing, until somebody gives another credential.
    case needsLogin
    /// Read a snapshot, then subscribe from its cursor.
    case resyncs
    /// Nothing: the answer stands.
    case final

    init(_ error: RPCError) {
        switch error.reason {
        case .connectionLost, .draining, .timeout, .protocolError, .frameTooLarge,
            .flowControlError, .helloError, .limitExceeded:
            self = .reconnects(after: error.retryAfter)
        case .rateLimited, .tooManyStreams, .tooManyIncompleteBytes, .tooManyUnreadReplies,
            .overloaded, .diskFull, .outcomeUnknown, .serverError, .deadlineExceeded,
            .offsetMismatch, .contentMismatch:
            self = .repeats(after: error.retryAfter)
        case .sessionExpired, .unauthenticated: self = .signsIn
        case .credentialsInvalid, .keyRevoked, .agentLocked: self = .needsLogin
        case .resyncRequired: self = .resyncs
        case .tooManyFeeds, .tooManyUploads, .tooManyUnusedFiles: self = .final
        default: self.init(unregistered: error)
        }
    }

    /// A client acts on the code when it does not know the word.
    private init(unregistered error: RPCError) {
        switch error.code {
        case .unavailable, .deadlineExceeded, .internalError, .unknown, .resourceExhausted:
            self = error.isFinal ? .final : .repeats(after: error.retryAfter)
        case .unauthenticated: self = .needsLogin
        case .ok, .cancelled, .invalidArgument, .notFound, .alreadyExists, .permissionDenied,
            .failedPrecondition, .aborted, .outOfRange, .unimplemented, .dataLoss:
            self = .final
        }
    }
}

extension Refusal {
    /// What the server said, with the first trailer as its particulars.
    init(_ error: RPCError) {
        self.init(
            reason: error.reason.rawValue.isEmpty ? "\(error.code)" : error.reason.rawValue,
            message: error.message,
            particulars: error.trailers.first.map { String(decoding: $0.value, as: UTF8.self) }
                ?? ""
        )
    }
}

extension DocketClientError {
    /// What a failure that is not repeated is for the caller.
    init(_ error: RPCError) {
        let code: Code =
            switch Disposition(error) {
            case .repeats, .reconnects, .signsIn: .unreachable
            case .needsLogin: .needsLogin
            case .resyncs: .resyncRequired
            case .final:
                switch error.code {
                case .cancelled: .cancelled
                case .unimplemented: .incompatible
                default: .refused
                }
            }
        // The word helps where somebody decides; what merely did not work is told in a sentence.
        let sentence = error.message.isEmpty ? "\(error)" : error.message
        self.init(code, code == .unreachable ? sentence : "\(error)", refusal: Refusal(error))
    }
}
