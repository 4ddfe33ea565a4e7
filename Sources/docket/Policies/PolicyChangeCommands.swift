internal import ArgumentParser
internal import DocketClient
internal import DocketCommandLine
internal import DocketConsole
internal import DocketDomain
internal import DocketPolicy
internal import DocketTerminal

/// Shows in what a policy differs from another.
struct PolicyDiffCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show what a policy would change.",
        discussion: """
            It compares a file, or a version, with the policy in force or with a version.

              docket policy diff policy.yaml --credentials dev-credentials.json
              docket policy diff 5 4 --credentials dev-credentials.json
            """
    )
    static let usualAccount = DeskOptions.Account.administrator

    @OptionGroup var signIn: SignInOptions
    @OptionGroup var output: PolicyOutput

    @Argument(help: "A policy file, or the number of a version.")
    var policy: String

    @Argument(help: "The version to compare it with. Without it: the policy in force.")
    var version: UInt64?

    func act(with client: DocketClient) async throws -> ExitStatus {
        let policies = client.policies
        let old = try await policies.policy(version: version).policy
        let new =
            if let number = UInt64(policy) {
                try await policies.policy(version: number).policy
            } else {
                try PolicyFile.policy(policy)
            }
        try output.show(PolicyDocument.differences(from: old, to: new))
        return .done
    }
}

/// Puts a policy into force.
struct PolicyApplyCommand: AsyncParsableCommand, ConnectedAction {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Put a policy into force and show what it has changed.",
        discussion: """
            It does not ask for confirmation; docket policy diff shows the changes first.
            If somebody else changes the policy meanwhile, nothing is applied.

              docket policy apply policy.yaml --credentials dev-credentials.json
            """
    )
    static let usualAccount = DeskOptions.Account.administrator

    @OptionGroup var signIn: SignInOptions
    @OptionGroup var output: PolicyOutput

    @Argument(help: "The policy file.")
    var file: String

    func act(with client: DocketClient) async throws -> ExitStatus {
        let document = try PolicyFile(file)
        guard let new = document.policy else {
            return try output.tell(document.findings, with: file)
        }
        let policies = client.policies
        let old = try await policies.policy(version: nil)
        let differences = PolicyDocument.differences(from: old.policy, to: new)
        // The very same document makes no version of its own.
        guard document.text != old.text else {
            try output.show([])
            return .done
        }
        let applied = try await apply(document.text, over: old.version, with: policies)
        try output.show(differences)
        guard !output.json else {
            try output.write(PolicyLine(applied))
            return .done
        }
        try OutputWriter.standard.writeLine("version \(applied.version) is in force")
        return .done
    }

    private func apply(
        _ text: String,
        over version: UInt64,
        with policies: Policies
    ) async throws -> PolicyReceipt {
        do throws(DocketClientError) {
            return try await policies.apply(text, expecting: version)
        } catch {
            throw Self.failure(error, advice: advice(after: error))
        }
    }

    /// What is told where a policy was refused: that alone, and in one sentence.
    static func failure(_ error: DocketClientError, advice: String?) -> CommandFailure {
        let usual = CommandFailure(error, advice: advice)
        guard let refusal = error.refusal, usual.reason != "not_found" else { return usual }
        let uses = refusal.words.joined(separator: ", ")
        let isUsed = refusal.reason == "in_use" && !uses.isEmpty
        return CommandFailure(
            isUsed ? "Not applied: requests still use \(uses)" : "Not applied: \(error.message)",
            advice: usual.advice,
            status: usual.status,
            reason: usual.reason
        )
    }

    private func advice(after error: DocketClientError) -> String? {
        if error.code == .outcomeUnknown {
            return "See whether it is in force: docket policy history"
        }
        guard error.refusal?.reason == "version_conflict" else { return nil }
        return "Another policy came into force meanwhile. See what yours would change now: "
            + "docket policy diff \(file)"
    }
}

extension Policies {
    /// The rules of a version, with its number; those in force for nil.
    fileprivate func policy(
        version: UInt64?
    ) async throws -> (policy: Policy, version: UInt64, text: String) {
        let applied = try await get(version)
        let (version, text) = (applied.version.version, applied.text)
        do throws(PolicyError) {
            return (try PolicyDocument.parse(text), version, text)
        } catch {
            throw CommandFailure(
                "version \(version) cannot be read: \(error.description)",
                advice: "Update the older of the two programs.",
                status: .incompatible
            )
        }
    }
}
