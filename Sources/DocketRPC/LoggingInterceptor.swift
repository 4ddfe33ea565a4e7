package import Logging

/// Counts the calls that matter to whoever operates the server, and at debug level writes a line
/// for every call.
///
/// Lines name method, code and reason; never a message's content.
package final class LoggingInterceptor: Interceptor, CallObserver {
    private let logger: Logger
    private let tally: Tally

    /// Writes single calls to `logger` and adds those that matter to `tally`.
    package init(logger: Logger, tally: Tally) {
        self.logger = logger
        self.tally = tally
    }

    package func observer(of method: Method) -> (any CallObserver)? { self }

    package func end(_ call: CallContext, error: RPCError?, duration: Duration) {
        if let error, let level = Self.level(of: error) {
            tally.add(
                Tally.Kind(
                    "calls failed",
                    counter: "calls_failed_total",
                    labels: [
                        "method": call.method.name,
                        "code": "\(error.code)",
                        "reason": error.reason.rawValue,
                    ],
                    level: level
                ),
                address: call.connection.remoteAddress
            )
        }
        guard logger.logLevel <= .debug else { return }
        logger.debug(
            "call",
            metadata: [
                "method": "\(call.method.name)",
                "code": "\(error?.code ?? .ok)",
                "reason": "\(error?.reason.rawValue ?? "")",
                "duration_us": "\(Int64(duration / .microseconds(1)))",
                "address": "\(call.connection.remoteAddress)",
            ]
        )
    }

    /// How much a failure matters to those who operate the server; nil where it is the caller's
    /// own matter.
    private static func level(of error: RPCError) -> Logger.Level? {
        switch error.reason {
        // A server that stops ends every feed so: thousands of lines that say what one has said.
        case .draining: return nil
        // Somebody may be guessing, or takes more than a share.
        case .credentialsInvalid, .keyRevoked, .rateLimited, .tooManyFeeds, .tooManyUploads,
            .tooManyUnusedFiles, .tooManyIncompleteBytes, .tooManyUnreadReplies:
            return .notice
        default: break
        }
        return switch error.code {
        case .internalError, .dataLoss, .unknown: .error
        case .unavailable, .deadlineExceeded: .notice
        default: nil
        }
    }
}
