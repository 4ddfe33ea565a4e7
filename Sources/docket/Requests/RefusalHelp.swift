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
    ///   - command: What was typed.
    /// - Returns: The failure, with the line to type next where there is one.
    func failure(
        _ error: DocketClientError,
        about number: UInt64?,
        after command: MissingFields.Command
    ) async -> CommandFailure {
        guard error.code == .refused, let refusal = error.refusal else {
            return CommandFailure(error, about: number)
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
