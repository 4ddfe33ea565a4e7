internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketDomain
internal import DocketPolicy

/// The rules that a server has in force, as far as a command line needs them.
struct DeskRules {
    private let policy: Policy

    /// The rules of a policy.
    init(_ policy: Policy) {
        self.policy = policy
    }

    /// Reads the rules that a server has in force.
    init(of client: DocketClient) async throws {
        let text = try await client.policies.get().text
        do throws(PolicyError) {
            policy = try PolicyDocument.parse(text)
        } catch {
            throw CommandFailure(
                "the server's policy cannot be read: \(error.problems.first?.description ?? "")",
                advice: "Update the older of the two programs.",
                status: .incompatible
            )
        }
    }

    /// The keys of the statuses, in the order in which people see them.
    var statusKeys: [String] { policy.statuses.map(\.key) }
    /// The keys of the channels.
    var channelKeys: [String] { policy.channels.map(\.key) }
    /// The keys of the topics.
    var topicKeys: [String] { policy.content.topics.map(\.key) }
    /// The keys of the types.
    var typeKeys: [String] { policy.content.types.map(\.key) }
    /// The keys of the priorities.
    var priorityKeys: [String] { policy.content.priorities.map(\.key) }
    /// The places of the priorities by their keys; a higher one is more urgent.
    var priorityRanks: [String: Int] {
        Dictionary(policy.content.priorities.map { ($0.key, $0.rank) }) { first, _ in first }
    }

    /// Refuses keys that the policy does not have, and names those that it has.
    ///
    /// - Parameters:
    ///   - keys: What was asked for.
    ///   - known: Those that the policy has.
    ///   - name: What they are keys of, such as `status`.
    /// - Throws: A failure that names the first unknown key.
    func check(
        _ keys: [String],
        among known: [String],
        _ name: String
    ) throws(CommandFailure) {
        guard let unknown = keys.first(where: { !known.contains($0) }) else { return }
        throw CommandFailure(
            "the policy has no \(name) '\(unknown)'",
            advice: known.isEmpty ? "It has none." : "It has: \(known.joined(separator: ", "))",
            status: .usage
        )
    }

    /// The key of the status in which requests of a kind sleep until a moment, if there is one.
    func sleepingStatus(kind: String) -> String? {
        let all = policy.statuses.filter { status in
            status.waitingFor == .time
                && (status.kinds.isEmpty || status.kinds.contains { $0.word == kind })
        }
        return (all.first { $0.isDefault } ?? all.first)?.key
    }

    /// What a field is to hold, in the type that the policy gives it; nil where it is to be empty.
    func value(of argument: FieldArgument) throws(CommandFailure) -> FieldContent? {
        guard let field = policy.field(argument.key) else {
            let keys = policy.content.fields.map(\.key).joined(separator: ", ")
            throw CommandFailure(
                "the policy has no field '\(argument.key)'",
                advice: keys.isEmpty ? "It has none." : "It has: \(keys)",
                status: .usage
            )
        }
        guard !argument.value.isEmpty else { return nil }
        let (content, problem) = Self.read(argument.value, as: field.type)
        guard let content, problem == nil else {
            let allowed = problem?.joined(separator: ", ") ?? field.type.word
            throw CommandFailure(
                "'\(argument.value)' is nothing that the field '\(argument.key)' may hold",
                advice: "Allowed: \(allowed)",
                status: .usage
            )
        }
        return content
    }

    /// The content that a text stands for, and what is allowed where it is not.
    private static func read(
        _ text: String,
        as type: FieldType
    ) -> (content: FieldContent?, problem: [String]?) {
        switch type {
        case .text, .decimal, .date, .choice: (.text(text), type.problem(with: .text(text)))
        case .integer:
            if let number = Int64(text) {
                (.integer(number), type.problem(with: .integer(number)))
            } else {
                (nil, type.problem(with: .text(text)))
            }
        case .flag:
            switch text.lowercased() {
            case "true", "yes": (.flag(true), nil)
            case "false", "no": (.flag(false), nil)
            default: (nil, type.problem(with: .text(text)))
            }
        case .choices:
            words(text, as: type)
        }
    }

    private static func words(
        _ text: String,
        as type: FieldType
    ) -> (content: FieldContent?, problem: [String]?) {
        let words = text.split(separator: ",").map(String.init)
        return (.words(words), type.problem(with: .words(words)))
    }
}
