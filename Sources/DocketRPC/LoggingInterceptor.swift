package import Logging

/// Writes one line for every call that a server had to fail, and at debug level for every call.
///
/// Lines name method, code, reason and duration; never a message's content.
package final class LoggingInterceptor: Interceptor, CallObserver {
    private let logger: Logger

    /// Writes to `logger`.
    package init(logger: Logger) {
        self.logger = logger
    }

    package func observer(of method: Method) -> (any CallObserver)? { self }

    package func end(_ call: CallContext, error: RPCError?, duration: Duration) {
        let level = Self.level(of: error)
        guard logger.logLevel <= level else { return }
        logger.log(
            level: level,
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

    /// The server's own failures matter to those who operate it; refusals are the caller's matter.
    private static func level(of error: RPCError?) -> Logger.Level {
        // A server that stops ends every feed so: thousands of lines that say what one has said.
        if error?.reason == .draining { return .debug }
        return switch error?.code {
        case .internalError, .dataLoss, .unknown: .error
        case .unavailable, .deadlineExceeded: .notice
        default: .debug
        }
    }
}
