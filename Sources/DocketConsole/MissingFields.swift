/// What the desk wants filled in first, and what to type for it.
///
/// Every such advice is built here, and every line of it is one that the tool takes.
public struct MissingFields {
    /// A command that was refused, as far as the line to type next depends on it.
    public enum Command: Hashable, Sendable {
        /// Opens a request; what was typed has no number yet.
        case create
        /// Moves a request to a status.
        case status(String, hasReason: Bool)
        /// Lets a request sleep until what was typed.
        case postpone(until: String, status: String?, hasReason: Bool)
        /// Ends a live chat, in a status or in the one that the policy names.
        case finish(status: String?)
        /// Anything else, which takes none of what may be missing.
        case other
    }

    /// What stands for the key of a status that the line does not know.
    private static let anyStatus = "STATUS"

    /// What the request itself lacks, as options.
    private let details: [String]
    private let wantsReason: Bool
    private let wantsMoment: Bool

    /// What a refusal names: fields of the policy, or what every request may have.
    public init(_ names: [String]) {
        wantsReason = names.contains("reason")
        wantsMoment = names.contains("wake_at")
        details = names.filter { $0 != "reason" && $0 != "wake_at" }.map(Self.option)
    }

    private static func option(for name: String) -> String {
        switch name {
        case "title": "--title TEXT"
        case "topic", "type", "priority": "--\(name) KEY"
        default: "--field \(name)=VALUE"
        }
    }

    /// The lines to type next; empty where there is nothing to type.
    ///
    /// - Parameters:
    ///   - command: What was refused.
    ///   - number: The number of the request that it is about; nil where it has none yet.
    /// - Returns: The advice.
    public func advice(after command: Command, about number: UInt64? = nil) -> String {
        if command == .create {
            return details.isEmpty ? "" : "Add to the command: " + details.joined(separator: " ")
        }
        guard !details.isEmpty || wantsReason || wantsMoment else { return "" }
        let lines = lines(after: command, about: number.map { "\($0)" } ?? "NUMBER")
        guard !lines.isEmpty else { return "" }
        return "Type: " + lines.map { $0.joined(separator: " ") }.joined(separator: "\nThen: ")
    }

    private func lines(after command: Command, about number: String) -> [[String]] {
        let filling = details.isEmpty ? [] : [["docket request set \(number)"] + details]
        switch command {
        case .create, .other: return filling
        case .status(let key, let hasReason):
            let reason = reason(hasReason)
            guard wantsMoment else {
                return [["docket request status \(number) \(key)"] + details + reason]
            }
            return filling + [postponing(number, until: nil, status: key) + reason]
        case .postpone(let until, let status, let hasReason):
            return filling
                + [postponing(number, until: until, status: status) + reason(hasReason)]
        case .finish(let status):
            // To finish takes neither a reason nor a moment, but to set the status does.
            if wantsReason || wantsMoment {
                let key = status ?? Self.anyStatus
                return lines(after: .status(key, hasReason: false), about: number)
            }
            let options = status.map { ["--status \($0)"] } ?? []
            return [["docket finish \(number)"] + options + details]
        }
    }

    private func reason(_ wasGiven: Bool) -> [String] {
        wantsReason || wasGiven ? ["--reason TEXT"] : []
    }

    private func postponing(_ number: String, until: String?, status: String?) -> [String] {
        ["docket request postpone \(number) --until \(until ?? "2h")"]
            + (status.map { ["--status \($0)"] } ?? [])
    }
}
