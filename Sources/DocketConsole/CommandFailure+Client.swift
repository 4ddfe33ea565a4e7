public import DocketClient
public import DocketCommandLine

extension CommandFailure {
    /// Describes what the client library reports.
    ///
    /// - Parameters:
    ///   - error: What it reports.
    ///   - number: The number of the request that it is about, for the advice.
    ///   - advice: What to do about it; nil for what fits the error.
    public init(_ error: DocketClientError, about number: UInt64? = nil, advice: String? = nil) {
        guard error.refusal?.concernsMethod != true else {
            self.init(
                "Only an administrator may do this.",
                advice: "Add --as administrator, or --login and --password-file of one.",
                status: .refused,
                reason: error.refusal?.reason
            )
            return
        }
        let usual = Self.advice(for: error)
        let specific = number.map { usual.replacing("NUMBER", with: "\($0)") } ?? usual
        self.init(
            error.message,
            advice: advice ?? specific,
            status: Self.status(for: error),
            reason: error.refusal?.reason
        )
    }

    private static func status(for error: DocketClientError) -> ExitStatus {
        switch error.code {
        case .unreachable: .unreachable
        case .outcomeUnknown: .unconfirmed
        case .needsLogin, .otherPrincipal: .notSignedIn
        case .refused: error.refusal?.reason == "not_found" ? .notFound : .refused
        case .resyncRequired, .blocked: .refused
        case .storage: .localFile
        case .profileBusy: .tryAgainLater
        case .incompatible: .incompatible
        case .invalidInput: .usage
        case .cancelled, .closed: .interrupted
        }
    }

    private static func advice(for error: DocketClientError) -> String {
        switch error.code {
        case .outcomeUnknown: "It may have taken effect. Look before you repeat it."
        case .needsLogin: "Check the login, the password or the key."
        case .otherPrincipal: "Sign in as the one to whom the profile belongs, or use another."
        case .resyncRequired: "Begin again without --since."
        case .incompatible: "Update the older of the two programs."
        case .refused: error.refusal.map(advice) ?? ""
        // The sentence says itself whether it is the address, the server or its certificate.
        case .unreachable, .blocked, .storage, .profileBusy, .invalidInput, .cancelled, .closed: ""
        }
    }

    /// What to do about a refusal: with what the server names where it names something.
    private static func advice(for refusal: Refusal) -> String {
        let named = refusal.words
        guard refusal.reason == "invalid_transition", !named.isEmpty else {
            return adviceByReason[refusal.reason] ?? ""
        }
        return "It can go to: \(named.joined(separator: ", "))"
    }

    /// What to do about a refusal, by its reason: for agents, with the lines that `docket` takes.
    static let adviceByReason = [
        "not_found":
            "It does not exist, or you may not see it. See what there is: docket queue --all",
        "already_assigned": "See who has it: docket show NUMBER",
        "not_assignee":
            "Take it: docket take NUMBER. If somebody has it, that agent or a supervisor can do "
            + "this.",
        "not_member": "Give it to a member of the topic: docket assign NUMBER --to LOGIN",
        "invalid_transition":
            "The policy has no way there for you. See its status: docket show NUMBER",
        "in_use": "Keep it, or choose the policy in a new store, before the first request.",
        "policy_invalid": "List everything that is wrong: docket policy check FILE",
        "request_not_open": "See what became of it: docket show NUMBER",
        "split_not_offered": "Name the messages: docket request split NUMBER --message ID",
        "not_mergeable": "Link them instead: docket request link NUMBER related OTHER",
        "version_conflict": "See how it is now: docket show NUMBER",
        "unknown_status": "See the statuses: docket policy show",
        "unknown_channel": "See the channels: docket policy show",
        "replies_refused": "Open another: docket request create --help",
        "login_taken": "Choose another login. See those in use: docket agent list",
        "too_many_unused_files":
            "Send a message with the files that you have uploaded, or wait a day.",
        "too_many_uploads":
            "Finish the uploads that you have begun, or wait a day.",
    ]
}

extension DocketClientError: CommandEnding {
    /// What a command tells that meets it.
    public var failure: CommandFailure { CommandFailure(self) }
}

extension Refusal {
    /// Whether the server has nothing of the kind for who asks, whatever is asked about.
    fileprivate var concernsMethod: Bool {
        reason == "not_found" && message.contains("no such method for this caller")
    }

    /// What the reason is about, word by word.
    public var words: [String] { particulars.split(separator: ",").map(String.init) }
}
