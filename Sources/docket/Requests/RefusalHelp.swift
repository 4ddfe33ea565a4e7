internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole

/// Says what to type next after a refusal, with what the desk's policy has.
struct RefusalHelp {
    private let client: DocketClient

    init(_ client: DocketClient) {
        self.client = client
    }

    /// The failure that tells an error.
    ///
    /// - Parameters:
    ///   - error: What the library reports.
    ///   - number: The number of the request that it is about; nil where it has none yet.
    ///   - command: What was typed, for what is missing.
    ///   - typed: What was typed, for what is wrong.
    /// - Returns: The failure, with the line to type next where there is one.
    func failure(
        _ error: DocketClientError,
        about number: UInt64?,
        after command: MissingFields.Command,
        typed: RefusalWords.Typed = .other
    ) async -> CommandFailure {
        guard error.code == .refused, let refusal = error.refusal else {
            return CommandFailure(error, about: number)
        }
        if let words = await words(for: refusal, about: number, after: typed) {
            return CommandFailure(words, for: error, about: number)
        }
        switch refusal.reason {
        case "missing_fields":
            let missing = MissingFields(refusal.words)
            return CommandFailure(error, advice: missing.advice(after: command, about: number))
        case "unknown_status": return await failure(error, naming: \.statusKeys)
        case "unknown_channel": return await failure(error, naming: \.channelKeys)
        default: return CommandFailure(error, about: number)
        }
    }

    /// The words of the command line for a refusal, which may depend on how the request is.
    private func words(
        for refusal: Refusal,
        about number: UInt64?,
        after typed: RefusalWords.Typed
    ) async -> RefusalWords? {
        guard Self.depending.contains(refusal.reason) else { return nil }
        var request: SupportRequest?
        if let number { request = try? await client.requests.numbered(number) }
        return RefusalWords(refusal, after: typed, about: request)
    }

    /// The reasons for which there may be words.
    private static let depending = [
        "invalid_value", "invalid_argument", "no_change", "not_mergeable", "invalid_transition",
    ]

    private func failure(
        _ error: DocketClientError,
        naming keys: (DeskRules) -> [String]
    ) async -> CommandFailure {
        guard let rules = try? await DeskRules(of: client) else { return CommandFailure(error) }
        return CommandFailure(
            error,
            advice: "The policy has: \(keys(rules).joined(separator: ", "))"
        )
    }
}

extension CommandFailure {
    /// Describes a refusal in the words of the command line.
    init(_ words: RefusalWords, for error: DocketClientError, about number: UInt64? = nil) {
        let usual = CommandFailure(error, about: number)
        self.init(
            words.message,
            advice: words.advice ?? usual.advice,
            status: usual.status,
            reason: usual.reason
        )
    }

    /// Describes an error after something that is not about a request.
    init(_ error: DocketClientError, after typed: RefusalWords.Typed) {
        guard let words = error.refusal.flatMap({ RefusalWords($0, after: typed) }) else {
            self.init(error)
            return
        }
        self.init(words, for: error)
    }
}
