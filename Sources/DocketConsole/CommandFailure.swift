public import DocketClient
public import DocketTerminal
internal import Glibc

/// Why a command ends without having done what it was asked, and what to do next.
public struct CommandFailure: Error, Hashable, Sendable {
    /// What happened, in one sentence.
    ///
    /// It may contain text of the server's.
    public let message: String
    /// What to do about it; names the next command to run where there is one.
    public let advice: String
    /// How the command ends.
    public let status: ExitStatus

    /// Describes a failure.
    public init(_ message: String, advice: String = "", status: ExitStatus) {
        self.message = message
        self.advice = advice
        self.status = status
    }

    /// Describes what the client library reports.
    public init(_ error: DocketClientError, advice: String? = nil) {
        self.init(
            error.message,
            advice: advice ?? Self.advice(for: error),
            status: Self.status(for: error)
        )
    }

    /// Describes the error that ends a command; nil where it ends quietly.
    ///
    /// That is where nobody reads any more what it writes, such as `head` when it has enough.
    init?(endingWith error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as DocketClientError: self.init(error)
        case OutputError.closed: return nil
        case OutputError.failed(let code):
            self.init("cannot write: \(Self.words(for: code))", status: .localFile)
        case let fault as StandardInput.Fault: self.init(fault)
        default: self.init("\(error)", status: .localFile)
        }
    }

    /// Describes why standard input cannot be read.
    public init(_ fault: StandardInput.Fault) {
        switch fault {
        case .lineTooLong:
            let limit = StandardInput.longestLine
            self.init("standard input has more than \(limit) bytes at once", status: .localFile)
        case .failed(let code):
            self.init("cannot read standard input: \(Self.words(for: code))", status: .localFile)
        }
    }

    /// The system's words for an `errno`.
    private static func words(for code: Int32) -> String {
        unsafe String(cString: strerror(code))
    }

    private static func status(for error: DocketClientError) -> ExitStatus {
        switch error.code {
        case .unreachable: .unreachable
        case .outcomeUnknown: .unconfirmed
        case .needsLogin: .notSignedIn
        case .refused: error.refusal?.reason == "not_found" ? .notFound : .refused
        case .resyncRequired: .refused
        case .incompatible: .incompatible
        case .invalidInput: .usage
        case .cancelled, .closed: .interrupted
        }
    }

    private static func advice(for error: DocketClientError) -> String {
        switch error.code {
        case .outcomeUnknown: "It may have taken effect. Look before you repeat it."
        case .needsLogin: "Check the login, the password or the key."
        case .resyncRequired: "Begin again without --since."
        case .incompatible: "Update the older of the two programs."
        case .refused: error.refusal.map(advice) ?? ""
        // The sentence says itself whether it is the address, the server or its certificate.
        case .unreachable, .invalidInput, .cancelled, .closed: ""
        }
    }

    /// What to do about a refusal: with what the server names where it names something.
    private static func advice(for refusal: Refusal) -> String {
        let named = refusal.particulars.split(separator: ",").map(String.init)
        guard !named.isEmpty else { return adviceByReason[refusal.reason] ?? "" }
        switch refusal.reason {
        case "invalid_transition":
            return "The request can be left in: \(named.joined(separator: ", "))"
        case "missing_fields": return "Give: \(named.map(option).joined(separator: ", "))"
        default: return adviceByReason[refusal.reason] ?? ""
        }
    }

    /// The option that fills what is missing: a field of the policy, or what every one may have.
    private static func option(for name: String) -> String {
        switch name {
        case "title", "topic", "type", "priority", "reason": "--\(name)"
        case "wake_at": "--until"
        default: "--field \(name)=VALUE"
        }
    }

    private static let adviceByReason = [
        "not_found": "It does not exist, or this account may not see it. Try: docket queue --all",
        "already_assigned": "See who has it: docket show NUMBER",
        "not_assignee":
            "See who has it: docket show NUMBER. Its agent may, or a supervisor.",
        "invalid_transition": "The policy lets nobody do that to a request with this status.",
        "in_use": "Keep it; or choose the policy before the first request, in a new store.",
        "policy_invalid": "See everything that is wrong: docket policy check FILE",
        "request_not_open": "See what became of it: docket show NUMBER",
        "split_not_offered": "Name the messages: docket request split NUMBER --message ID",
        "not_mergeable": "Link them instead: docket request link NUMBER related OTHER",
        "version_conflict": "Somebody changed it meanwhile. See how it is: docket show NUMBER",
        "unknown_status": "Use a key of the desk's policy: docket policy show",
        "unknown_channel": "Use a channel of the desk's policy: --channel KEY",
        "login_taken": "Choose another login. See who is there: docket agent list",
        "too_many_unused_files":
            "Say something with those that you have sent, or wait: they are forgotten after a day.",
        "too_many_uploads":
            "Let those that you have begun end, or wait: they are forgotten after a day.",
    ]

    /// The failure as one or two lines for standard error, safe to show.
    public func lines(program: String) -> [TerminalText] {
        let first: TerminalText = "\(program): \(message)"
        return advice.isEmpty ? [first] : [first, "\(advice)"]
    }
}
