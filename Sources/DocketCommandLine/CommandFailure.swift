internal import DocketRPC
public import DocketTerminal
internal import Glibc

/// An error of a library that says itself how the command ends that meets it.
public protocol CommandEnding: Error {
    /// What the command tells, and its status.
    var failure: CommandFailure { get }
}

/// Why a command ends without having done what it was asked, and what to do next.
public struct CommandFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// What happened, in one sentence.
    ///
    /// It may contain text of the server's.
    public let message: String
    /// What to do about it; names the next command to run where there is one.
    public let advice: String
    /// How the command ends.
    public let status: ExitStatus
    /// The stable word with which the server refused; nil where it did not.
    public let reason: String?

    /// Describes a failure.
    public init(
        _ message: String,
        advice: String = "",
        status: ExitStatus,
        reason: String? = nil
    ) {
        self.message = message
        self.advice = advice
        self.status = status
        self.reason = reason
    }

    /// Describes the error that ends a command; nil where it ends quietly.
    ///
    /// That is where nobody reads any more what it writes, such as `head` when it has enough.
    public init?(endingWith error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as any CommandEnding: self = error.failure
        case OutputError.closed: return nil
        case OutputError.failed(let code):
            self.init("cannot write: \(Self.words(for: code))", status: .localFile)
        default: self.init(ErrorText.words(for: error), status: .localFile)
        }
    }

    /// Describes an error that a library of the system reports about a file.
    ///
    /// - Parameters:
    ///   - what: What could not be done, such as `cannot write FILE`.
    ///   - error: The error.
    public init(_ what: String, because error: any Error) {
        self.init("\(what): \(ErrorText.words(for: error))", status: .localFile)
    }

    /// The system's words for an `errno`.
    public static func words(for code: Int32) -> String {
        unsafe String(cString: strerror(code))
    }

    /// What happened, for a log.
    public var description: String { message }

    /// The failure as lines for standard error, safe to show: one, and those of the advice.
    public func lines(program: String) -> [TerminalText] {
        let first: TerminalText = "\(program): \(message)"
        return [first] + advice.split(separator: "\n").map { "\($0)" }
    }
}
